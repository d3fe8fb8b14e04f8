"""Parsing of query parameters, and of the same fields in a body (``RestRequest.paramAs...``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from fake_es.wire import numbers, object_parser
from fake_es.wire.durations import TimeValue, parse_time_value
from fake_es.wire.errors import BadParameter, IllegalArgument, NumberFormat
from fake_es.wire.java import FOR_INPUT_STRING, NOT_BOOLEAN
from fake_es.wire.json_text import Path

# Arguments: the parameter's name, its text and the release.
ReadText = Callable[[str, str, tuple[int, ...]], Any]

COMMON = frozenset({"pretty", "human", "format", "filter_path", "error_trace"})
SWITCHES = ("pretty", "human", "error_trace")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class ParameterKind(NamedTuple):
    """One kind of value: how it is parsed in a query string and as a field of a body."""

    from_text: ReadText
    in_body: object_parser.Kind


class Parameter(NamedTuple):
    """A parameter of an operation, with the releases that have it: from ``since`` to before ``until``.

    * ``only``: ``query`` or ``body``, if it is allowed in only one of them.
    * ``compatible``: major release that still accepts it, after ``until``, from clients of the API of the release before.
    * ``warning``: warning for requests that have it in the query, from release ``deprecated`` on.
    """

    name: str
    kind: ParameterKind
    default: Any = None
    since: tuple[int, ...] = (0,)
    until: tuple[int, ...] = (99,)
    only: str = ""
    compatible: int | None = None
    deprecated: tuple[int, ...] = (99,)
    warning: str = ""

    def known_in(self, version: tuple[int, ...]) -> bool:
        """Whether this release has the parameter, if only for clients of the release before."""
        return self.since <= version < self.until or version[0] == self.compatible


def read_boolean(text: str, version: tuple[int, ...]) -> bool:
    """Parse a boolean (``RestRequest.paramAsBoolean``). The empty text is true.

    Up to 5.x ``false``, ``0``, ``off`` and ``no`` are false, and any other text is true.

    :raises IllegalArgument: from 6.0, the text is neither ``true`` nor ``false``.
    """
    if text == "":
        return True
    if version < (6, 0):
        return text not in ("false", "0", "off", "no")
    if text in ("true", "false"):
        return text == "true"
    raise IllegalArgument(NOT_BOOLEAN.format(value=text))


def _integer(name: str, text: str, version: tuple[int, ...]) -> int:
    number = numbers.whole(text, numbers.INT_MIN, numbers.INT_MAX)
    if number is not None:
        return number
    cause = NumberFormat(FOR_INPUT_STRING.format(text=text))
    raise IllegalArgument(f"Failed to parse int parameter [{name}] with value [{text}]", cause=cause)


def _double(name: str, text: str, version: tuple[int, ...]) -> float:
    number = numbers.decimal(text)
    if number is None:
        cause = NumberFormat(FOR_INPUT_STRING.format(text=text))
        raise IllegalArgument(f"Failed to parse double parameter [{name}] with value [{text}]", cause=cause)
    return number


def _text(name: str, text: str, version: tuple[int, ...]) -> str:
    return text


def _time_in_body(value: Any, body: object_parser.Body, path: Path) -> TimeValue:
    return parse_time_value(str(value), str(path[-1]), body.version)


BOOLEAN = ParameterKind(lambda name, text, version: read_boolean(text, version), object_parser.BOOLEAN)
INT = ParameterKind(_integer, object_parser.INT)
DOUBLE = ParameterKind(_double, object_parser.DOUBLE)
TEXT = ParameterKind(_text, object_parser.STRING)
TEXT_OR_NULL = ParameterKind(_text, object_parser.STRING_OR_NULL)
TIME = ParameterKind(
    lambda name, text, version: parse_time_value(text, name, version),
    object_parser.Kind(frozenset({"VALUE_STRING"}), _time_in_body),
)


def parse_query(query: str) -> dict[str, str]:
    """Parse a query string. Of several values of a parameter the last one counts.

    :raises BadParameter: an escape sequence is invalid.
    """
    parameters: dict[str, str] = {}
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            parameters[_decode(name)] = _decode(value)
    return parameters


def _decode(text: str) -> str:
    if "%" not in text:
        return text.replace("+", " ")
    problem = escape_problem(text)
    if problem is not None:
        raise BadParameter(problem)
    return unquote_plus(text, errors="replace")


def escape_problem(text: str) -> str | None:
    """The error in the escape sequences of a text, in the words of ``RestUtils.decodeComponent``; None without error."""
    broken = _BROKEN_ESCAPE.search(text)
    if broken is None:
        return None
    found = text[broken.start() + 1 : broken.start() + 3]
    if len(found) < 2:
        return f"unterminated escape sequence at end of string: {text}"
    return f"invalid escape sequence `%{found}' at index {broken.start()} of: {text}"
