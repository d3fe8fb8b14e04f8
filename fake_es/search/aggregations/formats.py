"""Formats of values: ``key_as_string``, ``value_as_string`` (``DocValueFormat``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timezone, tzinfo
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from fake_es.mapping.dates import DEFAULT, date_format, date_text
from fake_es.wire.date_math import UNPARSABLE_DATE
from fake_es.wire.errors import IllegalArgument, ParseError
from fake_es.wire.java import java_text

NUMBERS = frozenset({"long", "integer", "short", "byte", "unsigned_long", "double", "float", "half_float", "scaled_float"})
# Enough for the digits of the greatest double, and some after the decimal point.
_DIGITS = Context(prec=400)
# The end of the year 9999: later dates cannot be formatted.
LATEST = 253_402_300_799_999


class Format:
    """No format: numbers have no text beside them."""

    def text(self, value: Any) -> str:
        """The value as text."""
        return str(value)

    def key(self, value: Any) -> Any:
        """The value as JSON, in keys of ``composite``, in ``sort`` and ``fields``."""
        return value


RAW = Format()


class BooleanFormat(Format):
    """``true`` and ``false``."""

    def text(self, value: Any) -> str:
        return "true" if value else "false"

    def key(self, value: Any) -> Any:
        return bool(value)


@dataclass(frozen=True)
class DateFormat(Format):
    """Dates with a ``format`` in a time zone."""

    form: str = DEFAULT
    zone: tzinfo = timezone.utc

    def text(self, value: Any) -> str:
        return date_text(value, self.form, self.zone)

    def key(self, value: Any) -> Any:
        return self.text(value)

    def read(self, value: Any, now: int) -> int:
        """Parse a date, perhaps with date maths, or a number, to epoch milliseconds.

        :raises ParseError: it cannot be parsed.
        """
        if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LATEST:
            return int(value)
        try:
            return date_format(self.form).parse_maths(value, now, self.zone)
        except (ValueError, OverflowError):
            raise ParseError(UNPARSABLE_DATE.format(value=java_text(value), format=self.form)) from None


@dataclass(frozen=True)
class DecimalFormat(Format):
    """Numbers with a pattern of Java's ``DecimalFormat``: ``#,##0.00``, ``0.0%``, ``$000``."""

    pattern: str

    def text(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        positive, _, negative = self.pattern.partition(";")
        sign = "-" if value < 0 else ""
        if sign and negative:
            positive, sign = negative, ""
        return sign + _decimal(abs(Decimal(repr(float(value)))), positive)

    def key(self, value: Any) -> Any:
        return self.text(value)


def _decimal(value: Decimal, pattern: str) -> str:
    digits = [at for at, letter in enumerate(pattern) if letter in "#0,."]
    if not digits:
        return pattern + f"{value.normalize():f}"
    before, core, behind = pattern[: digits[0]], pattern[digits[0] : digits[-1] + 1], pattern[digits[-1] + 1 :]
    whole, _, fraction = core.partition(".")
    if "%" in pattern:
        value *= 100
    rounded = value.quantize(Decimal(1).scaleb(-len(fraction)), rounding=ROUND_HALF_EVEN, context=_DIGITS)
    units, _, decimals = f"{rounded:f}".partition(".")
    least = fraction.rfind("0") + 1
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    return before + _units(units, whole) + (f".{decimals}" if decimals else "") + behind


def _units(units: str, pattern: str) -> str:
    needed = pattern.replace(",", "").count("0")
    padded = units.lstrip("0").rjust(needed, "0")
    if "," not in pattern:
        return padded
    group = len(pattern) - pattern.rfind(",") - 1
    if not group:
        raise IllegalArgument(f'Malformed pattern "{pattern}"')
    first = len(padded) % group
    groups = [padded[:first]] if first else []
    return ",".join(groups + [padded[at : at + group] for at in range(first, len(padded), group)])


def format_of(kind: str | None, form: str | None, field_form: str | None, zone: tzinfo | None) -> Format:
    """The format for a field of type ``kind``: ``form`` of the request, or else ``field_form`` of the mapping."""
    if kind in ("date", "date_nanos"):
        return DateFormat(form or field_form or DEFAULT, zone or timezone.utc)
    if kind == "boolean":
        return BooleanFormat()
    return DecimalFormat(form) if form and (kind is None or kind in NUMBERS) else RAW
