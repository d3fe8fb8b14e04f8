"""Reads one document, for all APIs: get, source, exists, mget (``ShardGetService``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.indices.access import CallerIndices
from fake_es.indices.document import Document
from fake_es.indices.index import Index
from fake_es.indices.types import DOC, GONE, is_of_type, type_entry
from fake_es.search.fetch import stored_fields
from fake_es.search.source_filter import SourceFilter

Tree = dict[str, Any]


def find_document(
    indices: CallerIndices,
    name: str,
    document_id: str,
    type_name: str = DOC,
    version: int | None = None,
    kind: str = "internal",
) -> tuple[Index, Document | None]:
    """The index with this name or alias, and its document with this id and type; None if there is none.

    :param version: the version that the request expects, with ``kind`` as its ``version_type``.
    :raises VersionConflict: the document has another version.
    """
    index = indices.single(name)
    document = next(iter(index.with_id(document_id)), None) if type_name == "_all" else index.get(document_id, type_name)
    if document is not None and not is_of_type(document, type_name, indices.cluster.version):
        document = None
    if document is not None and version is not None:
        kind = "internal" if kind == "internal" else "external_gte"
        index.check_version(document_id, None, None, version, kind, type_name=document.type)
    return index, document


def not_found_response(index: str, document_id: str, type_name: str, release: tuple[int, ...]) -> Tree:
    """The response for a document that does not exist."""
    kind = {"_type": type_name} if release < GONE else {}
    return {"_index": index, **kind, "_id": document_id, "found": False}


def found_response(document: Document, source: SourceFilter, release: tuple[int, ...], names: Sequence[str] = ()) -> Tree:
    """The response with a document; ``names`` are those of ``stored_fields``."""
    response: Tree = {"_index": document.index.name, **type_entry(document, release), "_id": document.id}
    response["_version"] = document.version
    if release >= (6, 7):
        response |= {"_seq_no": document.seq_no, "_primary_term": document.primary_term}
    if document.routing is not None:
        response["_routing"] = document.routing
    response["found"] = True
    if source.fetch_source:
        response["_source"] = source.apply(document.source)
    fields = stored_fields(document, names)
    return response | ({"fields": fields} if fields else {})
