"""The APIs that read results of anomaly detection from the results indices."""
