"""User profiles: ``/_security/profile`` (``ProfileService``)."""
