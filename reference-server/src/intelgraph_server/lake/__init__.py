"""The audit lake: documents that are written once, their catalogue, and links that expire."""
