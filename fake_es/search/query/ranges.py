"""Range queries."""

from __future__ import annotations

from datetime import timezone
from typing import Any

from fake_es.indices.columns import Runs, Slice
from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.mapping.errors import not_an_ip
from fake_es.mapping.field_types import Date, FieldType, Ip
from fake_es.search import messages
from fake_es.search.query.base import MatchNone, Query, QueryContext
from fake_es.search.query.options import boosted, field_and_options
from fake_es.wire.date_math import parse_zone
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere, ParseError
from fake_es.wire.java import java_text

_OPTIONS = (
    "gt", "gte", "lt", "lte", "from", "to", "include_lower", "include_upper", "format", "time_zone", "boost", "relation",
    "_name",
)  # fmt: skip
# If the range has fewer than this many times the given documents, a set of these is faster than reading their values.
_SET_IS_FASTER = 4


class Range(Query):
    """Documents with a value from ``low`` to ``high``; None means no limit. ``over`` and ``under`` exclude the ends."""

    def __init__(self, field: str, low: Any, high: Any, *, over: bool = False, under: bool = False) -> None:
        self._field = field
        self._low, self._high, self._over, self._under = low, high, over, under

    def matches(self, document: HasValues) -> bool:
        return any(self._contains(value) for value in document.terms(self._field))

    def _contains(self, value: Any) -> bool:
        low, high = self._low, self._high
        if low is not None and (value <= low if self._over else value < low):
            return False
        return not (high is not None and (value >= high if self._under else value > high))

    def estimate(self, index: Index) -> int:
        return sum(stop - start for _, start, stop in self._slices(index))

    def select(self, index: Index) -> list[int]:
        return self._ordinals(index, self._slices(index))

    def select_within(self, index: Index, field: str, term: Any) -> list[int]:
        """``select``, but only documents whose ``field`` has the value ``term``. Its time depends on their number alone."""
        column, among = index.lookup(self._field), index.lookup(field)
        if column is None or among is None:
            return []
        runs = column.runs_within((field, term), among.postings().get(term))
        return self._ordinals(index, self._slices_of(runs))

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        slices = self._slices(index)
        if sum(stop - start for _, start, stop in slices) < _SET_IS_FASTER * len(ordinals):
            wanted = set(ordinals)
            return list(set().union(*(wanted.intersection(among[start:stop]) for among, start, stop in slices)))
        column = index.lookup(self._field)
        if column is None:
            return []
        values, contains = column.values, self._contains
        return [ordinal for ordinal in ordinals if any(map(contains, values[ordinal]))]

    def _slices(self, index: Index) -> list[Slice]:
        column = index.lookup(self._field)
        return [] if column is None else self._slices_of(column.runs())

    def _slices_of(self, runs: Runs) -> list[Slice]:
        return runs.slices(self._low, self._high, over=self._over, under=self._under)

    def _ordinals(self, index: Index, slices: list[Slice]) -> list[int]:
        if len(slices) == 1 and index.lookup(self._field).single:  # type: ignore[union-attr]
            ordinals, start, stop = slices[0]
            return index.alive(ordinals[start:stop])
        return index.alive({ordinal for ordinals, start, stop in slices for ordinal in ordinals[start:stop]})


class AddressRange(Query):
    """Documents with an IP address from ``low`` to ``high``, both included; for the numbers see ``address_number``."""

    def __init__(self, field: str, low: int, high: int) -> None:
        self._field = field
        self._low, self._high = low, high

    def matches(self, document: HasValues) -> bool:
        return any(self._low <= address_number(value) <= self._high for value in document.values(self._field))


def address_number(text: str) -> int:
    """An IP address as a number of 128 bits. An IPv4 address has the number of its IPv4-mapped IPv6 address."""
    from ipaddress import ip_address

    address = ip_address(text)
    return int(address) + (0xFFFF << 32 if address.version == 4 else 0)


def address_range(field: str, text: str) -> Query:
    """The query for addresses in a network such as ``10.0.0.0/8``.

    :raises IllegalArgument: ``text`` is not a network.
    """
    from ipaddress import ip_network

    try:
        network = ip_network(text, strict=False)
    except ValueError:
        raise not_an_ip(text) from None
    return AddressRange(field, address_number(str(network[0])), address_number(str(network[-1])))


def parse_range(tree: Any, context: QueryContext) -> Query:
    """``{"range": {"field": {"gte": ..., "lt": ...}}}``; ``from`` and ``to`` with ``include_lower`` and ``include_upper``."""
    field, options = field_and_options("range", tree, context, "value", _OPTIONS)
    if "value" in options:
        raise context.failure(messages.QUERY_OPTION.format(query="range", option=field), tree, field)
    type_ = context.field(field)
    if type_ is None:
        return MatchNone()
    return boosted(range_of(type_.name, type_, options, context), options)


def range_of(field: str, type_: FieldType, options: dict[str, Any], context: QueryContext) -> Query:
    """The query for the range with these ``options``: ``gt``, ``gte``, ``lt``, ``lte``, ``format``, ``time_zone`` and so on.

    :raises IllegalArgument: an unknown time zone.
    :raises QueryShard: an end is not a value of this type of field.
    """
    low, high, over, under = ends_of(options)
    try:
        zone = parse_zone(java_text(options.get("time_zone", "Z"))) if options.get("time_zone") else timezone.utc
    except ValueError:
        raise IllegalArgument(messages.UNKNOWN_ZONE.format(zone=options["time_zone"])) from None
    form = options.get("format")
    if form is not None and not isinstance(form, str):
        raise context.failure(messages.QUERY_OPTION.format(query="range", option="format"), options, "format")
    form = form if isinstance(type_, Date) else None
    try:
        # Missing or rounded parts of a date become the latest possible ones for ``gt`` and ``lte``, the earliest otherwise.
        first = None if low is None else type_.bound(low, context.now, zone, round_up=over, form=form)
        last = None if high is None else type_.bound(high, context.now, zone, round_up=not under, form=form)
    except (NotImplementedHere, ParseError):
        raise
    except ElasticsearchError as cause:
        raise context.shard_failure(messages.CREATE_QUERY.format(why=cause.reason), cause) from None
    if isinstance(type_, Ip):
        lowest = 0 if first is None else address_number(first) + over
        highest = (1 << 128) - 1 if last is None else address_number(last) - under
        return AddressRange(field, lowest, highest)
    return Range(field, first, last, over=over, under=under)


def ends_of(options: dict[str, Any]) -> tuple[Any, Any, bool, bool]:
    """Both ends of a range, and whether each is excluded. If an end is given under several names, the last one counts."""
    ends: dict[str, Any] = {"low": None, "high": None}
    excluded = {"low": False, "high": False}
    for name, value in options.items():
        if name in _ENDS:
            end, excludes = _ENDS[name]
            ends[end] = value
            excluded[end] = excluded[end] if excludes is None else excludes
        elif name in ("include_lower", "include_upper"):
            excluded["low" if name == "include_lower" else "high"] = value in (False, "false")
    return ends["low"], ends["high"], excluded["low"], excluded["high"]


# Options, the end each sets, and whether it excludes the end (None: ``include_lower`` and ``include_upper`` decide).
_ENDS: dict[str, tuple[str, bool | None]] = {
    "gt": ("low", True), "gte": ("low", False), "from": ("low", None),
    "lt": ("high", True), "lte": ("high", False), "to": ("high", None),
}  # fmt: skip
