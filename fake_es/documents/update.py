"""Updates of documents, alone and in bulk (``UpdateRequest``, ``UpdateHelper``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from fake_es.documents import messages
from fake_es.documents.update_script import UpdateScript
from fake_es.documents.write import Writer, WriteRequest, WriteResponse
from fake_es.indices.access import CallerIndices
from fake_es.indices.document import Document, Source
from fake_es.indices.index import Index
from fake_es.indices.types import DOC
from fake_es.script.circuit_breaker import copied
from fake_es.search.source_filter import SourceFilter, filter_of_tree
from fake_es.wire.errors import ElasticsearchError, check_failures
from fake_es.wire.object_parser import ANY, BOOLEAN, LONG, OBJECT, STRINGS, Body, Field, Kind, ObjectParser

_ANY_SOURCE = Kind(ANY.tokens, lambda value, body, path: filter_of_tree(value))
_PARSER = ObjectParser(
    "UpdateRequest",
    [
        Field("script", ANY),
        Field("scripted_upsert", BOOLEAN),
        Field("upsert", OBJECT),
        Field("doc", OBJECT),
        Field("doc_as_upsert", BOOLEAN),
        Field("detect_noop", BOOLEAN),
        Field("_source", _ANY_SOURCE),
        Field("fields", STRINGS, until=(7, 0)),
        Field("if_seq_no", LONG, since=(6, 6)),
        Field("if_primary_term", LONG, since=(6, 6)),
    ],
)


class DocumentMissing(ElasticsearchError):
    """The document to update does not exist: 404."""

    type = "document_missing_exception"
    default_status = 404


@dataclass(slots=True)
class UpdateRequest:
    """The body of an update; ``source`` is which part of the document the response contains (None: nothing)."""

    doc: Source | None = None
    upsert: Source | None = None
    script: UpdateScript | None = None
    doc_as_upsert: bool = False
    scripted_upsert: bool = False
    detect_noop: bool = True
    source: SourceFilter | None = None
    if_seq_no: int | None = None
    if_primary_term: int | None = None

    def failures(self, if_seq_no: int | None = None, retries: int = 0) -> list[str]:
        """The texts of its validation errors (``UpdateRequest.validate``).

        ``if_seq_no`` and ``retries`` are those of the parameters.
        """
        compares = self.if_seq_no is not None or if_seq_no is not None
        found = [
            (compares and retries > 0, messages.COMPARES_RETRIES),
            (compares and self.doc_as_upsert, messages.COMPARES_DOC_AS_UPSERT),
            (compares and self.upsert is not None, messages.COMPARES_UPSERT),
            (self.script is None and self.doc is None, messages.NO_SCRIPT_OR_DOC),
            (self.script is not None and self.doc is not None, messages.SCRIPT_AND_DOC),
            (self.doc is None and self.doc_as_upsert, messages.NO_DOC_AS_UPSERT),
        ]
        return [text for is_so, text in found if is_so]

    def check(self, if_seq_no: int | None = None, retries: int = 0) -> None:
        """:raises ActionRequestValidation: the request is not valid."""
        check_failures(self.failures(if_seq_no, retries))


def read_update(text: str, release: tuple[int, ...]) -> UpdateRequest:
    """Parse the body of an update.

    :raises ElasticsearchError: it is wrong.
    """
    found = _PARSER.parse_text(Body(text, release))
    found.pop("fields", None)
    script = found.pop("script", None)
    update = UpdateRequest(**{"source" if name == "_source" else name: value for name, value in found.items()})
    if script is not None:
        update.script = UpdateScript(script, release)
    return update


class Updater:
    """Executes updates for one caller."""

    def __init__(self, indices: CallerIndices) -> None:
        self._release = indices.cluster.version
        self._writer = Writer(indices)

    def update(self, write: WriteRequest, update: UpdateRequest) -> WriteResponse:
        """Update a document, or insert it.

        :raises DocumentMissing: it does not exist, and the request has nothing to insert.
        :raises VersionConflict: it has another version than the request expects.
        """
        index = self._writer.target(write, "update")
        assert write.id is not None, "routes and the parser of bulk ensure an id"
        current = index.get(write.id, write.type_name)
        write.if_seq_no = update.if_seq_no if write.if_seq_no is None else write.if_seq_no
        write.if_primary_term = update.if_primary_term if write.if_primary_term is None else write.if_primary_term
        index.check_version(write.id, write.if_seq_no, write.if_primary_term, None, "internal", type_name=write.type_name)
        done = self._insert(write, update, index) if current is None else self._change(write, update, current)
        if update.source is not None and update.source.fetch_source and done.document is not None:
            document, after_6_6 = done.document, self._release >= (6, 7)
            numbers = {"_seq_no": document.seq_no, "_primary_term": document.primary_term} if after_6_6 else {}
            done.got = {**numbers, "found": True, "_source": update.source.apply(document.source)}
        return done

    def _insert(self, write: WriteRequest, update: UpdateRequest, index: Index) -> WriteResponse:
        source = update.doc if update.doc_as_upsert else update.upsert
        if source is None:
            kind = write.type_name if self._release < (7, 0) else DOC
            text = messages.DOCUMENT_MISSING.at(self._release, type=kind, id=write.id)
            raise DocumentMissing(text, index_uuid=index.uuid, shard="0", index=index.name)
        source = self._writer.apart(partial(copied, source), source)
        if update.scripted_upsert and update.script is not None:
            op = update.script(source, {"_index": index.name, "_id": write.id, "op": "create"})
            if op not in ("create", "index"):
                return WriteResponse(None, index.name, write.id or "", write.type_name, -1, -2, "noop")
        write.op_type = "create"
        write.if_seq_no = write.if_primary_term = None
        return self._writer.put(write, source, kind="update")

    def _change(self, write: WriteRequest, update: UpdateRequest, current: Document) -> WriteResponse:
        source, changed = self._writer.apart(partial(_changed, current.source, update.doc or {}), current.source, update.doc)
        op = "index"
        if update.script is not None:
            known = {"_index": current.index.name, "_id": current.id, "_version": current.version, "_routing": current.routing}
            op = update.script(source, known)
        elif not changed and update.detect_noop:
            op = "none"
        if op == "none":
            name = current.index.name
            return WriteResponse(None, name, current.id, current.type, current.version, current.seq_no, "noop", current)
        write.routing = current.routing if write.routing is None else write.routing
        if op == "delete":
            return self._writer.delete(write, kind="update")
        write.op_type, write.pipeline = "index", "_none" if write.pipeline is None else write.pipeline
        return self._writer.put(write, source, kind="update", current=current)


def _changed(source: Source, changes: Source) -> tuple[Source, bool]:
    """A copy of a document with ``changes``, and whether they changed anything."""
    copy: Source = copied(source)
    return copy, merge(copy, changes)


def merge(source: Source, changes: Source) -> bool:
    """Merge ``changes`` into ``source``, recursively for objects; returns whether that changed anything."""
    changed = False
    for key, value in changes.items():
        known = source.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            changed |= merge(known, value)
        elif key not in source or known != value or type(known) is not type(value):
            source[key] = copied(value)
            changed = True
    return changed
