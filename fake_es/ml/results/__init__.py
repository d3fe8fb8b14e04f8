"""Results of anomaly detection, read where they are written: in the results indices."""
