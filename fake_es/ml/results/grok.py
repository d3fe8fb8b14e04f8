"""A Grok pattern for the messages of a category (``GrokPatternCreator``).

The fixed words of the category's regular expression remain. Between two words, all examples are compared: if all contain
the same kind of value there (such as an IP address, a number or a time), the pattern names this kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"[.^$|?*+()\[\]{}\\]")


class _Candidate(NamedTuple):
    """A named Grok pattern, the field for its value, and its regular expression."""

    name: str
    field: str
    regex: re.Pattern[str]


def _candidate(name: str, field: str, regex: str) -> _Candidate:
    return _Candidate(name, field, re.compile(rf"(?<![\w.+-]){regex}(?![\w.+-])" if name != "QUOTEDSTRING" else regex))


_TIME = r"(?:2[0-3]|[01]?\d):[0-5]\d:[0-5]\d(?:[.,]\d+)?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_CANDIDATES = (
    _candidate("TIMESTAMP_ISO8601", "timestamp", rf"\d{{4}}-\d\d-\d\d[T ]{_TIME}(?:Z|[+-]\d\d:?\d\d)?"),
    _candidate("DATESTAMP", "timestamp", rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}[- ]{_TIME}"),
    _candidate("SYSLOGTIMESTAMP", "timestamp", rf"{_MONTH} +\d{{1,2}} {_TIME}"),
    _candidate("TOMCAT_DATESTAMP", "timestamp", rf"\d{{4}}-\d\d-\d\d {_TIME} [+-]\d{{4}}"),
    _candidate("DATE", "date", r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}"),
    _candidate("TIME", "time", _TIME),
    _candidate("LOGLEVEL", "loglevel", r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|CRIT(?:ICAL)?|FATAL|SEVERE)"),
    _candidate("URI", "uri", r"[A-Za-z][A-Za-z+.-]+://\S+"),
    _candidate("UUID", "uuid", r"[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}"),
    _candidate("MAC", "macaddress", r"(?:[A-Fa-f0-9]{2}[:-]){5}[A-Fa-f0-9]{2}"),
    _candidate("PATH", "path", r"/(?:[\w.@%-]+/?)+"),
    _candidate("EMAILADDRESS", "email", r"[A-Za-z][\w.+-]*@[\w-]+(?:\.[\w-]+)+"),
    _candidate("IP", "ipaddress", r"\d{1,3}(?:\.\d{1,3}){3}"),
    _candidate("QUOTEDSTRING", "field", r'"[^"]*"'),
    _candidate("NUMBER", "field", r"[+-]?\d+(?:\.\d+)?"),
)


def grok_pattern(regex: str, examples: Sequence[str]) -> str:
    """The Grok pattern for a category; empty without a regular expression or examples."""
    if not regex or not examples:
        return ""
    words = [word for word in re.split(r"\.\*\?|\.\+\?|\.\*$", regex) if word]
    gaps = _gaps(words, examples)
    if gaps is None:
        return regex
    used: dict[str, int] = {}
    parts = []
    for place, texts in enumerate(gaps):
        last = place == len(words)
        parts.append(_gap(texts, used, ".*" if last else ".*?" if place == 0 else ".+?"))
        if not last:
            parts.append(words[place])
    return "".join(parts)


def _gaps(words: Sequence[str], examples: Sequence[str]) -> list[list[str]] | None:
    """For each gap between the words, the texts of all examples in this gap.

    None if an example does not contain all words, because it was truncated.
    """
    if any(_SPECIAL.search(_ESCAPED.sub("", word)) for word in words):
        # The process escapes special characters, so a client has written this expression.
        return None
    literals = [_ESCAPED.sub(r"\1", word) for word in words]
    found = [_between(literals, example) for example in examples]
    return [list(texts) for texts in zip(*found)] if all(found) else None


def _between(words: Sequence[str], text: str) -> list[str]:
    """The texts before, between and after the words, each at its first place; empty if a word is missing."""
    gaps, at = [], 0
    for number, word in enumerate(words):
        place = text.find(word, at + (number > 0))
        if place < 0:
            return []
        gaps.append(text[at:place])
        at = place + len(word)
    return [*gaps, text[at:]]


def _gap(texts: Sequence[str], used: dict[str, int], plain: str) -> str:
    """The pattern of one gap: the first candidate that all texts contain, and the patterns before and after it."""
    for candidate in _CANDIDATES:
        matches = [candidate.regex.search(text) for text in texts]
        if all(matches):
            before = [text[: match.start()] for text, match in zip(texts, matches) if match is not None]
            after = [text[match.end() :] for text, match in zip(texts, matches) if match is not None]
            first = _gap(before, used, ".*?")
            return first + _capture(candidate, used) + _gap(after, used, plain if plain == ".*" else ".*?")
    return plain


def _capture(candidate: _Candidate, used: dict[str, int]) -> str:
    used[candidate.field] = number = used.get(candidate.field, 0) + 1
    return f"%{{{candidate.name}:{candidate.field}{number if number > 1 else ''}}}"
