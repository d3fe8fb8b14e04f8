"""The values of an aggregation: from a field, a script, or ``missing`` (``ValuesSourceConfig``)."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from itertools import accumulate
from typing import Any, overload

from fake_es.mapping.field_types import Date, Histogram
from fake_es.script import Script, read_script
from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import AggregationContext, Document, Documents
from fake_es.search.aggregations.errors import AggregationExecution
from fake_es.search.aggregations.formats import NUMBERS, DateFormat, Format, format_of
from fake_es.search.aggregations.registry import Definition
from fake_es.search.errors import NoFielddata
from fake_es.search.messages import TEXT_FIELDDATA, UNKNOWN_ZONE
from fake_es.wire.date_math import parse_zone
from fake_es.wire.errors import IllegalArgument, NotImplementedHere
from fake_es.wire.numbers import double_of
from fake_es.wire.object_parser import ANY, STRING, Body, Field, Kind, reading

FRACTIONS = frozenset({"double", "float", "half_float", "scaled_float"})
DATES = frozenset({"date", "date_nanos"})
NUMERIC = NUMBERS | DATES | {"boolean"}
GEO_POINTS = frozenset({"geo_point"})
_TYPE_OF_VALUE = {
    "string": "keyword", "long": "long", "integer": "long", "short": "long", "byte": "long", "double": "double",
    "float": "double", "number": "double", "numeric": "double", "date": "date", "boolean": "boolean", "ip": "ip",
}  # fmt: skip

Read = Callable[[Document], Sequence[Any]]


def _zone(value: str, body: Body) -> tzinfo:
    try:
        return parse_zone(value)
    except ValueError:
        raise IllegalArgument(UNKNOWN_ZONE.format(zone=value)) from None


SCALAR = Kind(frozenset({"VALUE_STRING", "VALUE_NUMBER", "VALUE_BOOLEAN"}), lambda value, body, path: value)
TIME_ZONE = Field("time_zone", reading(STRING, _zone))
FIELD = (Field("field", STRING), Field("missing", SCALAR), Field("script", ANY), Field("value_type", STRING))
FORMATTED = (*FIELD, Field("format", STRING))


# Aggregations of fields of type ``histogram``, with their first release (PRs 48580, 52265, 55681, 58930, 62532, 74146).
_OF_HISTOGRAMS: dict[str, tuple[int, ...]] = {
    "percentiles": (7, 6), "percentile_ranks": (7, 6), "boxplot": (7, 7), "sum": (7, 8), "avg": (7, 8), "value_count": (7, 8),
    "histogram": (7, 9), "min": (7, 10), "max": (7, 10), "range": (7, 15),
}  # fmt: skip


class Counted(Sequence[float]):
    """The ascending values of histograms. Each is in the sequence as often as it was counted, but stored once."""

    def __init__(self, pairs: Iterable[tuple[float, int]]) -> None:
        found: dict[float, int] = {}
        for value, count in pairs:
            found[value] = found.get(value, 0) + count
        self.counts = dict(sorted(found.items()))
        self._values = list(self.counts)
        self._ends = list(accumulate(self.counts.values()))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> float: ...
    @overload
    def __getitem__(self, place: slice) -> list[float]: ...
    def __getitem__(self, place: int | slice) -> float | list[float]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._values[bisect_right(self._ends, place)]


class Values:
    """The values of each document; ``kind`` is the type of the field (None: unmapped), ``format`` makes texts of them."""

    def __init__(
        self,
        definition: Definition,
        options: dict[str, Any],
        context: AggregationContext,
        accepts: frozenset[str] | None = None,
    ) -> None:
        """``accepts`` are the types of fields that the aggregation supports; None means all.

        :raises ElasticsearchError: neither field nor script, a text field, or a type that is not supported.
        """
        self._context = context
        self.name: str | None = options.get("field")
        if self.name is None and "script" not in options:
            raise IllegalArgument(messages.NO_FIELD)
        self.field = None if self.name is None else context.field(self.name)
        self._check(definition, accepts)
        self.is_histogram = isinstance(self.field, Histogram)
        self.kind = self.field.kind if self.field else _TYPE_OF_VALUE.get(options.get("value_type", ""))
        form = self.field.format.text if isinstance(self.field, Date) else None
        self.format: Format = format_of(self.kind, options.get("format"), form, options.get("time_zone"))
        self._missing = self._missing_values(options.get("missing"), numeric=accepts is not None)
        self.of: Read = self._reader(options, accepts)

    @property
    def is_mapped(self) -> bool:
        """Whether any document can have a value."""
        return self.field is not None or self.name is None or bool(self._missing)

    def all(self, documents: Documents) -> list[Any]:
        """The values of all documents as one list."""
        of = self.of
        return [value for document in self._context.paced(documents) for value in of(document)]

    def counted(self, documents: Documents) -> Counted:
        """The values of a field of type ``histogram``, over all documents."""
        of = self.of
        return Counted(pair for document in self._context.paced(documents) for histogram in of(document) for pair in histogram)

    def _check(self, definition: Definition, accepts: frozenset[str] | None) -> None:
        field = self.field
        if field is None:
            return
        if field.is_text and not field.has_values:
            raise NoFielddata(TEXT_FIELDDATA.at(self._context.release, field=field.name))
        if isinstance(field, Histogram) and self._context.release >= _OF_HISTOGRAMS.get(definition.kind.name, (99,)):
            if definition.kind.name == "range":
                raise NotImplementedHere(f"[{field.name}]: fake_es puts no fields of type [histogram] into ranges")
            return
        if accepts is not None and field.kind not in accepts:
            arguments = {"field": field.name, "type": field.kind, "kind": definition.kind.name}
            raise NoFielddata(messages.WRONG_TYPE.at(self._context.release, **arguments))
        if len({other.kind in NUMERIC for other in self._context.fields(field.name)}) > 1:
            error = IllegalArgument if self._context.release >= (8, 12) else AggregationExecution
            raise error(messages.MIXED_TYPES.format(name=definition.name))

    def _missing_values(self, missing: Any, *, numeric: bool) -> tuple[Any, ...]:
        if missing is None:
            return ()
        if isinstance(self.format, DateFormat):
            return (self.format.read(missing, self._context.now),)
        if self.field is not None:
            return (self.field.term(missing),)
        return (double_of(missing) if numeric else missing,)

    def _reader(self, options: dict[str, Any], accepts: frozenset[str] | None) -> Read:
        name, missing = self.name, self._missing
        if "script" in options:
            variables = ("doc", "_value") if name else ("doc",)
            script = read_script(options["script"], names=variables, version=self._context.release)
            return _scripted(script, name, numeric=accepts is not None)
        assert name is not None
        if not missing:
            return lambda document: document.values(name)
        return lambda document: document.values(name) or missing


def _scripted(script: Script, name: str | None, *, numeric: bool) -> Read:
    def of(document: Document) -> Sequence[Any]:
        is_date = document.index.mapping.is_date
        if name:
            found = [script.on(document.values, is_date, _value=value) for value in document.values(name)]
        else:
            value = script.on(document.values, is_date)
            found = value if isinstance(value, list) else [value]
        known = [value for value in found if value is not None]
        return [value for value in map(script.as_number, known) if math.isfinite(value)] if numeric else known

    return of


def grouped(documents: Iterable[Document], of: Read) -> dict[Any, list[Document]]:
    """Documents by their values, each once for every value it has."""
    groups: dict[Any, list[Document]] = {}
    for document in documents:
        values = of(document)
        for value in values if len(values) < 2 else dict.fromkeys(values):
            if value in groups:
                groups[value].append(document)
            else:
                groups[value] = [document]
    return groups
