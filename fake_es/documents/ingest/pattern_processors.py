"""Processors that take a text apart: dissect."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from fake_es.documents.ingest import messages
from fake_es.documents.ingest.config import Config
from fake_es.documents.ingest.document import IngestDocument
from fake_es.documents.ingest.processor import Work, processor
from fake_es.wire.errors import ElasticsearchError

_KEY = re.compile(r"%\{(?P<mark>[+?*&]?)(?P<name>[^}]*?)(?:/(?P<order>\d{1,4}))?(?P<padded>->)?\}")


class DissectMatchError(ElasticsearchError):
    """A text that does not fit the pattern (``DissectException.FindMatch``)."""

    type = "find_match"
    elastic = False


class _Key(NamedTuple):
    """One ``%{...}``: its mark (``+`` append, ``?`` skip, ``*`` name, ``&`` value), its name and its place among appends."""

    mark: str
    name: str
    order: int


@processor("dissect", since=(6, 3))
def dissect(config: Config) -> Work:
    """Split a text at the separators that stand between the keys of a pattern."""
    field, pattern = config.text("field"), config.text("pattern")
    separator = config.text("append_separator", "")
    lenient = config.flag("ignore_missing")
    keys, shape = _read(config, pattern)

    def work(document: IngestDocument) -> None:
        if lenient and not document.has(field):
            return
        text = document.typed(field, str)
        found = shape.fullmatch(text)
        if found is None:
            raise DissectMatchError(messages.NO_DISSECT.format(pattern=pattern, value=text), status=400)
        for name, value in _values(keys, found.groups(), separator).items():
            document.set(name, value)

    return work


def _read(config: Config, pattern: str) -> tuple[list[_Key], re.Pattern[str]]:
    marks = list(_KEY.finditer(pattern))
    if not marks:
        raise config.failure("pattern", f"Unable to parse pattern: {pattern}")
    keys = [_Key(found["mark"], found["name"], int(found["order"] or 0)) for found in marks]
    shape, at = "", 0
    for found in marks:
        shape += re.escape(pattern[at : found.start()]) + "(.*?)"
        at = found.end()
        if found["padded"]:
            # Padding: the separator that follows may stand there many times.
            follows = pattern[at : at + 1]
            shape += f"(?:{re.escape(follows)})*" if follows else " *"
    return keys, re.compile(shape + re.escape(pattern[at:]), re.DOTALL)


def _values(keys: list[_Key], texts: tuple[str, ...], separator: str) -> dict[str, Any]:
    appended: dict[str, list[tuple[int, str]]] = {}
    names: dict[str, str] = {}
    values: dict[str, str] = {}
    joined = {key.name for key in keys if key.mark == "+"}
    for key, text in zip(keys, texts):
        if key.mark == "?" or not key.name:
            continue
        if key.name in joined:
            appended.setdefault(key.name, []).append((key.order, text))
        else:
            {"*": names, "&": values}.get(key.mark, values)[key.name] = text
    found: dict[str, Any] = {names.get(name, name): text for name, text in values.items()}
    for name, parts in appended.items():
        found[name] = separator.join(text for _, text in sorted(parts, key=lambda part: part[0]))
    return found
