"""Helpers that several rooms of ML share: expressions, paging, dates, timeouts."""
