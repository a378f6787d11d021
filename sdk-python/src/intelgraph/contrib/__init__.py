"""This package's runtime under other people's clients; each adapter has an extra of its name."""
