"""Ingest pipelines: what happens to a document before it is indexed."""
