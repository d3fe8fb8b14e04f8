"""Helpers that several rooms of ML share: expressions, pages, dates, waits."""
