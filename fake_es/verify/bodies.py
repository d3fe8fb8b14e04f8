"""Encoding of the ``body`` of a call: one JSON object, or several objects on separate lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

_JSON, _LINES = "application/json", "application/x-ndjson"


class Body(NamedTuple):
    """The bytes of a body, and their media type."""

    data: bytes
    media_type: str


def encode_body(body: Any, resolve: Callable[[Any], Any]) -> Body:
    """Encode a mapping as JSON, a list as lines, and a text as the JSON objects in it.

    A text that is not JSON is sent unchanged (the server's runner cannot send one).

    :param resolve: inserts stashed values, after a text was parsed.
    :raises Failed: a stashed value does not exist.
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
    """The JSON objects in a text; the text itself if it is not JSON; anything that is not a text unchanged."""
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
