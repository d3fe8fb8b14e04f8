"""API keys: ``/_security/api_key`` and its neighbours (``ApiKeyService``)."""
