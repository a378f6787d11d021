"""What changed between two schemas, or two projects, and whom it breaks."""
