"""Service accounts and their tokens: ``/_security/service`` (``ServiceAccountService``)."""
