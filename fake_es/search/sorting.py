"""The order of hits: ``sort`` and ``search_after``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fake_es.indices.document import Document
from fake_es.mapping.field_types import Boolean, Date, Float, Integer
from fake_es.search import messages
from fake_es.search.errors import NoFielddata
from fake_es.search.query.base import QueryContext
from fake_es.wire.errors import IllegalArgument, NotImplementedHere, ParsingError
from fake_es.wire.java import java_text
from fake_es.wire.object_parser import token


def _median(values: Sequence[Any]) -> Any:
    # Imported here because it takes longer to load than the rest of this module.
    from statistics import median

    return median(values)


_MODES: dict[str, Callable[[Sequence[Any]], Any]] = {
    "min": min,
    "max": max,
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
    "median": _median,
}
_OPTIONS = frozenset({
    "order", "missing", "mode", "unmapped_type", "format", "numeric_type", "nested", "nested_path", "nested_filter",
    "ignore_unmapped",
})  # fmt: skip
_MAX_LONG = (1 << 63) - 1


class SortKey:
    """One entry of ``sort``: a field, ``_score`` or ``_doc``."""

    __slots__ = ("_missing", "_mode", "descending", "field", "form", "unmapped_type")

    def __init__(self, field: str, options: dict[str, Any]) -> None:
        self.field = field
        self.descending = java_text(options.get("order", "desc" if field == "_score" else "asc")).lower() == "desc"
        self._mode = options.get("mode") or ("max" if self.descending else "min")
        self._missing = options.get("missing", "_last")
        self.unmapped_type = options.get("unmapped_type")
        self.form = options.get("format")

    @property
    def missing_first(self) -> bool:
        """Whether documents without a value come before those that have one."""
        return bool(self._missing == "_first")

    def check(self, context: QueryContext) -> None:
        """Check that the documents of this index can be sorted by the field.

        :raises QueryShard: the field is not mapped.
        :raises NoFielddata: fields of this type have no values to sort by.
        """
        if self.field in ("_score", "_doc", "_shard_doc"):
            return
        type_ = context.index.mapping.field(self.field)
        if type_ is None:
            if self.unmapped_type is None:
                raise context.shard_failure(messages.NO_MAPPING_FOR_SORT.format(field=self.field))
        elif not type_.has_values:
            text = messages.TEXT_FIELDDATA if type_.is_text else messages.NO_DOC_VALUES
            raise NoFielddata(text.at(context.release, field=self.field, kind=type_.kind))

    def value(self, document: Document, score: float | None) -> Any:
        """The value by which a document is sorted; None if it has no value."""
        if self.field == "_score":
            return score
        if self.field in ("_doc", "_shard_doc"):
            return document.ordinal
        values = document.values(self.field)
        if values:
            return values[0] if len(values) == 1 else _MODES[self._mode](values)
        if self._missing in ("_last", "_first"):
            return None
        type_ = document.index.mapping.field(self.field)
        return self._missing if type_ is None else type_.term(self._missing)

    def hit_value(self, document: Document, score: float | None) -> Any:
        """The value in ``sort`` of a hit: for a missing number or date the greatest or smallest one."""
        value = self.value(document, score)
        type_ = document.index.mapping.field(self.field)
        if value is None:
            low = self.missing_first != self.descending
            if isinstance(type_, Float):
                return "-Infinity" if low else "Infinity"
            return (-_MAX_LONG - 1 if low else _MAX_LONG) if isinstance(type_, (Integer, Date, Boolean)) else None
        return int(value) if isinstance(value, bool) else value

    def after(self, given: Any, context: QueryContext | None) -> Any:
        """Convert a value of ``search_after`` to the type of the field; None for one that stands for a missing value."""
        type_ = None if context is None else context.index.mapping.field(self.field)
        if given is None or given in (_MAX_LONG, -_MAX_LONG - 1, "Infinity", "-Infinity"):
            return None
        if isinstance(type_, Date):
            assert context is not None
            from datetime import timezone

            return type_.bound(given, context.now, timezone.utc, round_up=False, form=self.form)
        return given if type_ is None or isinstance(type_, Boolean) else type_.term(given)


def parse_sort(tree: Any) -> list[SortKey]:
    """Parse ``sort`` of a body: a name, an object, or a list of them.

    :raises ElasticsearchError: it is something else, or has an unknown option or a wrong value.
    :raises NotImplementedHere: by script, distance or nested field.
    """
    keys = []
    for entry in tree if isinstance(tree, list) else [tree]:
        if isinstance(entry, str):
            keys.append(SortKey(entry, {}))
        elif isinstance(entry, dict):
            keys += [_key(field, options) for field, options in entry.items()]
        else:
            raise IllegalArgument("malformed sort format, within the sort array, an object, or an actual string are allowed")
    return keys


def _key(field: str, options: Any) -> SortKey:
    if field in ("_script", "_geo_distance", "_geoDistance"):
        raise NotImplementedHere(f"sorting by [{field}] is not emulated by fake_es")
    options = options if isinstance(options, dict) else {"order": options}
    for option in options:
        if option not in _OPTIONS:
            raise ParsingError(f"[field_sort] unknown field [{option}]")
    if options.get("nested") or options.get("nested_path"):
        raise NotImplementedHere("sorting by nested fields is not emulated by fake_es")
    for option in ("format", "unmapped_type", "numeric_type"):
        if not isinstance(options.get(option, ""), str):
            raise ParsingError(f"[field_sort] {option} doesn't support values of type: {token(options[option])}")
    order = java_text(options.get("order", "asc")).lower()
    if order not in ("asc", "desc"):
        raise IllegalArgument(messages.NO_SORT_ORDER.format(value=order.upper()))
    if java_text(options.get("mode", "min")) not in _MODES:
        raise IllegalArgument(f"Unknown SortMode [{java_text(options['mode'])}]")
    return SortKey(field, options)


def ordered(documents: list[Document], keys: Sequence[SortKey], scores: dict[int, float]) -> list[Document]:
    """Sort documents by the keys. The sort is stable. ``scores`` are by Python's ``id`` of the document."""
    for key in reversed(keys):
        documents = _sorted_by_key(documents, key, scores)
    return documents


def _sorted_by_key(documents: list[Document], key: SortKey, scores: dict[int, float]) -> list[Document]:
    present, absent = [], []
    for document in documents:
        value = key.value(document, scores.get(id(document)))
        if value is None:
            absent.append(document)
        else:
            present.append((value, document))
    present.sort(key=lambda pair: pair[0], reverse=key.descending)
    sorted_ = [document for _, document in present]
    return absent + sorted_ if key.missing_first else sorted_ + absent


def position_after(
    documents: Sequence[Document], keys: Sequence[SortKey], after: Sequence[Any], scores: dict[int, float]
) -> int:
    """How many of the sorted documents come before or at the sort values ``after``."""
    low, high = 0, len(documents)
    while low < high:
        middle = (low + high) // 2
        document = documents[middle]
        if _is_after(document, keys, after, scores.get(id(document))):
            high = middle
        else:
            low = middle + 1
    return low


def _is_after(document: Document, keys: Sequence[SortKey], after: Sequence[Any], score: float | None) -> bool:
    for key, bound in zip(keys, after):
        value = key.value(document, score)
        if value == bound:
            continue
        if value is None or bound is None:
            return (value is None) != key.missing_first
        return bool(value < bound) == key.descending
    return False
