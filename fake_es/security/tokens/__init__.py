"""Access and refresh tokens: ``/_security/oauth2/token`` (``TokenService``)."""
