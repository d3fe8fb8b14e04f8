"""The anomaly detection engine: records in, result documents out. It knows nothing of HTTP or of indices."""
