"""Searching: queries, aggregations, sorting, fetching, scrolls and points in time."""
