"""Patterns in requests, matched in bounded time: wildcards, and the regular expressions of Lucene and of Java."""
