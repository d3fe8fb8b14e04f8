"""``composite``: buckets by combinations of values, page by page."""

from __future__ import annotations

import json
import math
from collections import Counter
from heapq import nsmallest
from itertools import product
from typing import Any

from fake_es.mapping.field_types import Date
from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import AggregationContext, Document, Documents
from fake_es.search.aggregations.date_histogram import INTERVALS, rounding_of
from fake_es.search.aggregations.formats import RAW, BooleanFormat, DateFormat, Format
from fake_es.search.aggregations.registry import Aggregation, Definition, aggregation
from fake_es.search.aggregations.results import Buckets, Result
from fake_es.search.aggregations.values import FORMATTED, NUMERIC, Read, Values
from fake_es.search.messages import NO_SORT_ORDER
from fake_es.wire.errors import IllegalArgument, NotImplementedHere, NumberFormat, ParsingError
from fake_es.wire.java import java_text
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import ANY, BOOLEAN, DOUBLE, INT, OBJECT, STRING, Body, Field, ObjectParser, reading

Key = tuple[Any, ...]


def _order(value: str, body: Body) -> bool:
    if value.lower() not in ("asc", "desc"):
        raise IllegalArgument(NO_SORT_ORDER.format(value=value.upper()))
    return value.lower() == "desc"


_SHARED = (
    *FORMATTED, Field("missing_bucket", BOOLEAN, since=(6, 4)), Field("missing_order", STRING, since=(7, 13)),
    Field("order", reading(STRING, _order)),
)  # fmt: skip


class Source:
    """One source of a composite aggregation, which gives one part of each key."""

    accepts: frozenset[str] | None = None

    def __init__(self, name: str, definition: Definition, options: dict[str, Any], context: AggregationContext) -> None:
        """``options`` are already parsed.

        :raises ElasticsearchError: they do not go together, or not with the mapping.
        """
        self.name = name
        self._values = Values(definition, options, context, self.accepts)
        self._missing = options.get("missing_bucket", False)
        self._descending: bool = options.get("order", False)
        where = options.get("missing_order", "default")
        self._missing_first = where == "first" or (where == "default" and not self._descending)
        # Dates are numbers in keys unless the request gives a format (TermsValuesSourceBuilder).
        keeps_format = "format" in options or isinstance(self._values.format, BooleanFormat)
        self.format: Format = self._values.format if keeps_format else RAW
        self.rounded = self.prepare(options, context)
        self.keys: Read = self._keys_or_none if self._missing else self._keys

    def prepare(self, options: dict[str, Any], context: AggregationContext) -> Any:
        """A function from a value to the part of the key; None if values are parts of keys as they are."""
        return None

    def ranks(self, keys: set[Any]) -> dict[Any, int]:
        """The position of each part in the order of this source."""
        ordered = sorted((key for key in keys if key is not None), reverse=self._descending)
        if None in keys:
            ordered.insert(0 if self._missing_first else len(ordered), None)
        return {key: position for position, key in enumerate(ordered)}

    def read(self, value: Any, context: AggregationContext) -> Any:
        """Convert a value of ``after`` to a part of a key.

        :raises ElasticsearchError: the source has no such values.
        """
        if value is None:
            if not self._missing:
                raise IllegalArgument(messages.AFTER_INVALID.format(name=self.name, value="null"))
            return None
        if isinstance(self.format, DateFormat):
            return self.format.read(value, context.now)
        if isinstance(value, (dict, list)):
            raise IllegalArgument(messages.AFTER_INVALID.format(name=self.name, value=java_text(value)))
        field = self._values.field
        return value if field is None else _whole(value) if isinstance(field, Date) else field.term(value)

    def _keys(self, document: Document) -> Any:
        values = self._values.of(document)
        return values if self.rounded is None else [self.rounded(value) for value in values]

    def _keys_or_none(self, document: Document) -> Any:
        return self._keys(document) or (None,)


class DateSource(Source):
    """Dates by interval."""

    accepts = NUMERIC

    def prepare(self, options: dict[str, Any], context: AggregationContext) -> Any:
        return rounding_of(options, context.release).down


class NumberSource(Source):
    """Numbers by interval."""

    accepts = NUMERIC

    def prepare(self, options: dict[str, Any], context: AggregationContext) -> Any:
        interval = options.get("interval", 0.0)
        if not 0 < interval < math.inf:
            raise IllegalArgument("[interval] must be greater than 0 for [histogram] source")
        return lambda value: value // interval * interval


_SOURCES: dict[str, tuple[ObjectParser, type[Source]]] = {
    "terms": (ObjectParser("terms", _SHARED), Source),
    "histogram": (ObjectParser("histogram", (*_SHARED, Field("interval", DOUBLE))), NumberSource),
    "date_histogram": (ObjectParser("date_histogram", (*_SHARED, *INTERVALS)), DateSource),
}


def _sources(value: Any, body: Body) -> list[tuple[str, str, dict[str, Any]]]:
    items = value if isinstance(value, list) else [value]
    return [_source(item, body) for item in items]


def _source(item: Any, body: Body) -> tuple[str, str, dict[str, Any]]:
    if not isinstance(item, dict) or len(item) != 1:
        raise ParsingError("Expected a single source in [sources]")
    name, inner = next(iter(item.items()))
    if not isinstance(inner, dict) or len(inner) != 1:
        raise ParsingError(f"Expected a single type in source [{name}]")
    kind, options = next(iter(inner.items()))
    if kind == "geotile_grid" and body.version >= (7, 5):
        raise NotImplementedHere(messages.OPTION_NOT_EMULATED.format(option="geotile_grid", kind="composite"))
    if kind not in _SOURCES:
        raise ParsingError(f"invalid source type: {kind}")
    # Line and column in error messages are those within this source, not within the whole body.
    return name, kind, _SOURCES[kind][0].parse(options, Body(json.dumps(options), body.version))


@aggregation("composite", Field("sources", reading(ANY, _sources)), Field("size", INT), Field("after", OBJECT), since=(6, 1))
class Composite(Aggregation):
    """One bucket for each combination of values, in the order of the sources; ``after`` is the last key of a page."""

    multi = True

    def prepare(self, definition: Definition) -> None:
        parent = definition.parent
        while parent is not None and parent.kind.name in ("nested", "filter"):
            parent = parent.parent
        if parent is not None:
            factory = "".join(word.capitalize() for word in parent.kind.name.split("_")) + "AggregatorFactory"
            raise IllegalArgument(messages.COMPOSITE_BELOW.format(parent=factory))
        self._size = self.options.get("size", 10)
        if self._size <= 0:
            raise IllegalArgument(messages.SIZE_ZERO.format(size=self._size, name=self.name))
        self._sources = self._read_sources(definition)
        self._after = self._read_after(self.options.get("after"))

    def collect(self, documents: Documents) -> Result:
        groups = self._groups(documents)
        ranks = [
            source.ranks({key[at] for key in groups} | ({self._after[at]} if self._after else set()))
            for at, source in enumerate(self._sources)
        ]

        def position(key: Key) -> tuple[int, ...]:
            return tuple([ranked[part] for ranked, part in zip(ranks, key)])

        positions = {position(key): key for key in groups}
        if self._after:
            start = position(self._after)
            positions = {at: key for at, key in positions.items() if at > start}
        page = [positions[at] for at in nsmallest(self._size, positions)]
        pairs = [(key, self._key_json(key)) for key in page]
        buckets = [self.bucket(key, str(key_json), groups[key], {"key": key_json}) for key, key_json in pairs]
        fields = {"after_key": self._key_json(page[-1])} if page and self.context.release >= (6, 3) else {}
        return self.with_pipelines(Buckets("composite", buckets, fields=fields))

    def _read_sources(self, definition: Definition) -> list[Source]:
        given = self.options.get("sources")
        if not given:
            raise IllegalArgument(messages.NO_SOURCES)
        names = [name for name, _, _ in given]
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise IllegalArgument(messages.SAME_SOURCE.format(name=", ".join(twice)))
        return [_SOURCES[kind][1](name, definition, options, self.context) for name, kind, options in given]

    def _read_after(self, after: dict[str, Any] | None) -> Key | None:
        if after is None:
            return None
        if len(after) != len(self._sources):
            raise IllegalArgument(messages.BAD_AFTER.format(given=len(after), needed=len(self._sources)))
        for source in self._sources:
            if source.name not in after:
                raise IllegalArgument(messages.AFTER_MISSING.format(name=source.name))
        return tuple(source.read(after[source.name], self.context) for source in self._sources)

    def _groups(self, documents: Documents) -> dict[Key, list[Document]]:
        groups: dict[Key, list[Document]] = {}
        readers = [source.keys for source in self._sources]
        for document in self.context.paced(documents):
            parts = [read(document) for read in readers]
            # Our own limit: the server goes through all of them, and keeps those of one page.
            self.check_bucket_limit(math.prod(map(len, parts)))
            keys = list(product(*parts))
            for key in keys if len(keys) < 2 else dict.fromkeys(keys):
                groups.setdefault(key, []).append(document)
        return groups

    def _key_json(self, key: Key) -> dict[str, Any]:
        return {source.name: None if part is None else source.format.key(part) for source, part in zip(self._sources, key)}


def _whole(value: Any) -> int:
    try:
        return whole_of(value, "long")
    except NumberFormat as error:
        raise IllegalArgument(error.reason) from None
