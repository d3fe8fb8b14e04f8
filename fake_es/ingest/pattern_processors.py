"""Processors that split a text by a pattern: dissect."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from fake_es.ingest import messages
from fake_es.ingest.config import Config
from fake_es.ingest.document import IngestDocument
from fake_es.ingest.processor import Work, processor
from fake_es.wire.errors import ElasticsearchError

_KEY = re.compile(r"%\{(?P<mark>[+?*&]?)(?P<name>[^}]*?)(?:/(?P<order>\d{1,4}))?(?P<padded>->)?\}")


class DissectMatchError(ElasticsearchError):
    """A text does not match the pattern (``DissectException.FindMatch``)."""

    type = "find_match"
    elastic = False


class _Key(NamedTuple):
    """One key, ``%{...}``: modifier (``+`` append, ``?`` skip, ``*`` name, ``&`` value), name, and order of appends.

    ``separator`` is the text after the key; ``padded``: this text may be repeated.
    """

    mark: str
    name: str
    order: int
    separator: str
    padded: bool


@processor("dissect", since=(6, 3))
def dissect(config: Config) -> Work:
    """Split a text at the separators between the keys of a pattern, and set a field for each key."""
    field, pattern = config.text("field"), config.text("pattern")
    separator = config.text("append_separator", "")
    lenient = config.flag("ignore_missing")
    start, keys = _read(config, pattern)

    def work(document: IngestDocument) -> None:
        if lenient and not document.has(field):
            return
        text = document.typed(field, str)
        texts = _split(text, start, keys)
        if texts is None:
            raise DissectMatchError(messages.NO_DISSECT.format(pattern=pattern, value=text), status=400)
        for name, value in _values(keys, texts, separator).items():
            document.set(name, value)

    return work


def _read(config: Config, pattern: str) -> tuple[str, list[_Key]]:
    """The text before the first key, and the keys."""
    marks = list(_KEY.finditer(pattern))
    if not marks:
        raise config.failure("pattern", f"Unable to parse pattern: {pattern}")
    ends = [*(mark.start() for mark in marks[1:]), len(pattern)]
    keys = [
        _Key(mark["mark"], mark["name"], int(mark["order"] or 0), pattern[mark.end() : end], mark["padded"] is not None)
        for mark, end in zip(marks, ends)
    ]
    return pattern[: marks[0].start()], keys


def _split(text: str, start: str, keys: list[_Key]) -> tuple[str, ...] | None:
    """The text of each key, up to the next separator; None if a separator is missing (``DissectParser``)."""
    if not text.startswith(start):
        return None
    texts, at = [], len(start)
    for number, key in enumerate(keys):
        last = number == len(keys) - 1
        end = text.find(key.separator, at) if not last else len(text) - len(key.separator)
        if end < at or not text.startswith(key.separator, end):
            return None
        following = end + len(key.separator)
        if key.padded:
            # The separator may be repeated: skip its first character as often as it occurs.
            padding = key.separator[:1] or " "
            end = at + len(text[at:end].rstrip(padding))
            if not last and not key.separator.strip(padding):
                following = len(text) - len(text[following:].lstrip(padding))
        texts.append(text[at:end])
        at = following
    return tuple(texts)


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
