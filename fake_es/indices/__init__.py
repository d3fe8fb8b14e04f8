"""Indices with their documents, mappings, aliases, templates and settings, and the APIs that manage them."""
