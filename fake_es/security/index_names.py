"""Index expressions of requests: lists, patterns, exclusions, date math, and names of remote clusters.

``IndexNameExpressionResolver`` and ``RemoteClusterAware`` of the server. Expressions are parsed only here, so that the
authorized names are the same as those looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fake_es.patterns.date_patterns import BadTimeFormat, printer_of
from fake_es.wire.date_math import UNPARSABLE_DATE, parse_date, parse_zone
from fake_es.wire.errors import IllegalArgument, ParseError

Expression = str | Sequence[str]

# An escaped character, a placeholder with its format and time zone, or any other character.
_DATED = re.compile(r"\\(.)|\{([^{}]+)(?:\{([^{}|]+)(?:\|([^{}]*))?\})?\}|([^{}\\])", re.DOTALL)
_OPEN = "date math placeholder is open ended"
_RESERVED = (
    "invalid character at position [{at}]. `{{` and `}}` are reserved characters and should be escaped when used as part of the"
    " index name using `\\` (e.g. `\\{{text\\}}`)"
)


class ExpressionPart(NamedTuple):
    """One part of an expression, with its dates filled in.

    With ``excluded``, matching indices are taken out of the result. With ``is_remote``, the part is ``cluster:index``.
    """

    text: str
    excluded: bool = False
    is_remote: bool = False

    @property
    def is_pattern(self) -> bool:
        """Whether the part is a pattern: it has a ``*``."""
        return "*" in self.text


def parse_expression(expression: Expression, now: int) -> list[ExpressionPart]:
    """The names and patterns of an expression; an empty expression means all indices.

    A minus excludes names if a pattern comes before it; otherwise it is part of the name.

    :param now: the time that dates are counted from, in epoch milliseconds.
    :raises ParseError: date math cannot be parsed.
    """
    parts, wild = [], False
    for text in _parts(expression):
        excluded = wild and text.startswith("-")
        written = text[1:] if excluded else text
        name = dated(written, now)
        part = ExpressionPart("*" if name == "_all" else name, excluded, is_remote(written))
        wild = wild or part.is_pattern
        parts.append(part)
    return parts or [ExpressionPart("*")]


def _parts(expression: Expression) -> Iterator[str]:
    for part in [expression] if isinstance(expression, str) else expression:
        for text in part.split(","):
            if text.strip():
                yield text.strip()


def is_remote(name: str) -> bool:
    """Whether a name, as written, is of a remote cluster (``cluster:index``); a date math name never is."""
    colon = name.find(":")
    return colon > 0 and not name.startswith(("<", "-<")) and name[colon : colon + 2] != "::"


def dated(name: str, now: int) -> str:
    """Resolve date math in a name: ``<logs-{now/d}>`` becomes ``logs-2024.03.22``; other names stay as they are.

    A placeholder has a date, an optional format (default ``yyyy.MM.dd``) and an optional time zone:
    ``{now/M{yyyy-MM|+12:00}}``, ``{2016-04-25||/M}``. A backslash escapes a brace
    (``IndexNameExpressionResolver.DateMathExpressionResolver``).

    :param now: epoch milliseconds.
    :raises ParseError: the date math cannot be parsed.
    :raises IllegalArgument: the format is not a date pattern.
    """
    if not (name.startswith("<") and name.endswith(">")):
        return name
    text, at, parts = name[1:-1], 0, []
    while at < len(text):
        found = _DATED.match(text, at)
        if found is None:
            why = _OPEN if text[at] == "{" else _RESERVED.format(at=at)
            raise ParseError(f"invalid dynamic name expression [{text}]. {why}")
        escaped, maths, form, zone, plain = found.groups()
        parts.append(escaped or plain or _filled(maths, form or "yyyy.MM.dd", zone or "UTC", now))
        at = found.end()
    if not any(parts):
        raise ParseError("nothing captured")
    return "".join(parts)


def _filled(maths: str, form: str, zone: str, now: int) -> str:
    try:
        moment = parse_date(maths, now, parse_zone(zone))
    except (ValueError, OverflowError):
        raise ParseError(UNPARSABLE_DATE.format(value=maths, format=form)) from None
    try:
        # Up to 6.x the patterns are Joda's, where ``xxxx`` is the year of a week.
        return printer_of(form.replace("xxxx", "YYYY"))(moment)
    except BadTimeFormat as error:
        raise IllegalArgument(f"Invalid format: [{form}]: {error}") from None
