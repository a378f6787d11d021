"""What the operator holds in hand: switches that back out of a part, and the trail of changes."""
