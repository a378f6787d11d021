"""What the server knows of itself: metrics, its own request measurements, and objectives."""
