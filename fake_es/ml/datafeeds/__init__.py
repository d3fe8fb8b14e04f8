"""Datafeeds: what reads documents from indices and feeds them to jobs."""
