"""``data_description`` (``DataDescription``): the format of the records sent to a job."""

from __future__ import annotations

from typing import Any

from fake_es.ml.config.job import messages
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import STRING, Body, Field, ObjectParser, reading
from fake_es.wire.time_patterns import is_valid_time_format


def _time_format(value: str, body: Body) -> str:
    if not is_valid_time_format(value):
        raise IllegalArgument(messages.BAD_TIME_FORMAT.format(format=value))
    return value


def _format(value: str, body: Body) -> str:
    shape = {"delineated": "delimited"}.get(value.lower(), value.lower())
    if shape not in ("xcontent", "delimited"):
        constant = "org.elasticsearch.xpack.core.ml.job.config.DataDescription.DataFormat"
        raise IllegalArgument(f"No enum constant {constant}.{value.upper()}")
    return shape


def _character(value: str, body: Body) -> str:
    if len(value) != 1:
        raise IllegalArgument(messages.NOT_ONE_CHARACTER.format(text=value))
    return value


DATA_DESCRIPTION = ObjectParser(
    "data_description",
    (
        Field("format", reading(STRING, _format)),
        Field("time_field", STRING),
        Field("time_format", reading(STRING, _time_format)),
        Field("field_delimiter", reading(STRING, _character), until=(8, 0)),
        Field("quote_character", reading(STRING, _character), until=(8, 0)),
    ),
)


def build_data_description(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """The description with its defaults; fields in the order of GET.

    :raises IllegalArgument: the release no longer has this format.
    """
    if found.get("format") == "delimited" and body.version >= (8, 0):
        raise IllegalArgument(
            "No enum constant org.elasticsearch.xpack.core.ml.job.config.DataDescription.DataFormat.DELIMITED"
        )
    shown: dict[str, Any] = {}
    delimited = found.get("format") == "delimited"
    if delimited:
        shown["format"] = "delimited"
    shown["time_field"] = found.get("time_field", "time")
    shown["time_format"] = found.get("time_format") or ("epoch_ms" if body.version >= (7, 11) else "epoch")
    if delimited:
        shown |= {"field_delimiter": "\t", "quote_character": '"'}
    return shown | {name: found[name] for name in ("field_delimiter", "quote_character") if name in found}
