"""Errors of the documents in which security stores its objects."""

from __future__ import annotations

from fake_es.wire.errors import ElasticsearchError


class VersionConflict(ElasticsearchError):
    """The document was changed since the version given: 409."""

    type = "version_conflict_engine_exception"
    default_status = 409


class DocumentMissing(ElasticsearchError):
    """The document to change does not exist: 404."""

    type = "document_missing_exception"
    default_status = 404
