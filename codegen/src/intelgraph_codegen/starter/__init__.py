"""What `init` looks for in a folder, and what it writes there."""
