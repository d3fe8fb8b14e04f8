"""Privileges of applications: ``/_security/privilege`` (``NativePrivilegeStore``)."""
