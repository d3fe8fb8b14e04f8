"""Query parameters that many APIs of the document layer share, and what they come to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fake_es.indices import messages
from fake_es.indices.expressions import IndicesOptions
from fake_es.wire import numbers, parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, NumberFormat
from fake_es.wire.java import FOR_INPUT_STRING
from fake_es.wire.parameters import Parameter, ParameterKind

BOOLEAN, INT, TEXT, TIME = parameters.BOOLEAN, parameters.INT, parameters.TEXT, parameters.TIME


def _refresh(name: str, text: str, version: tuple[int, ...]) -> bool:
    if text not in ("", "true", "false", "wait_for"):
        raise IllegalArgument(messages.UNKNOWN_REFRESH.format(value=text))
    return text in ("", "true")


def _active_shards(name: str, text: str, version: tuple[int, ...]) -> str:
    number = None if text == "all" else numbers.whole(text, 0, numbers.INT_MAX)
    if number is None and text != "all":
        cause = NumberFormat(FOR_INPUT_STRING.format(text=text))
        raise IllegalArgument(messages.ACTIVE_SHARDS.format(value=text), cause=cause)
    return text if number is None else str(number)


def _long(name: str, text: str, version: tuple[int, ...]) -> int:
    number = numbers.whole(text)
    if number is not None:
        return number
    cause = NumberFormat(FOR_INPUT_STRING.format(text=text))
    raise IllegalArgument(messages.BAD_LONG.format(name=name, value=text), cause=cause)


LONG = ParameterKind(_long, parameters.INT.in_body)
TIMES = (Parameter("timeout", TIME), Parameter("master_timeout", TIME))
MASTER_TIMEOUT = TIMES[1]
# Whether the segments of a change are made visible at once: here they always are.
REFRESH = Parameter("refresh", ParameterKind(_refresh, parameters.TEXT.in_body), False)
ACTIVE_SHARDS = Parameter("wait_for_active_shards", ParameterKind(_active_shards, parameters.TEXT.in_body), "1")
ROUTING = Parameter("routing", TEXT)
INDICES = (
    Parameter("ignore_unavailable", BOOLEAN),
    Parameter("allow_no_indices", BOOLEAN),
    Parameter("expand_wildcards", TEXT),
)
LOCAL = Parameter("local", BOOLEAN, False)
LOCAL_ALIASES = LOCAL._replace(until=(9, 0))
SOURCE_FILTER = (
    Parameter("_source", TEXT),
    Parameter("_source_includes", TEXT, since=(6, 6)),
    Parameter("_source_excludes", TEXT, since=(6, 6)),
    Parameter("_source_include", TEXT, until=(7, 0)),
    Parameter("_source_exclude", TEXT, until=(7, 0)),
)

# ``IndicesOptions`` of the server's requests: what they mean where the caller does not say.
SEARCHING = IndicesOptions()
MANAGING = IndicesOptions(forbids_closed=False)
EVERY_STATE = IndicesOptions(closed=True, forbids_closed=False)


def typed_names(*names: str) -> tuple[Parameter, ...]:
    """Parameters of the releases that had types of documents and relations between them."""
    return tuple(Parameter(name, TEXT, until=(7, 0)) for name in names)


def options_of(call: Call, default: IndicesOptions) -> IndicesOptions:
    """What the index expression of a call may mean.

    :raises IllegalArgument: ``expand_wildcards`` names no state of an index.
    """
    params = call.params
    wildcards = params.get("expand_wildcards")
    if wildcards is not None:
        chosen = IndicesOptions.of(False, True, wildcards)
        default = replace(default, open=chosen.open, closed=chosen.closed, hidden=chosen.hidden)
    lenient, nothing = params.get("ignore_unavailable"), params.get("allow_no_indices")
    if lenient is not None:
        default = replace(default, ignore_unavailable=lenient)
    return default if nothing is None else replace(default, allow_no_indices=nothing)


def expression_of(call: Call) -> str:
    """The indices that a path names; all where it names none."""
    return call.path_parameters.get("index", "_all")


def strings(value: Any) -> list[str]:
    """Names in a list, or in a text with commas between."""
    if value is None:
        return []
    parts = value.split(",") if isinstance(value, str) else value
    return [part.strip() for part in parts if part.strip()]
