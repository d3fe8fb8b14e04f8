"""Buckets over time: ``date_histogram``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timezone
from typing import Any

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.errors import NoInterval
from fake_es.search.aggregations.formats import LATEST, DateFormat
from fake_es.search.aggregations.histograms import SHARED, AnyHistogram
from fake_es.search.aggregations.registry import Definition, aggregation
from fake_es.search.aggregations.rounding import CALENDAR_UNITS, Rounding
from fake_es.search.aggregations.values import SCALAR, TIME_ZONE
from fake_es.wire.durations import parse_time_value
from fake_es.wire.errors import ElasticsearchError, IllegalArgument
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import STRING, Field

_NAMES = frozenset({"interval", "calendar_interval", "fixed_interval"})
# ``interval`` was the only one before 7.2 and was removed in 8.0.
INTERVALS = (
    Field("interval", SCALAR, until=(8, 0)),
    Field("calendar_interval", STRING, since=(7, 2)),
    Field("fixed_interval", STRING, since=(7, 2)),
    Field("offset", SCALAR),
    TIME_ZONE,
)


def rounding_of(options: dict[str, Any], release: tuple[int, ...]) -> Rounding:
    """Read the interval, ``offset`` and ``time_zone`` of a request.

    :raises NoInterval: no interval is given.
    :raises IllegalArgument: two intervals are given, or one that cannot be parsed.
    """
    given = [name for name in options if name in _NAMES and options[name] is not None]
    if not given:
        raise NoInterval(messages.NO_INTERVAL)
    if len(given) > 1:
        template = messages.INTERVAL_TOO if given[1] == "interval" else messages.TWO_INTERVALS
        raise IllegalArgument(template.format(first=given[0], second=given[1]))
    unit = _UNITS[given[0]](options[given[0]], release)
    return Rounding(unit, options.get("time_zone") or timezone.utc, offset_of(options.get("offset", 0), release))


def _calendar(value: str, release: tuple[int, ...]) -> str:
    if value not in CALENDAR_UNITS:
        raise IllegalArgument(messages.BAD_CALENDAR.format(interval=value))
    return CALENDAR_UNITS[value]


def _fixed(value: str, release: tuple[int, ...]) -> int:
    width = parse_time_value(value, "date_histogram.fixedInterval", release).ms
    if width <= 0:
        raise IllegalArgument("Zero or negative time interval not supported")
    return width


def _legacy(value: Any, release: tuple[int, ...]) -> str | int:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < 1:
            raise IllegalArgument(messages.INTERVAL_TOO_SMALL)
        return whole_of(value, "long")
    if isinstance(value, str) and value in CALENDAR_UNITS:
        return CALENDAR_UNITS[value]
    try:
        return _fixed(str(value), release)
    except ElasticsearchError:
        raise IllegalArgument(messages.BAD_INTERVAL.format(interval=value)) from None


_UNITS: dict[str, Callable[[Any, tuple[int, ...]], str | int]] = {
    "calendar_interval": _calendar,
    "fixed_interval": _fixed,
    "interval": _legacy,
}


def offset_of(value: Any, release: tuple[int, ...]) -> int:
    """The option ``offset`` in milliseconds.

    :raises IllegalArgument: it is not a time, or further than the latest date.
    """
    if not isinstance(value, str):
        size = whole_of(value, "long")
    else:
        text = value.lstrip("+-")
        size = parse_time_value(text, "DateHistogramAggregationBuilder.parseOffset", release).ms
        size = -size if value.startswith("-") else size
    if abs(size) > LATEST:
        # A real cluster allows more, and its buckets get keys beyond the year 9999.
        raise IllegalArgument(messages.OFFSET_TOO_LARGE.format(offset=value))
    return size


@aggregation("date_histogram", *SHARED, *INTERVALS)
class DateHistogram(AnyHistogram):
    """One bucket for each calendar unit, or for each fixed interval."""

    excludes_upper = True

    def prepare_interval(self, definition: Definition) -> None:
        self.rounding = rounding_of(self.options, self.context.release)
        if self.values.kind is None:
            self.values.format = DateFormat(self.options.get("format") or DateFormat.form)

    def key_of(self, value: Any) -> int:
        return self.rounding.down(value)

    def keys_between(self, first: int, last: int) -> Iterable[int]:
        self.check_bucket_limit((last - first) // (2 * self.rounding.width))
        keys = [first]
        while keys[-1] < last:
            keys.append(self.rounding.following(keys[-1]))
        return keys

    def bound(self, value: Any) -> float:
        form = self.values.format if isinstance(self.values.format, DateFormat) else DateFormat()
        return self.rounding.down(form.read(value, self.context.now))
