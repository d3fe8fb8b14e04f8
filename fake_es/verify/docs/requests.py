"""The requests in a snippet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

_METHOD = r"(?:GET|PUT|POST|HEAD|OPTIONS|DELETE)"
_ITEM = re.compile(
    rf"(?:\#.*|(?P<yaml>startyaml(?s:.*?)\nendyaml)"
    rf"|(?P<method>{_METHOD})\s+(?P<target>[^\n]+)(?P<body>(?:\n(?!{_METHOD}|startyaml|\#)[^\n]+)+)?)(?:\n+|\Z)"
)
# Characters of a target that are not escaped; ``%`` belongs to existing escapes.
_LEGAL = "/?&=%:@!$'()*+,;-._~[]"


class PageRequest(NamedTuple):
    """A request from a page, or a piece of YAML; ``offset`` is its line in the snippet."""

    method: str
    target: str
    body: str
    offset: int
    yaml: str = ""


class NoRequest(ValueError):
    """A text that is not a request."""

    def __init__(self, text: str, offset: int) -> None:
        super().__init__(text)
        self.text = text
        self.offset = offset


def read_requests(text: str) -> Iterator[PageRequest]:
    """The requests in a text, in order. Lines between them that begin with ``#`` are comments.

    :raises NoRequest: the text contains something else.
    """
    position = 0
    while position < len(text):
        found = _ITEM.match(text, position)
        offset = text.count("\n", 0, position)
        if found is None:
            raise NoRequest(text[position:].partition("\n")[0], offset)
        if found["yaml"]:
            yield PageRequest("", "", "", offset, found["yaml"].removeprefix("startyaml").removesuffix("endyaml"))
        elif found["method"]:
            yield PageRequest(found["method"], _target(found["target"]), (found["body"] or "").lstrip("\n"), offset)
        position = found.end()


def _target(text: str) -> str:
    """Path and query with a leading slash and escapes."""
    path, mark, query = text.strip().partition("?")
    return quote("/" + path.removeprefix("/") + mark + query.partition("?")[0], safe=_LEGAL)
