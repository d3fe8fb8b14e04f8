"""Durations of Elasticsearch (``TimeValue``): ``30m``, ``1.5s``, ``-1``."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from fake_es.wire import numbers
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParseError

_NANOS = {
    "nanos": 1, "micros": 1000, "ms": 1_000_000, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9, "d": 86_400 * 10**9,
}  # fmt: skip
_UNIT_AT_END = re.compile(r"(?:nanos|micros|ms|s|m|h|d)\Z")
_LARGEST_FIRST = tuple(reversed(_NANOS.items()))


class TimeValue(NamedTuple):
    """A duration with the unit of the request; ``str()`` returns it in this unit (``getStringRep``).

    The text of a negative duration has only the amount, without a unit.
    """

    amount: float
    unit: str

    @property
    def ms(self) -> int:
        """Whole milliseconds, limited to the range of Java's ``long`` (``TimeUnit.toMillis``)."""
        whole, size = int(self.amount), _NANOS[self.unit]
        exact = whole * size // 1_000_000 if whole == self.amount and whole >= 0 else int(self.amount * size / 1_000_000)
        return min(max(exact, numbers.LONG_MIN), numbers.LONG_MAX)

    @property
    def nanos(self) -> int:
        """Whole nanoseconds, limited to the range of Java's ``long`` (``TimeUnit.toNanos``)."""
        return min(max(int(self.amount * _NANOS[self.unit]), numbers.LONG_MIN), numbers.LONG_MAX)

    @property
    def text(self) -> str:
        """``TimeValue.toString``: the largest suitable unit, with at most one decimal (truncated)."""
        nanos = self.nanos
        if nanos < 0:
            return str(self)
        for unit, size in _LARGEST_FIRST:
            if nanos >= size:
                tenths = nanos * 10 // size
                return f"{tenths // 10}{unit}" if tenths % 10 == 0 else f"{tenths / 10}{unit}"
        return "0s"

    def __str__(self) -> str:
        whole = int(self.amount)
        if self.amount < 0:
            return str(whole)
        return f"{whole if whole == self.amount else self.amount}{self.unit}"


MINUS_ONE = TimeValue(-1, "ms")


@lru_cache(maxsize=512)
def parse_time_value(text: str, setting: str, version: tuple[int, ...]) -> TimeValue:
    """Parse a duration like ``TimeValue.parseTimeValue``; ``setting`` is its name in errors.

    :raises IllegalArgument: no unit, no number, a fraction (from 6.0) or a negative duration (from 8.0). Up to 6.2 it is a
        ParseError.
    """
    refusal = IllegalArgument if version >= (6, 3) else ParseError
    stripped = text.strip()
    if re.fullmatch(r"-0*1", stripped):
        return MINUS_ONE
    if re.fullmatch(r"0+", stripped):
        return TimeValue(0, "ms")
    # Only minutes are case-sensitive, because M means months in date maths.
    unit = None if stripped.endswith("M") else _UNIT_AT_END.search(stripped.lower())
    if unit is None:
        raise refusal(
            f"failed to parse setting [{setting}] with value [{text}] as a time value: unit is missing or unrecognized"
        )
    amount = _amount(stripped[: unit.start()].strip(), text, version, refusal)
    if amount < -1 and version >= (8, 0):
        raise refusal(
            f"failed to parse setting [{setting}] with value [{text}] as a time value: negative durations are not supported"
        )
    return TimeValue(amount, unit[0])


def _amount(digits: str, text: str, version: tuple[int, ...], refusal: type[ElasticsearchError]) -> float:
    number = numbers.whole(digits)
    if number is not None:
        return number
    fraction = re.fullmatch(r"[+-]?(\d{1,300}\.\d*|\.\d+)", digits, re.ASCII)
    if fraction is None:
        raise refusal(f"failed to parse [{text}]")
    if version >= (6, 0):
        raise refusal(f"failed to parse [{text}], fractional time values are not supported")
    return float(digits)


def duration_ms(text: str) -> int | None:
    """Milliseconds of a duration, which may have a fraction; None if it is not one. For parameters of fake_es itself."""
    shape = re.fullmatch(r"\s*(\d{1,18}(?:\.\d+)?)\s*(ms|s|m|h|d)\s*", text, re.ASCII)
    return round(float(shape[1]) * _NANOS[shape[2]] / 1_000_000) if shape else None


def time_text(milliseconds: int) -> str:
    """Milliseconds in the form of ``TimeValue.toString``."""
    return TimeValue(milliseconds, "ms").text
