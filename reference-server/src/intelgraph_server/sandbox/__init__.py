"""A payment provider of our own, for where no other is set: its state, its API and its page."""
