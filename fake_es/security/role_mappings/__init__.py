"""Role mappings: ``/_security/role_mapping`` (``NativeRoleMappingStore``)."""
