"""The histogram that a datafeed's aggregations must contain, and the rules for its place (``DatafeedConfigUtils``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from fake_es.ml.config.datafeed import messages
from fake_es.wire.durations import parse_time_value
from fake_es.wire.errors import IllegalArgument, bad_request

Tree = dict[str, Any]

_MINUTE, _WEEK = 60_000, 7 * 86_400_000
_UNITS = {
    **dict.fromkeys(("second", "1s"), 1000), **dict.fromkeys(("minute", "1m"), _MINUTE),
    **dict.fromkeys(("hour", "1h"), 60 * _MINUTE), **dict.fromkeys(("day", "1d"), 1440 * _MINUTE),
    **dict.fromkeys(("week", "1w"), _WEEK),
}  # fmt: skip
_TOO_LONG = frozenset(("month", "1M", "quarter", "1q", "year", "1y"))
_UTC = frozenset(("UTC", "Z", "GMT", "Etc/UTC", "+00:00", "-00:00", "0"))


class Histogram(NamedTuple):
    """The histogram of a datafeed.

    ``interval`` is in milliseconds; ``field`` is the time field. ``source`` is the name of the source in a composite
    aggregation, None for a plain histogram.
    """

    interval: int
    field: str
    source: str | None = None


class _Aggregation(NamedTuple):
    name: str
    kind: str
    options: Tree
    subs: Tree


def _members(aggs: Tree, version: tuple[int, ...]) -> Iterator[_Aggregation]:
    """The aggregations of one level, without pipeline aggregations."""
    # Few datafeeds aggregate, so the aggregations are not loaded with every job.
    from fake_es.search.aggregations.registry import kind_of

    for name, body in aggs.items():
        kind = next(key for key in body if key not in ("aggs", "aggregations", "meta"))
        known = kind_of(kind, version)
        if known is None or not known.is_pipeline:
            yield _Aggregation(name, kind, body[kind], body.get("aggregations", body.get("aggs", {})))


def histogram_of(aggs: Tree, version: tuple[int, ...]) -> Histogram:
    """The only histogram of parsed aggregations.

    :raises ElasticsearchError: 400, there is no histogram, or it is in a place where it is not allowed.
    """
    found = _find(aggs, version)
    histogram = _composite(found, aggs, version) if found.kind == "composite" else _plain(found, version)
    inner = list(_members(found.subs, version))
    if any(member.kind in ("histogram", "date_histogram") for member in _below(inner, version)):
        raise bad_request(messages.HISTOGRAM_TWICE)
    if not any(member.kind == "max" and member.options.get("field") == histogram.field for member in inner):
        raise bad_request(messages.MAX_NEEDED.format(field=histogram.field))
    if histogram.interval <= 0:
        raise bad_request(messages.INTERVAL_POSITIVE)
    return histogram


def _find(aggs: Tree, version: tuple[int, ...]) -> _Aggregation:
    level = list(_members(aggs, version))
    if not level:
        raise bad_request(messages.HISTOGRAM_NEEDED)
    if len(level) > 1:
        composite = next((member for member in level if member.kind == "composite"), None)
        if composite is not None and version >= (7, 13):
            raise bad_request(messages.COMPOSITE_ALONE.format(name=composite.name))
        raise bad_request(messages.HISTOGRAM_SIBLINGS)
    only = level[0]
    if only.kind in ("histogram", "date_histogram") or (only.kind == "composite" and version >= (7, 13)):
        return only
    return _find(only.subs, version)


def _below(members: list[_Aggregation], version: tuple[int, ...]) -> Iterator[_Aggregation]:
    for member in members:
        yield member
        yield from _below(list(_members(member.subs, version)), version)


def _plain(found: _Aggregation, version: tuple[int, ...]) -> Histogram:
    options = found.options
    if found.kind == "histogram":
        return Histogram(int(float(options.get("interval") or 0)), str(options.get("field")))
    return Histogram(_interval(options, version), str(options.get("field")))


def _composite(found: _Aggregation, aggs: Tree, version: tuple[int, ...]) -> Histogram:
    if found.name not in aggs:
        raise bad_request(messages.COMPOSITE_ALONE.format(name=found.name))
    if len(aggs) > 1:
        raise bad_request(messages.COMPOSITE_PIPELINES)
    sources = [(name, *next(iter(source.items()))) for item in _listed(found.options) for name, source in item.items()]
    dates = [(name, options) for name, kind, options in sources if kind == "date_histogram"]
    if len(dates) != 1:
        raise bad_request(messages.COMPOSITE_SOURCE.format(name=found.name))
    name, options = dates[0]
    if options.get("missing_bucket") in (True, "true"):
        raise bad_request(messages.COMPOSITE_MISSING.format(name=found.name, source=name))
    if str(options.get("order", "asc")).lower() != "asc":
        raise bad_request(messages.COMPOSITE_ORDER.format(name=found.name, source=name))
    return Histogram(_interval(options, version), str(options.get("field")), name)


def _listed(options: Tree) -> list[Tree]:
    sources = options.get("sources", [])
    return sources if isinstance(sources, list) else [sources]


def _interval(options: Tree, version: tuple[int, ...]) -> int:
    """Interval of a date histogram in milliseconds.

    :raises ElasticsearchError: 400, no interval (from 7.2), a time zone other than UTC, or more than a week.
    """
    if str(options.get("time_zone", "UTC")) not in _UTC:
        raise bad_request(messages.NOT_UTC)
    names = ("calendar_interval", "fixed_interval", "interval")
    given = [(name, options[name]) for name in names if options.get(name) is not None]
    if not given and version >= (7, 2):
        raise IllegalArgument(messages.NO_INTERVAL)
    if not given:
        return 0
    name, value = given[0]
    if isinstance(value, (int, float)):
        return int(value)
    if name != "fixed_interval" and value in _UNITS:
        return _UNITS[value]
    if name != "fixed_interval" and value in _TOO_LONG:
        raise bad_request(messages.INTERVAL_ABOVE_WEEK.format(interval=value))
    interval = parse_time_value(value, "date_histogram.interval", version).ms
    if name != "fixed_interval" and interval > _WEEK:
        raise bad_request(messages.INTERVAL_ABOVE_WEEK.format(interval=value))
    return interval
