"""Mappings: the types of fields, dynamic mapping, and the check of a document against them."""
