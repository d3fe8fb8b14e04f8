"""Anomaly detection jobs: configuration, life, data and statistics."""
