"""Authentication and authorization: who sends a request, and what the caller may do."""
