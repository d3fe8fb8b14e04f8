"""What goes wrong with documents that security keeps."""

from __future__ import annotations

from fake_es.wire.errors import ElasticsearchError


class VersionConflict(ElasticsearchError):
    """It was written meanwhile: 409."""

    type = "version_conflict_engine_exception"
    default_status = 409


class DocumentMissing(ElasticsearchError):
    """There is nothing to change: 404."""

    type = "document_missing_exception"
    default_status = 404
