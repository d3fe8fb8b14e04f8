"""Writes one document, for all APIs: index, create, update, delete, bulk (``TransportShardBulkAction``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from fake_es.cluster_settings import ClusterSettings
from fake_es.documents import messages
from fake_es.indices.access import CallerIndices
from fake_es.indices.active_shards import shards_of_write
from fake_es.indices.document import Document, Source
from fake_es.indices.errors import IndexClosed, IndexNotFound
from fake_es.indices.index import Index
from fake_es.indices.types import DOC, GONE, TYPELESS, check_type_name, claim_type
from fake_es.mapping.checking import EarlyCheck
from fake_es.mapping.errors import unparsable_document
from fake_es.mapping.mapping import Mapping
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, check_failures
from fake_es.wire.object_parser import Body

Tree = dict[str, Any]
Result = TypeVar("Result")

VERSION_TYPES = ("internal", "external", "external_gt", "external_gte", "force")
_MAX_ID_BYTES = 512
# From this many characters of its text, or values, parsing and checking a document takes long.
_LONG_TEXT, _MANY_VALUES = 64 * 1024, 10_000
# How often a long document is checked early. If the mapping changes each time, the last check makes other requests wait.
_ATTEMPTS = 3
# Settings that forbid writes: name -> number and name of the block.
_BLOCKS = {"read_only": (5, "read-only"), "write": (8, "write"), "read_only_allow_delete": (12, "read-only / allow delete")}


class ClusterBlock(ElasticsearchError):
    """A write that a setting of the index or the cluster forbids: 403."""

    type = "cluster_block_exception"
    default_status = 403


@dataclass(slots=True)
class WriteRequest:
    """One write (``DocWriteRequest``); ``op_type`` is ``index``, ``create``, ``update`` or ``delete``."""

    op_type: str
    index: str
    id: str | None = None
    type_name: str = DOC
    routing: str | None = None
    version: int | None = None
    version_type: str = "internal"
    if_seq_no: int | None = None
    if_primary_term: int | None = None
    pipeline: str | None = None
    require_alias: bool = False
    require_stream: bool = False

    def failures(self, release: tuple[int, ...]) -> list[str]:
        """The texts of its validation errors (``DocWriteRequest.validate``).

        :raises IllegalArgument: an unknown ``version_type``.
        """
        found = []
        if self.version_type not in VERSION_TYPES:
            raise IllegalArgument(messages.NO_VERSION_TYPE.format(value=self.version_type))
        if self.op_type == "create" and self.version_type != "internal":
            found.append(messages.CREATE_VERSION)
        elif self.op_type == "create" and self.if_seq_no is not None:
            found.append(messages.CREATE_COMPARES)
        if self.id == "":
            found.append(messages.ID_EMPTY)
        elif self.id is not None and (length := len(self.id.encode("utf-8", "surrogatepass"))) > _MAX_ID_BYTES:
            found.append(messages.ID_TOO_LONG.format(id=self.id, length=length))
        if self.version is not None and self.version_type == "internal" and release >= TYPELESS:
            found.append(messages.INTERNAL_VERSION)
        if self.if_seq_no is not None and self.if_primary_term is None:
            found.append(messages.SEQ_NO_WITHOUT_TERM)
        if self.if_seq_no is None and self.if_primary_term is not None:
            found.append(messages.TERM_WITHOUT_SEQ_NO.format(term=self.if_primary_term))
        if self.if_seq_no is not None and self.version is not None:
            found.append(messages.COMPARES_VERSION)
        return found

    def check(self, release: tuple[int, ...]) -> None:
        """:raises ActionRequestValidation: the request is not valid."""
        check_failures(self.failures(release))


@dataclass(slots=True)
class WriteResponse:
    """The result of one write (``DocWriteResponse``); ``index`` is None if nothing was changed."""

    index: Index | None
    name: str
    id: str
    type_name: str
    version: int
    seq_no: int
    result: str
    document: Document | None = None
    got: Tree | None = None

    @property
    def status(self) -> int:
        """The status of the response."""
        return {"created": 201, "not_found": 404}.get(self.result, 200)

    def to_json(self, release: tuple[int, ...], *, refreshed: bool = False) -> Tree:
        """The response; ``refreshed`` is the parameter ``refresh``."""
        shards = shards_of_write(self.index) if self.index is not None else {"total": 0, "successful": 0, "failed": 0}
        kind = {"_type": self.type_name} if release < GONE else {}
        tree: Tree = {"_index": self.name, **kind, "_id": self.id, "_version": self.version, "result": self.result}
        if refreshed and self.index is not None:
            tree["forced_refresh"] = True
        tree["_shards"] = shards
        if release >= (6, 0) and self.seq_no >= 0:
            tree |= {"_seq_no": self.seq_no, "_primary_term": Document.primary_term}
        elif release < (6, 0) and self.result in ("deleted", "not_found"):
            tree["found"] = self.result == "deleted"
        elif release < (6, 0) and self.result != "noop":
            tree["created"] = self.result == "created"
        return tree if self.got is None else tree | {"get": self.got}


def source_of(text: str, release: tuple[int, ...]) -> Source:
    """Parse the text of a document.

    :raises MapperParsing: it is not a JSON object.
    """
    body = Body(text, release)
    cause: ElasticsearchError
    try:
        tree = body.tree()
        if isinstance(tree, dict):
            return tree
        cause = IllegalArgument(messages.NOT_AN_OBJECT)
    except ElasticsearchError as error:
        cause = error
    # The place of its beginning, without parsing the text again.
    line, column = body.where(len(text) - len(text.lstrip(" \t\r\n"))) if text.strip() else (1, 1)
    prefix = f"[{line}:{column}] " if release >= (8, 8) else ""
    raise unparsable_document(release, str(cause.reason).partition("\n")[0], prefix, cause)


class Writer:
    """Executes writes for one caller. Each is authorized for the index that it goes to after its pipelines."""

    def __init__(self, indices: CallerIndices) -> None:
        self._cluster = indices.cluster
        self._release = indices.cluster.version
        self._indices = indices

    def put(
        self,
        write: WriteRequest,
        source: Source,
        text: str | None = None,
        *,
        kind: str | None = None,
        current: Document | None = None,
    ) -> WriteResponse:
        """Run the pipelines of a document, and index or create it. Other requests can run before it is indexed.

        :param text: the text of the source, if it is unchanged.
        :param kind: ``update`` for an update; it decides which privilege the caller needs.
        :param current: the version of the document that the source was made from; it must still be current.
        :raises SecurityError: the caller may not write to the index.
        :raises ElasticsearchError: the document does not fit the mapping or has another version, or a pipeline fails.
        """
        if write.require_alias or write.require_stream:
            self._check_required(write)
        pipelines = self._pipelines(write)
        if pipelines:
            dropped = self._run(pipelines, write, source)
            if dropped is not None:
                return dropped
            text = None
        check_type_name(write.type_name, self._release)
        index = self.target(write, kind)
        if current is not None and index is not current.index:
            # It is copied to another index.
            current = None
        claim_type(index, write.type_name, self._release)
        document_id, op_type = write.id, write.op_type
        if document_id is None:
            document_id, op_type = self._cluster.ids.document_id(), "create"
        early = None
        if _is_long(source, text):
            early, index = self._check_early(
                write, kind, index, partial(EarlyCheck, source=source, document_id=document_id, text=text)
            )
        if current is not None:
            index.check_version(current.id, current.seq_no, current.primary_term, None, "internal", type_name=current.type)
        options: Tree = {"routing": write.routing, "type_name": self._type(index, write), "text": text, "early": early}
        if write.version is not None or write.if_seq_no is not None:
            options |= {
                "version": write.version,
                "version_type": write.version_type,
                "if_seq_no": write.if_seq_no,
                "if_primary_term": write.if_primary_term,
            }
        known = index.get(document_id, write.type_name) is not None
        document = index.put(document_id, source, op_type=op_type, **options)
        result, number, seq_no = "updated" if known else "created", document.version, document.seq_no
        return WriteResponse(index, index.name, document.id, document.type, number, seq_no, result, document)

    def read(self, text: str) -> Source:
        """Parse the text of a document. Other requests can run while a long one is parsed.

        :raises MapperParsing: it is not a JSON object.
        """
        if len(text) < _LONG_TEXT:
            return source_of(text, self._release)
        return self._cluster.without_lock(lambda: source_of(text, self._release))

    def apart(self, work: Callable[[], Result], *documents: Source | None) -> Result:
        """Return the result of ``work()``, which only reads these documents. Other requests can run if one is long."""
        is_long = any(document is not None and _is_long(document, None) for document in documents)
        return self._cluster.without_lock(work) if is_long else work()

    def _check_early(
        self, write: WriteRequest, kind: str | None, index: Index, check_of: Callable[[Mapping], EarlyCheck]
    ) -> tuple[EarlyCheck, Index]:
        """Check a long document while other requests can run. Return the check, and the index as it is afterwards."""
        for _ in range(_ATTEMPTS):
            early = check_of(index.mapping)
            self._cluster.without_lock(early.run)
            index = self.target(write, kind)
            claim_type(index, write.type_name, self._release)
            if early.holds_for(index.mapping):
                break
        return early, index

    def delete(self, write: WriteRequest, *, kind: str = "delete") -> WriteResponse:
        """Delete a document; ``kind`` as for ``put``.

        :raises IndexNotFound: the index does not exist.
        :raises VersionConflict: the document has another version than the request expects.
        """
        index = self.existing(write, kind)
        assert write.id is not None, "routes and the parser of bulk ensure an id"
        index.check_version(
            write.id, write.if_seq_no, write.if_primary_term, write.version, write.version_type, type_name=write.type_name
        )
        found, version, seq_no = index.delete(
            write.id, version=write.version, version_type=write.version_type, type_name=write.type_name
        )
        type_name = self._type(index, write)
        return WriteResponse(
            index, index.name, write.id, type_name, version, seq_no, "deleted" if found else "not_found", found
        )

    def target(self, write: WriteRequest, kind: str | None = None) -> Index:
        """The index that a write goes to; a missing one is created. ``kind`` as for ``put``.

        :raises SecurityError: the caller may not write to it.
        :raises ElasticsearchError: it is closed, blocked for writes, or missing and may not be created.
        """
        creates = str(self._cluster.part(ClusterSettings).get("action.auto_create_index")).lower() != "false"
        try:
            return self._open(self._indices.index_for_write(write.index, kind or write.op_type, creates=creates))
        except IndexNotFound as error:
            if not creates:
                error.reason = messages.NO_AUTO_CREATE.format(name=error.metadata["index"])
            raise

    def existing(self, write: WriteRequest, kind: str = "delete") -> Index:
        """The existing index that a deletion goes to.

        :raises SecurityError: the caller may not delete from it.
        :raises ElasticsearchError: it is missing, closed, or blocked for writes.
        """
        return self._open(self._indices.index_for_write(write.index, kind, creates=False), deleting=True)

    def _open(self, index: Index, *, deleting: bool = False) -> Index:
        if index.closed:
            raise IndexClosed("closed", index_uuid=index.uuid, index=index.name)
        for name, (number, what) in _BLOCKS.items():
            set_ = str(index.settings.get(f"index.blocks.{name}", "false")).lower() == "true"
            if set_ and not (deleting and name == "read_only_allow_delete"):
                text = messages.BLOCKED.format(index=index.name, number=number, what=what)
                raise ClusterBlock(text)
        return index

    def _type(self, index: Index, write: WriteRequest) -> str:
        """The type of the document, also in the response."""
        return index.type_name if write.type_name == DOC and self._release >= (6, 7) else write.type_name

    def _check_required(self, write: WriteRequest) -> None:
        if write.require_alias and not self._indices.is_alias(write.index):
            raise _missing(write.index, messages.REQUIRE_ALIAS, self._release)
        if write.require_stream:
            raise _missing(write.index, messages.REQUIRE_STREAM, self._release)

    def _pipelines(self, write: WriteRequest) -> list[str]:
        """The pipelines for a document, in order: its own or the default one of the index, and the final one of the index."""
        settings = self._indices.settings_before_pipelines(write.index)
        own = write.pipeline
        if own is None and self._release >= (6, 5):
            own = settings.get("index.default_pipeline")
        final = settings.get("index.final_pipeline") if self._release >= (7, 5) else None
        return [name for name in (own, final) if name not in (None, "_none")]

    def _run(self, pipelines: list[str], write: WriteRequest, source: Source) -> WriteResponse | None:
        """Run pipelines, which may change the index, id and routing. If one drops the document, its response is returned."""
        from fake_es.ingest.pipelines import Pipelines

        metadata: Tree = {"_index": write.index, "_id": write.id, "_routing": write.routing}
        if self._release < GONE:
            metadata["_type"] = write.type_name
        for pipeline in pipelines:
            if self._cluster.part(Pipelines).run(pipeline, source, metadata) is None:
                return WriteResponse(None, write.index, write.id or "", write.type_name, -3, -2, "noop")
        write.index = str(metadata["_index"])
        write.id, write.routing = (None if metadata.get(key) is None else str(metadata[key]) for key in ("_id", "_routing"))
        return None


def _is_long(source: Source, text: str | None) -> bool:
    """Whether a document takes long to check: by its text if there is one, or by the number of its values."""
    if text is not None:
        return len(text) >= _LONG_TEXT
    count, waiting = 0, list[Any]([source])
    while waiting and count < _MANY_VALUES:
        inner = waiting.pop()
        count += len(inner)
        waiting += [
            value for value in (inner.values() if isinstance(inner, dict) else inner) if isinstance(value, (dict, list))
        ]
    return count >= _MANY_VALUES


def _missing(name: str, text: str, release: tuple[int, ...]) -> IndexNotFound:
    error = IndexNotFound(name, release)
    error.reason = text.format(name=name)
    return error
