"""Datafeeds: they read documents from indices and feed them to jobs."""
