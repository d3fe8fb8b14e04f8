"""Query parameters that APIs of indices, documents and searches share, and how they are read."""

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


def active_shard_count(text: str) -> int | None:
    """A value of ``wait_for_active_shards`` as a number of shards; None means all (``ActiveShardCount.parseString``).

    :raises IllegalArgument: it is neither a whole number from 0 nor ``all``.
    """
    if text == "all":
        return None
    number = numbers.whole(text, 0, numbers.INT_MAX)
    if number is None:
        cause = NumberFormat(FOR_INPUT_STRING.format(text=text))
        raise IllegalArgument(messages.ACTIVE_SHARDS.format(value=text), cause=cause)
    return number


def _active_shards(name: str, text: str, version: tuple[int, ...]) -> str:
    number = active_shard_count(text)
    return "all" if number is None else str(number)


def _long(name: str, text: str, version: tuple[int, ...]) -> int:
    number = numbers.whole(text)
    if number is not None:
        return number
    cause = NumberFormat(FOR_INPUT_STRING.format(text=text))
    raise IllegalArgument(messages.BAD_LONG.format(name=name, value=text), cause=cause)


LONG = ParameterKind(_long, parameters.INT.in_body)
TIMES = (Parameter("timeout", TIME), Parameter("master_timeout", TIME))
MASTER_TIMEOUT = TIMES[1]
# Has no effect: changes are visible at once.
REFRESH = Parameter("refresh", ParameterKind(_refresh, parameters.TEXT.in_body), False)
ACTIVE_SHARDS = Parameter("wait_for_active_shards", ParameterKind(_active_shards, parameters.TEXT.in_body), "1")
ROUTING = Parameter("routing", TEXT)
IGNORE_THROTTLED = Parameter(
    "ignore_throttled", BOOLEAN, since=(6, 6), deprecated=(7, 16), warning=messages.IGNORE_THROTTLED_DEPRECATED
)
INDICES = (
    IGNORE_THROTTLED,
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

# ``IndicesOptions`` of the server's requests, which parameters of the call can change.
SEARCHING = IndicesOptions()
MANAGING = IndicesOptions(forbids_closed=False)
EVERY_STATE = IndicesOptions(closed=True, forbids_closed=False)


def typed_names(*names: str) -> tuple[Parameter, ...]:
    """Parameters with texts that only releases before 7.0 have."""
    return tuple(Parameter(name, TEXT, until=(7, 0)) for name in names)


def options_of(call: Call, default: IndicesOptions) -> IndicesOptions:
    """The options for the index expression of a call: ``default``, changed by its parameters.

    :raises IllegalArgument: an unknown state in ``expand_wildcards``.
    """
    params, options = call.params, default
    wildcards = params.get("expand_wildcards")
    if wildcards is not None:
        states = IndicesOptions.of(False, True, wildcards)
        options = replace(options, open=states.open, closed=states.closed, hidden=states.hidden)
    ignore_unavailable, allow_no_indices = params.get("ignore_unavailable"), params.get("allow_no_indices")
    if ignore_unavailable is not None:
        options = replace(options, ignore_unavailable=ignore_unavailable)
    return options if allow_no_indices is None else replace(options, allow_no_indices=allow_no_indices)


def expression_of(call: Call) -> str:
    """The index expression in the path of a call; ``_all`` if there is none."""
    return call.path_parameters.get("index", "_all")


def strings(value: Any) -> list[str]:
    """Names as a list, from a list or a text with commas. Empty names are left out."""
    if value is None:
        return []
    parts = value.split(",") if isinstance(value, str) else value
    return [part.strip() for part in parts if part.strip()]
