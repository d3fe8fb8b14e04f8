"""A Grok pattern for the messages of a category (``GrokPatternCreator``).

The fixed words of the category's regular expression remain. Between two words, all examples are compared. If all have the same
kind of value there, such as an IP address, a number or a time, the pattern names this kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

_WILD = re.compile(r"\.[*+]\??")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"[.^$|?*+()\[\]{}\\]")
_MOST_CAPTURES = 10

# Logstash's patterns of these names, as far as they decide what matches; ``{NAME}`` stands for another one.
_PATTERNS = {
    "YEAR": r"\d\d(?:\d\d)?",
    "MONTHNUM": r"(?:0?[1-9]|1[0-2])",
    "MONTHNUM2": r"(?:0[1-9]|1[0-2])",
    "MONTHDAY": r"(?:0[1-9]|[12]\d|3[01]|[1-9])",
    "MONTH": r"\b(?:[Jj]an(?:uary|uar)?|[Ff]eb(?:ruary|ruar)?|[Mm][aä]?r(?:ch|z)?|[Aa]pr(?:il)?|[Mm]a[yi]?|[Jj]un[ei]?"
             r"|[Jj]uly?|[Aa]ug(?:ust)?|[Ss]ep(?:tember)?|[Oo][ck]?t(?:ober)?|[Nn]ov(?:ember)?|[Dd]e[cz](?:ember)?)\b",
    "DAY": r"(?:Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)",
    "HOUR": r"(?:2[0-3]|[01]?\d)",
    "MINUTE": r"[0-5]\d",
    "SECOND": r"(?:[0-5]?\d|60)(?:[:.,]\d+)?",
    "ZONE": r"(?:Z|[+-]{HOUR}:?{MINUTE})",
    "TZ": r"(?:[APMCE][SD]T|UTC)",
    "TIME": r"{HOUR}:{MINUTE}:{SECOND}(?!\d)",
    "TOMCAT_DATESTAMP": r"20{YEAR}-{MONTHNUM}-{MONTHDAY} {HOUR}:?{MINUTE}:?{SECOND} {ZONE}",
    "TIMESTAMP_ISO8601": r"{YEAR}-{MONTHNUM}-{MONTHDAY}[T ]{HOUR}:?{MINUTE}(?::?{SECOND})?{ZONE}?",
    "DATESTAMP_RFC822": r"{DAY} {MONTH} {MONTHDAY} {YEAR} {TIME} {TZ}",
    "DATESTAMP_RFC2822": r"{DAY}, {MONTHDAY} {MONTH} {YEAR} {TIME} {ZONE}",
    "DATESTAMP_OTHER": r"{DAY} {MONTH} {MONTHDAY} {TIME} {TZ} {YEAR}",
    "DATESTAMP_EVENTLOG": r"{YEAR}{MONTHNUM2}{MONTHDAY}{HOUR}{MINUTE}{SECOND}",
    "SYSLOGTIMESTAMP": r"{MONTH} +{MONTHDAY} {TIME}",
    "HTTPDATE": r"{MONTHDAY}/{MONTH}/{YEAR}:{TIME} [+-]?\d+",
    "CATALINA_DATESTAMP": r"{MONTH} {MONTHDAY}, 20{YEAR} {HOUR}:?{MINUTE}:?{SECOND} (?:AM|PM)",
    "CISCOTIMESTAMP": r"{MONTH} +{MONTHDAY}(?: {YEAR})? {TIME}",
    "DATE": r"(?:{MONTHNUM}[/-]{MONTHDAY}[/-]{YEAR}|{MONTHDAY}[./-]{MONTHNUM}[./-]{YEAR})",
    "LOGLEVEL": r"(?:[Aa]lert|ALERT|[Tt]race|TRACE|[Dd]ebug|DEBUG|[Nn]otice|NOTICE|[Ii]nfo|INFO|[Ww]arn?(?:ing)?"
                r"|WARN?(?:ING)?|[Ee]rr?(?:or)?|ERR?(?:OR)?|[Cc]rit?(?:ical)?|CRIT?(?:ICAL)?|[Ff]atal|FATAL|[Ss]evere|SEVERE"
                r"|EMERG(?:ENCY)?|[Ee]merg(?:ency)?)",
    "HOSTNAME": r"\b[0-9A-Za-z][0-9A-Za-z-]{{0,62}}(?:\.[0-9A-Za-z][0-9A-Za-z-]{{0,62}})*(?:\.?|\b)",
    "IPV4": r"(?<!\d)(?:(?:[01]?\d{{1,2}}|2[0-4]\d|25[0-5])\.){{3}}(?:[01]?\d{{1,2}}|2[0-4]\d|25[0-5])(?!\d)",
    "IPV6": r"(?:(?:[0-9A-Fa-f]{{1,4}}:){{7}}[0-9A-Fa-f]{{1,4}}|(?:[0-9A-Fa-f]{{1,4}}(?::[0-9A-Fa-f]{{1,4}}){{0,5}})?::"
            r"(?:[0-9A-Fa-f]{{1,4}}(?::[0-9A-Fa-f]{{1,4}}){{0,5}}(?!\.)|{IPV4})?)(?:%\w+)?",
    "IP": r"(?:{IPV6}|{IPV4})",
    "URI": r"[A-Za-z]+(?:\+[A-Za-z+]+)?://(?:[a-zA-Z0-9._-]+(?::[^@]*)?@)?(?:(?:{IP}|{HOSTNAME})(?::[1-9]\d*\b)?)?"
           r"(?:(?:/[A-Za-z0-9$.+!*'()" r"{{}},~:;=@#%&_-]*)+(?:\?[A-Za-z0-9$.+!*'|()" r"{{}},~@#%&/=:;_?\[\]<>-]*)?)?",
    "UUID": r"[A-Fa-f0-9]{{8}}-(?:[A-Fa-f0-9]{{4}}-){{3}}[A-Fa-f0-9]{{12}}",
    "MAC": r"(?:(?:[A-Fa-f0-9]{{4}}\.){{2}}[A-Fa-f0-9]{{4}}|(?:[A-Fa-f0-9]{{2}}-){{5}}[A-Fa-f0-9]{{2}}"
           r"|(?:[A-Fa-f0-9]{{2}}:){{5}}[A-Fa-f0-9]{{2}})",
    "PATH": r"(?:(?:/(?:[\w%!$@:.,+~-]|\\.)*)+|(?:[A-Za-z]+:|\\)(?:\\[^\\?*]*)+)",
    "EMAILADDRESS": r"[a-zA-Z][a-zA-Z0-9_.+\-,/:;<=]+@{HOSTNAME}",
    "QUOTEDSTRING": r"(?<!\\)(?:\"(?:\\.|[^\\\"])*\"|'(?:\\.|[^\\'])*'|`(?:\\.|[^\\`])*`)",
    "NUMBER": r"(?<![0-9.+-])[+-]?(?:\d+(?:\.\d+)?|\.\d+)",
    "BASE16NUM": r"(?<![0-9A-Fa-f])[+-]?(?:0x)?[0-9A-Fa-f]+",
}  # fmt: skip


class _Candidate(NamedTuple):
    """A named Grok pattern, the field for its value, and what must be around it."""

    name: str
    field: str
    before: str = r"\b"
    after: str = r"\b"


# The first that fits is taken.
_CANDIDATES = (
    _Candidate("TOMCAT_DATESTAMP", "timestamp"),
    _Candidate("TIMESTAMP_ISO8601", "timestamp"),
    _Candidate("DATESTAMP_RFC822", "timestamp"),
    _Candidate("DATESTAMP_RFC2822", "timestamp"),
    _Candidate("DATESTAMP_OTHER", "timestamp"),
    _Candidate("DATESTAMP_EVENTLOG", "timestamp"),
    _Candidate("SYSLOGTIMESTAMP", "timestamp"),
    _Candidate("HTTPDATE", "timestamp"),
    _Candidate("CATALINA_DATESTAMP", "timestamp"),
    _Candidate("CISCOTIMESTAMP", "timestamp"),
    _Candidate("DATE", "date"),
    _Candidate("TIME", "time"),
    _Candidate("LOGLEVEL", "loglevel"),
    _Candidate("URI", "uri"),
    _Candidate("UUID", "uuid"),
    _Candidate("MAC", "macaddress"),
    _Candidate("PATH", "path", r"(?<!\w)", r"(?!\w)"),
    _Candidate("EMAILADDRESS", "email"),
    _Candidate("IP", "ipaddress"),
    _Candidate("QUOTEDSTRING", "field", "", ""),
    _Candidate("NUMBER", "field", r"(?<![\w.+-])", r"(?![\w+-]|\.\d)"),
    _Candidate("BASE16NUM", "field", r"(?<![\w.+-])", r"(?![\w+-]|\.\w)"),
)


@cache
def _expression(candidate: _Candidate) -> re.Pattern[str]:
    return re.compile(f"{candidate.before}(?:{_spelled(candidate.name)}){candidate.after}")


def _spelled(name: str) -> str:
    """A pattern with those that it names written out; they are above it."""
    pattern = _PATTERNS[name]
    names = {other: _spelled(other) for other in _PATTERNS if f"{{{other}}}" in pattern}
    return pattern.format(**names)


def grok_pattern(regex: str, examples: Sequence[str]) -> str:
    """The Grok pattern for a category; empty without a regular expression or examples."""
    if not regex or not examples:
        return ""
    words = _WILD.split(regex)
    while words and not words[-1]:
        words.pop()  # as Java's split does
    if not words or any(_SPECIAL.search(_ESCAPED.sub("", word)) for word in words):
        # The process escapes special characters, so a client has written this expression.
        return regex
    least = [wild.startswith(".+") for wild in _WILD.findall(regex)]
    gaps = [gap for gap in (_gaps(words, least, example) for example in examples) if gap is not None]
    used: dict[str, int] = {}
    last = len(words) - 1
    parts = []
    for place, word in enumerate(words):
        texts = [gap[place] for gap in gaps]
        parts += [word, _gap(texts, used, is_first=place == 0, is_last=place == last)]
    return "".join(parts)


def _gaps(words: Sequence[str], least: Sequence[int], text: str) -> list[str] | None:
    """The texts after each of the words in an example; None if a word is missing, as in one that was cut off.

    ``least`` is how many characters each gap has at least.
    """
    gaps, at = [], 0
    for number, word in enumerate(words):
        word = _ESCAPED.sub(r"\1", word)
        place = text.find(word, at + least[number - 1] if number else 0)
        if place < 0:
            return None
        if number:
            gaps.append(text[at:place])
        at = place + len(word)
    return [*gaps, text[at:]]


def _gap(texts: Sequence[str], used: dict[str, int], *, is_first: bool, is_last: bool, depth: int = 0) -> str:
    """The pattern of one gap: the first candidate that all texts contain, and the patterns before and after it."""
    if texts and depth < _MOST_CAPTURES:
        for candidate in _CANDIDATES:
            search = _expression(candidate).search
            matches = [match for match in map(search, texts) if match is not None]
            if len(matches) == len(texts):
                before = [match.string[: match.start()] for match in matches]
                after = [match.string[match.end() :] for match in matches]
                first = _gap(before, used, is_first=is_first, is_last=False, depth=depth + 1)
                capture = _capture(candidate, used)
                return first + capture + _gap(after, used, is_first=False, is_last=is_last, depth=depth + 1)
    if is_last:
        return ".*"
    return ".*?" if is_first or "" in texts else ".+?"


def _capture(candidate: _Candidate, used: dict[str, int]) -> str:
    used[candidate.field] = number = used.get(candidate.field, 0) + 1
    return f"%{{{candidate.name}:{candidate.field}{number if number > 1 else ''}}}"
