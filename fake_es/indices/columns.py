"""Columns: the values of one field by document, and the documents by value. They make searches fast.

Documents are identified by ordinals, which only grow. A deleted document leaves its ordinal empty; callers skip such
ordinals. A column is created on first use. ``catch_up`` then adds the documents that were indexed since the last use.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from fake_es.indices.document import SCALARS, Document, Values, doc_values
from fake_es.mapping.field_types import FieldType
from fake_es.mapping.text_fields import terms_of
from fake_es.wire.errors import ElasticsearchError

Documents = Sequence["Document | None"]
# A part of a sorted run: its ordinals, and the first and last position (exclusive).
Slice = tuple[list[int], int, int]
# How many different values are shared between the documents that have them.
_MAX_SHARED = 1024
# With more values in one document than this, duplicates are removed first.
_REMOVE_DUPLICATES_ABOVE = 1000
# No field accepts them. A document can have them if malformed values are ignored, or from before the field was mapped.
_INFINITE = frozenset({math.inf, -math.inf})
# How many groups of ``runs_within`` are kept.
_MAX_GROUPS = 256


class Column:
    """One field: ``values[ordinal]`` are the values of a document; ``single`` means that no document has several."""

    __slots__ = ("_documents", "_known", "_lengths", "_postings", "_runs", "_within", "single", "type", "values")

    def __init__(self, type_: FieldType, documents: Documents) -> None:
        self.type = type_
        self._documents = documents
        self._postings: Postings | None = None
        self._lengths: tuple[int, int, float] | None = None
        self._runs: Runs | None = None
        self._within: dict[Any, Runs] = {}
        self._known: dict[Any, Values] = {}
        self.values: list[Values] = []
        self.single = True

    def catch_up(self) -> None:
        """Add the values of new documents."""
        name, known = self.type.sources[0], self._known
        plain = len(self.type.sources) == 1 and "." not in name and self.type.computed is None
        as_is = self.type.as_is if plain else frozenset[type[Any]]()
        scalars = SCALARS if plain and not self.type.is_text else frozenset[type[Any]]()
        # Whether a document without a member of that name has no value.
        absent_is_empty = plain and name[0] != "_" and self.type.null_value is None
        append = self.values.append
        for document in self._documents[len(self.values) :]:
            value = None if document is None else document.source.get(name)
            if value is None and (absent_is_empty or document is None):
                append(())
            elif type(value) not in as_is:
                assert document is not None, "has a value"
                append(self._one(value) if type(value) in scalars else self._several(document))
            elif value in known:
                append(known[value])
            elif value in _INFINITE:
                append(self._one(value))
            else:
                append((value,))
                if len(known) < _MAX_SHARED:
                    known[value] = self.values[-1]

    def _one(self, value: Any) -> Values:
        try:
            read = self.type.parse(value)
        except ElasticsearchError:
            return ()
        return () if read is None else (read,)

    def _several(self, document: Document) -> Values:
        values = self._read(document)
        self.single = self.single and len(values) < 2
        return values

    def _read(self, document: Document) -> Values:
        return doc_values(document, self.type)

    def postings(self) -> Postings:
        """The ordinals by value, up to date."""
        if self._postings is None:
            self._postings = Postings()
        self._postings.catch_up(self.values)
        return self._postings

    def statistics(self, term: str) -> tuple[int, int, float]:
        """The number of documents with a term, of documents with any, and the mean number of terms of these."""
        if self._lengths is None or self._lengths[0] != len(self.values):
            counts = [len(values) for values in self.values if values]
            self._lengths = len(self.values), len(counts), sum(counts) / len(counts) if counts else 0.0
        return len(self.postings().get(term)), *self._lengths[1:]

    def runs(self) -> Runs:
        """The ordinals sorted by value, up to date."""
        if self._runs is None:
            self._runs = Runs()
        self._runs.catch_up(self.values, range(len(self.values)))
        return self._runs

    def runs_within(self, group: Any, ordinals: Sequence[int]) -> Runs:
        """The same for only the documents in ``ordinals``. The result is kept under the key ``group``.

        Later calls with this key must have the same ordinals, perhaps with new ones at the end.
        """
        runs = self._within.get(group)
        if runs is None:
            if len(self._within) >= _MAX_GROUPS:
                self._within.clear()
            runs = self._within[group] = Runs()
        runs.catch_up(self.values, ordinals)
        return runs


class WordColumn(Column):
    """The words of an analyzed field by document."""

    __slots__ = ()

    def _read(self, document: Document) -> Values:
        return terms_of(self.type, doc_values(document, self.type))


def column_of(type_: FieldType, documents: Documents) -> Column:
    """An empty column for a field; ``catch_up`` fills it."""
    return (WordColumn if type_.is_text else Column)(type_, documents)


class Postings:
    """The ascending ordinals of the documents with each value."""

    __slots__ = ("_members", "_ordinals", "_read")

    def __init__(self) -> None:
        self._ordinals: dict[Any, list[int]] = {}
        self._members: dict[Any, tuple[int, set[int]]] = {}
        self._read = 0

    def catch_up(self, columns: list[Values]) -> None:
        """Add the values of new ordinals."""
        if self._read == len(columns):
            return
        ordinals = self._ordinals
        for ordinal in range(self._read, len(columns)):
            values = columns[ordinal]
            for value in values if len(values) < _REMOVE_DUPLICATES_ABOVE else dict.fromkeys(values):
                known = ordinals.get(value)
                if known is None:
                    ordinals[value] = [ordinal]
                elif known[-1] != ordinal:
                    known.append(ordinal)
        self._read = len(columns)

    def get(self, value: Any) -> Sequence[int]:
        """The ordinals of a value. Do not change the result."""
        return self._ordinals.get(value, ())

    def members(self, value: Any) -> set[int]:
        """The same as a set. Do not change the result."""
        ordinals = self.get(value)
        upto, members = self._members.get(value, (0, set[int]()))
        if upto < len(ordinals):
            members.update(ordinals[upto:])
            self._members[value] = len(ordinals), members
        return members

    def terms(self) -> list[Any]:
        """All values, in the order of their first document."""
        return list(self._ordinals)


class Runs:
    """Ordinals sorted by value, in runs of which each is at least twice as long as the next.

    Adding documents is cheap, because only short runs are merged. Ranges are found by bisection in each run.
    """

    __slots__ = ("_read", "_runs")

    def __init__(self) -> None:
        self._runs: list[tuple[list[Any], list[int]]] = []
        self._read = 0

    def catch_up(self, columns: list[Values], among: Sequence[int]) -> None:
        """Add the values of new ordinals; ``among`` are all ordinals of these runs."""
        if self._read == len(among):
            return
        pairs = [(value, ordinal) for ordinal in among[self._read :] for value in columns[ordinal]]
        self._read = len(among)
        if pairs:
            self._runs.append(_sorted([value for value, _ in pairs], [ordinal for _, ordinal in pairs]))
        while len(self._runs) > 1 and len(self._runs[-2][0]) < 2 * len(self._runs[-1][0]):
            values, ordinals = self._runs.pop()
            before, after = self._runs.pop()
            self._runs.append(_sorted(before + values, after + ordinals))

    def slices(self, low: Any, high: Any, *, over: bool, under: bool) -> list[Slice]:
        """The slices with values from ``low`` to ``high`` (None: no limit); ``over`` and ``under`` exclude the ends."""
        found = []
        for values, ordinals in self._runs:
            start = 0 if low is None else (bisect_right if over else bisect_left)(values, low)
            stop = len(values) if high is None else (bisect_left if under else bisect_right)(values, high)
            if start < stop:
                found.append((ordinals, start, stop))
        return found


def _sorted(values: list[Any], ordinals: list[int]) -> tuple[list[Any], list[int]]:
    order = sorted(range(len(values)), key=values.__getitem__)
    return [values[at] for at in order], [ordinals[at] for at in order]
