"""The ``body`` of a call as it is sent: one JSON object, or several, each on a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

_JSON, _LINES = "application/json", "application/x-ndjson"


class Body(NamedTuple):
    """Bytes and their media type."""

    data: bytes
    media_type: str


def encode_body(body: Any, resolve: Callable[[Any], Any]) -> Body:
    """A mapping as JSON; a list as lines; a text as the JSON objects it consists of.

    A text that is no such thing is sent as it stands (the server's runner cannot express one).

    :param resolve: puts stashed values in, after a text was read.
    :raises Failed: a stashed value is not there.
    """
    if isinstance(body, list):
        return _lines([resolve(each) for element in body for each in _objects(element)])
    if not isinstance(body, str):
        return Body(_dump(resolve(body)), _JSON)
    objects = list(_objects(body))
    if objects == [body]:
        return Body(body.encode(), _JSON)
    return Body(_dump(resolve(objects[0])), _JSON) if len(objects) == 1 else _lines(resolve(objects))


def _objects(element: Any) -> Iterator[Any]:
    """The objects that a text consists of; the text itself if it does not, and anything else as it is."""
    if not isinstance(element, str):
        yield element
        return
    try:
        found = list(_read_all(element))
    except ValueError:
        found = []
    yield from found or [element]


def _read_all(text: str) -> Iterator[Any]:
    decoder, position = json.JSONDecoder(), 0
    while rest := text[position:].lstrip():
        value, length = decoder.raw_decode(rest)
        if not isinstance(value, dict):
            raise ValueError(text)
        yield value
        position = len(text) - len(rest) + length


def _lines(values: list[Any]) -> Body:
    return Body(b"".join((each.encode() if isinstance(each, str) else _dump(each)) + b"\n" for each in values), _LINES)


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
