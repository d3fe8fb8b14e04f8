"""The requests that stand in a snippet."""

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
# All that may stand in a target as it is; ``%`` because what is escaped stays so.
_LEGAL = "/?&=%:@!$'()*+,;-._~[]"


class Written(NamedTuple):
    """A request as a page has it, or a piece of YAML; ``offset`` is its line within the snippet."""

    method: str
    target: str
    body: str
    offset: int
    yaml: str = ""


class NoRequest(ValueError):
    """Something that stands where a request should be."""

    def __init__(self, text: str, offset: int) -> None:
        super().__init__(text)
        self.text = text
        self.offset = offset


def read_requests(text: str) -> Iterator[Written]:
    """The requests of a text, in order; lines that begin with ``#`` between them are comments.

    :raises NoRequest: there is something else.
    """
    position = 0
    while position < len(text):
        found = _ITEM.match(text, position)
        offset = text.count("\n", 0, position)
        if found is None:
            raise NoRequest(text[position:].partition("\n")[0], offset)
        if found["yaml"]:
            yield Written("", "", "", offset, found["yaml"].removeprefix("startyaml").removesuffix("endyaml"))
        elif found["method"]:
            yield Written(found["method"], _target(found["target"]), (found["body"] or "").lstrip("\n"), offset)
        position = found.end()


def _target(text: str) -> str:
    """Path and query as they are sent: a leading slash, and escaped what may not stand there."""
    path, mark, query = text.strip().partition("?")
    return quote("/" + path.removeprefix("/") + mark + query.partition("?")[0], safe=_LEGAL)
