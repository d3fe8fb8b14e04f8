"""Patterns that callers send, matched in bounded time: wildcards, Lucene's regular expressions, Java's."""
