"""Forecasts: what a job expects of the time to come, computed on request and kept as documents."""
