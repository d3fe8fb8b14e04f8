"""Forecasts: the future values that a job expects. They are computed on request and stored as documents."""
