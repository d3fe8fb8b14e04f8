"""Processors for dates: date, date_index_name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fake_es.ingest import messages
from fake_es.ingest.config import Config
from fake_es.ingest.document import IngestDocument
from fake_es.ingest.processor import Work, processor
from fake_es.mapping.dates import BadTimeFormat, date_format, date_text
from fake_es.wire.date_math import apply_maths, instant_of, moment_of
from fake_es.wire.errors import IllegalArgument

_OUTPUT = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"
# Formats with other names in ingest than in mappings.
_NAMED = {"ISO8601": "strict_date_optional_time", "UNIX": "epoch_second", "UNIX_MS": "epoch_millis"}
_ROUNDING = {"y": "y", "M": "M", "w": "w", "d": "d", "h": "h", "m": "m", "s": "s"}

# Returns epoch milliseconds.
_Reader = Callable[[Any], int]


def _reader(config: Config, form: str, zone: tzinfo) -> _Reader:
    try:
        known = date_format(_NAMED.get(form, form))
    except BadTimeFormat as error:
        raise config.failure("formats", str(error)) from None
    return lambda value: known.parse(value, zone)


def _zone(config: Config, name: str) -> tzinfo:
    if name in ("UTC", "Z"):
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise config.failure("timezone", f"Unknown time-zone ID: {name}") from None


def _instant(value: Any, readers: Sequence[_Reader]) -> int:
    """The instant of a value, by the first format that fits.

    :raises IllegalArgument: no format fits.
    """
    for read in readers:
        try:
            return read(value)
        except (ValueError, OverflowError):  # noqa: PERF203 - formats are few
            continue
    raise IllegalArgument(messages.NOT_A_DATE.format(value=value))


@processor("date")
def date(config: Config) -> Work:
    """Parse a date in one of several formats, and store it in ``output_format``."""
    field, target = config.text("field"), config.text("target_field", "@timestamp")
    zone = _zone(config, config.text("timezone", "UTC"))
    config.text("locale", None)
    readers = [_reader(config, form, zone) for form in map(str, config.items("formats"))]
    output = config.text("output_format", _OUTPUT) if config.version >= (7, 12) else _OUTPUT

    def work(document: IngestDocument) -> None:
        instant = _instant(document.get(field), readers)
        document.set(target, date_text(instant, output, zone))

    return work


@processor("date_index_name")
def date_index_name(config: Config) -> Work:
    """Set the document's index to a name with its date, such as ``logs-2024-03``."""
    field, prefix = config.text("field"), config.text("index_name_prefix", "")
    rounding = config.text("date_rounding")
    zone = _zone(config, config.text("timezone", "UTC"))
    config.text("locale", None)
    form = config.text("index_name_format", "yyyy-MM-dd")
    formats = config.texts("date_formats", ["yyyy-MM-dd'T'HH:mm:ss.SSSXX", "ISO8601"])
    readers = [_reader(config, name, zone) for name in formats]

    def work(document: IngestDocument) -> None:
        moment = moment_of(_instant(document.get(field), readers), zone)
        unit = _ROUNDING.get(document.render(rounding))
        if unit is None:
            raise IllegalArgument(f"Unsupported rounding value [{rounding}]")
        rounded = instant_of(apply_maths(moment, f"/{unit}", round_up=False))
        document.metadata["_index"] = document.render(prefix) + date_text(rounded, document.render(form), zone)

    return work
