"""Filters: lists of values that the rules of detectors use."""
