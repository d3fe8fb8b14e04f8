"""Categorization: messages are split into tokens, and messages with similar tokens are of one category."""
