"""Refusals, by the names the server gives them."""

from __future__ import annotations

from fake_es.wire.errors import ElasticsearchError


class ClusterBlock(ElasticsearchError):
    """Something that a setting forbids: 403."""

    type = "cluster_block_exception"
    default_status = 403


class DocumentMissing(ElasticsearchError):
    """The document to be updated is not there: 404."""

    type = "document_missing_exception"
    default_status = 404
