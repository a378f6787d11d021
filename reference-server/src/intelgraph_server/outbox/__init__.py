"""What happened, in the order in which it happened, for those who wait for it."""
