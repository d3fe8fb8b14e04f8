"""Ways in: each leads a request to the same application."""
