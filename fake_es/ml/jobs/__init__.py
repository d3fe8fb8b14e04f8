"""Anomaly detection jobs: configuration, states, data and statistics."""
