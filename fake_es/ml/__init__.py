"""Machine learning: handlers and rules, by resource."""
