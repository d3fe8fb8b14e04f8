"""Errors about the documents in which a real server stores tokens and profiles."""

from __future__ import annotations

from fake_es.wire.errors import ElasticsearchError


class VersionConflict(ElasticsearchError):
    """The document exists already, or was changed since the version in the request: 409."""

    type = "version_conflict_engine_exception"
    default_status = 409


class DocumentMissing(ElasticsearchError):
    """The document to change does not exist: 404."""

    type = "document_missing_exception"
    default_status = 404
