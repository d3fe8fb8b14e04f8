"""One index: its documents, their versions, and the columns for searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fake_es.indices import messages
from fake_es.indices.columns import Column, column_of
from fake_es.indices.document import Document, KeptDocument, Source
from fake_es.indices.errors import VersionConflict
from fake_es.indices.type_fields import TypeFields
from fake_es.mapping.checking import EarlyCheck, check_document
from fake_es.mapping.field_types import FieldType
from fake_es.mapping.mapping import Mapping

# Ordinals of deleted documents are kept until there are this many more of them than of documents.
_SPARE = 1000


class Index:
    """An index; ``created`` is in epoch milliseconds.

    ``generation`` changes whenever documents or the mapping change; results can be cached until then. ``spare`` is how many
    more ordinals of deleted documents than documents are kept.
    """

    def __init__(
        self, name: str, uuid: str, created: int, settings: dict[str, Any], mapping: Mapping, spare: int = _SPARE
    ) -> None:
        self.name = name
        self.uuid = uuid
        self.created = created
        self.settings = settings
        self.mapping = mapping
        self.aliases: dict[str, dict[str, Any]] = {}
        self.closed = False
        self.is_overlay = False
        # Created by ML itself, with a mapping that fits all documents that ML writes.
        self.is_system = False
        self.type_name = "_doc"
        # The fields of each type, where 5.x has several; None for an index with one type.
        self.types: TypeFields | None = None
        self._documents: list[Document | None] = []
        self._by_id: dict[str, Document] = {}
        self._versions: dict[str, int] = {}
        self._changes = 0
        self._spare = spare
        self._next_seq_no = 0
        self._columns: dict[str, Column | None] = {}
        self._lookups: dict[str, Column | None] = {}
        self._mapped = mapping.generation

    def __repr__(self) -> str:
        return f"<Index {self.name}>"

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Document]:
        """All documents in the order they were indexed."""
        return (document for document in self._documents if document is not None)

    @property
    def generation(self) -> tuple[int, int]:
        """A value that changes with the documents and the mapping."""
        return self._changes, self.mapping.generation

    @property
    def deleted(self) -> int:
        """The number of deleted or replaced documents whose ordinals are still kept."""
        return len(self._documents) - len(self._by_id)

    @property
    def max_seq_no(self) -> int:
        """The sequence number of the last change; -1 before the first one."""
        return self._next_seq_no - 1

    @property
    def hidden(self) -> bool:
        """Whether wildcards match it only with ``expand_wildcards=hidden``."""
        return str(self.settings.get("index.hidden", "false")).lower() == "true"

    def get(self, document_id: str, type_name: str | None = None) -> Document | None:
        """The document with this id; None if there is none. In 5.x each type has its own ids."""
        return self._by_id.get(self._key(document_id, type_name))

    def with_id(self, document_id: str) -> list[Document]:
        """The documents with this id, of any type."""
        names = [None] if self.types is None else self.types.names
        found = (self.get(document_id, name) for name in names)
        return [document for document in found if document is not None]

    def _key(self, document_id: str, type_name: str | None) -> str:
        """What tells a document from all others."""
        if self.types is None or type_name is None or type_name == self.type_name:
            return document_id
        return f"{type_name}\0{document_id}"

    def add_type(self, type_name: str) -> None:
        """Add a second or further type, which 5.x allows."""
        if self.types is None:
            self.types = TypeFields(self.type_name, self.mapping.to_json())
        self.types.add(type_name)

    def put(
        self,
        document_id: str,
        source: Source,
        *,
        op_type: str = "index",
        type_name: str | None = None,
        routing: str | None = None,
        if_seq_no: int | None = None,
        if_primary_term: int | None = None,
        version: int | None = None,
        version_type: str = "internal",
        text: str | None = None,
        early: EarlyCheck | None = None,
    ) -> Document:
        """Index a document; it replaces one with the same id. ``source`` is not copied.

        :param op_type: with ``create`` the id must be new.
        :param text: the text of the source, for places in error messages.
        :param early: the result of an earlier check of this source against this mapping.

        :raises VersionConflict: with ``create`` the id exists; or the document has another version.
        :raises MapperParsing: the document does not fit the mapping.
        """
        key = self._key(document_id, type_name)
        current = self._by_id.get(key)
        if op_type == "create" and current is not None:
            text_ = messages.ALREADY_EXISTS.at(self.mapping.release, known=current.version)
            raise self._conflict(document_id, text_, type_name)
        self.check_version(document_id, if_seq_no, if_primary_term, version, version_type, type_name=type_name)
        if early is not None and early.holds_for(self.mapping):
            early.apply()
        else:
            check_document(self.mapping, source, document_id, text)
        document = Document(
            self,
            document_id,
            source,
            version=self._next_version(key, version, version_type),
            seq_no=self._next_seq_no,
            type_name=type_name or self.type_name,
            routing=routing,
        )
        if self.types is not None:
            self.types.add_document(document.type, source)
        self._replace(current, document)
        return document

    def put_kept(self, document_id: str, read: Callable[[], Source]) -> Document:
        """Index a document whose source ``read`` makes on each access. It is not checked against the mapping.

        When its source changes, it must be put again.
        """
        current = self._by_id.get(document_id)
        number = self._next_version(document_id, None, "internal", current)
        document = KeptDocument(self, document_id, read, number, self._next_seq_no, self.type_name)
        self._replace(current, document)
        return document

    def add(self, document_id: str, source: Source) -> Document:
        """Index a document without any check: the id must be new, and ``source`` must fit the mapping."""
        document = Document(self, document_id, source, 1, self._next_seq_no, self.type_name)
        self._append(document)
        self._changed()
        return document

    def delete(
        self, document_id: str, *, version: int | None = None, version_type: str = "internal", type_name: str | None = None
    ) -> tuple[Document | None, int, int]:
        """Delete a document.

        :return: the deleted document (None if it did not exist), and version and sequence number of the deletion.
        """
        key = self._key(document_id, type_name)
        current = self._by_id.pop(key, None)
        if current is not None:
            self._empty_ordinal(current)
        number = self._next_version(key, version, version_type, current)
        self._versions[key] = number
        seq_no = self._next_seq_no
        self._changed()
        return current, number, seq_no

    def of(self, documents: Iterable[Document], generation: tuple[int, int]) -> Index:
        """A copy of this index with ``documents``, which it had at ``generation``: the index of a point in time."""
        copy = Index(self.name, self.uuid, self.created, self.settings, self.mapping)
        copy.type_name, copy.types, copy._changes = self.type_name, self.types, -1 - generation[0]
        for known in documents:
            document = Document(
                copy,
                known.id,
                known.source,
                version=known.version,
                seq_no=known.seq_no,
                type_name=known.type,
                routing=known.routing,
            )
            document.ordinal = len(copy._documents)
            copy._documents.append(document)
            copy._by_id[copy._key(document.id, document.type)] = document
        return copy

    def check_version(
        self,
        document_id: str,
        if_seq_no: int | None,
        if_primary_term: int | None,
        version: int | None,
        version_type: str,
        *,
        type_name: str | None = None,
    ) -> None:
        """Check that a document has the version or sequence number that a request expects.

        :raises VersionConflict: it has another.
        """
        key = self._key(document_id, type_name)
        current = self._by_id.get(key)
        release = self.mapping.release
        if if_seq_no is not None or if_primary_term is not None:
            known = (current.seq_no, current.primary_term) if current is not None else (-2, 0)
            if current is None or known != (if_seq_no, if_primary_term):
                text = messages.WRONG_SEQ_NO if current is not None else messages.SEQ_NO_NOT_FOUND
                wanted = {"seq_no": if_seq_no, "term": if_primary_term}
                raise self._conflict(
                    document_id, text.at(release, **wanted, current=known[0], current_term=known[1]), type_name
                )
        if version is None:
            return
        now = current.version if current is not None else self._versions.get(key, -1)
        fits = {"external": now < version, "external_gt": now < version, "external_gte": now <= version}.get(
            version_type, current is not None and now == version
        )
        if not fits:
            text = messages.WRONG_VERSION if version_type == "internal" else messages.NOT_HIGHER_VERSION
            raise self._conflict(document_id, text.at(release, current=now, given=version), type_name)

    def column(self, field: str) -> Column | None:
        """The doc values of a field, up to date; None if it is not mapped or has no doc values."""
        if self._mapped != self.mapping.generation:
            self._forget_columns()
        try:
            column = self._columns[field]
        except KeyError:
            type_ = self.mapping.field(field)
            column = self.lookup(field) if type_ is not None and type_.has_values else None
            self._columns[field] = column
        if column is not None and len(column.values) < len(self._documents):
            column.catch_up()
        return column

    def lookup(self, field: str) -> Column | None:
        """The terms of a field, up to date: words of analyzed texts, otherwise values. None if it is not mapped."""
        if self._mapped != self.mapping.generation:
            self._forget_columns()
        try:
            column = self._lookups[field]
        except KeyError:
            type_ = self.mapping.field(field)
            column = self._lookups[field] = None if type_ is None else column_of(type_, self._documents)
        if column is not None and len(column.values) < len(self._documents):
            column.catch_up()
        return column

    def having(self, field: str, value: Any) -> list[Document]:
        """Documents with exactly this term in a field, in the order they were indexed."""
        column = self.lookup(field)
        ordinals = () if column is None else column.postings().get(value)
        return self.documents(self.alive(ordinals)) if ordinals else []

    def exceeds(self, field: str, bound: float) -> bool:
        """Whether any document has a value above ``bound`` in a field of numbers. Deleted documents may count too."""
        column = self.lookup(field)
        return column is not None and bool(column.runs().slices(bound, None, over=True, under=False))

    def overlaid(self, fields: dict[str, FieldType]) -> Index:
        """A copy with more fields, for a search. It has the documents of this moment and shares their sources."""
        overlay = Index(self.name, self.uuid, self.created, self.settings, self.mapping.extended(fields))
        overlay.is_overlay = True
        overlay.type_name, overlay.types = self.type_name, self.types
        overlay._changes = self._changes
        for document in self:
            versions = {"version": document.version, "seq_no": document.seq_no}
            copied = Document(
                overlay, document.id, document.source, type_name=document.type, routing=document.routing, **versions
            )
            overlay._append(copied)
        return overlay

    def ordinals(self) -> list[int]:
        """The ordinals of all documents, ascending."""
        return [ordinal for ordinal, document in enumerate(self._documents) if document is not None]

    def alive(self, ordinals: Any) -> list[int]:
        """The given ordinals without those of deleted documents."""
        if len(self._documents) == len(self._by_id):
            return list(ordinals)
        documents = self._documents
        return [ordinal for ordinal in ordinals if documents[ordinal] is not None]

    def at(self, ordinal: int) -> Document:
        """The document with this ordinal, which must not be deleted."""
        document = self._documents[ordinal]
        assert document is not None, "the ordinal of a deleted document"
        return document

    def documents(self, ordinals: Iterable[int]) -> list[Document]:
        """The documents with these ordinals, which must not be deleted."""
        documents = self._documents
        return [documents[ordinal] for ordinal in ordinals]  # type: ignore[misc]

    def _replace(self, current: Document | None, document: Document) -> None:
        if current is not None:
            self._empty_ordinal(current)
        self._append(document)
        self._changed()

    def _append(self, document: Document) -> None:
        document.ordinal = len(self._documents)
        self._documents.append(document)
        self._by_id[self._key(document.id, document.type)] = document

    def _empty_ordinal(self, document: Document) -> None:
        self._documents[document.ordinal] = None
        document.ordinal = -1

    def _changed(self) -> None:
        self._changes += 1
        self._next_seq_no += 1
        if len(self._documents) > 2 * len(self._by_id) + self._spare:
            self._compact()

    def _compact(self) -> None:
        """Give the documents new ordinals without gaps."""
        self._documents = list(self)
        for ordinal, document in enumerate(self):
            document.ordinal = ordinal
        self._versions.clear()
        self._forget_columns()

    def _forget_columns(self) -> None:
        self._columns, self._lookups, self._mapped = {}, {}, self.mapping.generation

    def _next_version(self, key: str, version: int | None, version_type: str, current: Document | None = None) -> int:
        if version is not None and version_type != "internal":
            return version
        known = current or self._by_id.get(key)
        return (known.version if known is not None else self._versions.pop(key, 0)) + 1

    def _conflict(self, document_id: str, why: str, type_name: str | None = None) -> VersionConflict:
        prefix = f"[{document_id}]" if self.mapping.release >= (7, 0) else f"[{type_name or self.type_name}][{document_id}]"
        return VersionConflict(f"{prefix}: version conflict, {why}", index_uuid=self.uuid, shard="0", index=self.name)
