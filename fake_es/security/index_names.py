"""How requests write names of indices: lists, patterns, exclusions, dates, names of other clusters.

``IndexNameExpressionResolver`` and ``RemoteClusterAware`` of the server. Nothing else takes an expression apart: what is
authorized and what is looked up are the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fake_es.wire.date_math import parse_date, parse_zone
from fake_es.wire.errors import ParseError

Expression = str | Sequence[str]

# A character that is escaped, a placeholder with its format and time zone, or any other character.
_DATED = re.compile(r"\\(.)|\{([^{}]+)(?:\{([^{}|]+)(?:\|([^{}]*))?\})?\}|([^{}\\])", re.DOTALL)
_OPEN = "date math placeholder is open ended"
_RESERVED = (
    "invalid character at position [{at}]. `{{` and `}}` are reserved characters and should be escaped when used as part of the"
    " index name using `\\` (e.g. `\\{{text\\}}`)"
)
# Letters of Java's date patterns that appear in index names, as strftime writes them.
_JAVA = {"yyyy": "%Y", "uuuu": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "ww": "%V",
         "DDD": "%j", "xxxx": "%G", "YYYY": "%G"}  # fmt: skip


class Word(NamedTuple):
    """One part of an expression, with its dates filled in.

    ``excluded`` is one that is taken away again, ``is_remote`` an index of another cluster: ``cluster:index``.
    """

    text: str
    excluded: bool = False
    is_remote: bool = False

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for whatever fits it."""
        return "*" in self.text


def words_of(expression: Expression, now: int) -> list[Word]:
    """The names and patterns of an expression; nothing at all means everything.

    A minus takes away what a pattern before it has brought; without one it belongs to the name.

    :param now: the time that dates are counted from, in epoch milliseconds.
    :raises ParseError: a date cannot be read.
    """
    words, wild = [], False
    for text in _parts(expression):
        excluded = wild and text.startswith("-")
        written = text[1:] if excluded else text
        name = dated(written, now)
        word = Word("*" if name == "_all" else name, excluded, is_remote(written))
        wild = wild or word.is_pattern
        words.append(word)
    return words or [Word("*")]


def _parts(expression: Expression) -> Iterator[str]:
    for part in [expression] if isinstance(expression, str) else expression:
        for text in part.split(","):
            if text.strip():
                yield text.strip()


def is_remote(name: str) -> bool:
    """Whether a name, as it is written, is that of an index of another cluster; one that begins with ``<`` never is."""
    colon = name.find(":")
    return colon > 0 and not name.startswith(("<", "-<")) and name[colon : colon + 2] != "::"


def dated(name: str, now: int) -> str:
    """A name with its dates filled in: ``<logs-{now/d}>`` is ``logs-2024.03.22``; any other name as it is.

    A placeholder has a date, the format it is shown in (``yyyy.MM.dd`` if there is none) and a time zone:
    ``{now/M{yyyy-MM|+12:00}}``, ``{2016-04-25||/M}``. A backslash takes the meaning from a brace
    (``IndexNameExpressionResolver.DateMathExpressionResolver``).

    :param now: epoch milliseconds.
    :raises ParseError: the maths cannot be read.
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
        raise ParseError(f"failed to parse date field [{maths}] with format [{form}]") from None
    return re.sub(r"([A-Za-z])\1*", lambda run: moment.strftime(_JAVA.get(run[0], run[0])), form)
