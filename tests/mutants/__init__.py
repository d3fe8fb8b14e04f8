"""Mutation testing: small changes of the code where a comparison decides, each of which a test must notice."""
