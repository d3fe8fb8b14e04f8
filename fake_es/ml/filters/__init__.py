"""Filters: lists of values that rules of detectors look things up in."""
