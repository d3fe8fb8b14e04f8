"""The smaller parts of a configuration: ``chunking_config``, ``delayed_data_check_config``, ``indices_options``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.indices.expressions import check_expansions
from fake_es.indices.parameters import IGNORE_THROTTLED
from fake_es.ml.config import messages as config_messages
from fake_es.ml.config.datafeed import messages
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue, parse_time_value
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import BOOLEAN, STRING, STRINGS, Body, Field, Kind, ObjectParser, reading
from fake_es.wire.parameters import Parameter

_DAY_MS = 86_400_000
DURATION = parameters.TIME.in_body


def milliseconds(text: str) -> int:
    """Milliseconds of a duration from a checked configuration."""
    return parse_time_value(text, "", (5, 4)).ms


def _mode(value: str, body: Body) -> str:
    mode = value.lower()
    if mode not in ("auto", "manual", "off"):
        constant = "org.elasticsearch.xpack.core.ml.datafeed.ChunkingConfig.Mode"
        raise IllegalArgument(f"No enum constant {constant}.{value.upper()}")
    return mode


def _span(value: TimeValue, body: Body) -> TimeValue:
    if value.ms <= 0:
        raise IllegalArgument(messages.CHUNK_SPAN_POSITIVE)
    return value


CHUNKING = ObjectParser(
    "chunking_config",
    (Field("mode", reading(STRING, _mode)), Field("time_span", reading(DURATION, _span))),
    required=["mode"],
)


def build_chunking(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """Build ``chunking_config``, which tells how time is cut into searches.

    :raises IllegalArgument: a time span in a mode that does not allow it, or no time span in mode ``manual``.
    """
    if found["mode"] == "manual" and "time_span" not in found:
        raise IllegalArgument(messages.CHUNK_SPAN_NEEDED)
    if found["mode"] != "manual" and "time_span" in found:
        raise IllegalArgument(messages.CHUNK_SPAN_ONLY_MANUAL)
    return _plain(found)


def _plain(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, TimeValue) else value for name, value in found.items()}


DELAYED_DATA_CHECK = ObjectParser(
    "delayed_data_check_config",
    (Field("enabled", BOOLEAN), Field("check_window", DURATION)),
    required=["enabled"],
)


def build_delayed_data_check(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """Build ``delayed_data_check_config``: whether to look for late documents, and how far back.

    :raises IllegalArgument: the window is empty or longer than a day.
    """
    window = found.get("check_window")
    if window is not None and window.nanos <= 0:
        raise IllegalArgument(config_messages.NOT_POSITIVE.format(field="check_window", value=window.text))
    if window is not None and window.ms > _DAY_MS:
        raise IllegalArgument(messages.WINDOW_TOO_LONG.format(window=window))
    return _plain(found)


_DEFAULT_OPTIONS: dict[str, Any] = {
    "expand_wildcards": ["open"], "ignore_unavailable": False, "allow_no_indices": True, "ignore_throttled": True,
}  # fmt: skip


def _expansions(value: Any, body: Body, path: Path) -> list[str]:
    words = STRINGS.read(value, body, path)
    return _states([part for word in words for part in word.split(",")])


def _states(words: list[str]) -> list[str]:
    check_expansions(words)
    if "none" in words:
        return []
    wanted = ("open", "closed", "hidden") if "all" in words else words
    return [word for word in ("open", "closed", "hidden") if word in wanted]


INDICES_OPTIONS = ObjectParser(
    "indices_options",
    (
        Field("expand_wildcards", Kind(STRINGS.tokens, _expansions)),
        Field("ignore_unavailable", BOOLEAN),
        Field("allow_no_indices", BOOLEAN),
        Field("ignore_throttled", BOOLEAN),
    ),
)
# The same options as parameters of a request. The body has priority.
OPTION_PARAMETERS = (
    Parameter("allow_no_indices", parameters.BOOLEAN, since=(7, 7)),
    Parameter("expand_wildcards", parameters.TEXT, since=(7, 7)),
    IGNORE_THROTTLED._replace(since=(7, 7)),
    Parameter("ignore_unavailable", parameters.BOOLEAN, since=(7, 7)),
)


def indices_options(found: Mapping[str, Any]) -> dict[str, Any]:
    """``indices_options`` of a body, completed with the defaults."""
    return _DEFAULT_OPTIONS | {name: found[name] for name in _DEFAULT_OPTIONS if name in found}


def with_options(call: Call, tree: dict[str, Any]) -> dict[str, Any]:
    """Add the ``indices_options`` of the request's parameters to ``tree``, unless it has its own.

    :raises IllegalArgument: ``expand_wildcards`` names an unknown state.
    """
    given = {name: call.params[name] for name in _DEFAULT_OPTIONS if call.params.get(name) is not None}
    if "expand_wildcards" in given:
        given["expand_wildcards"] = _states(given["expand_wildcards"].split(","))
    return tree if not given or "indices_options" in tree else tree | {"indices_options": given}
