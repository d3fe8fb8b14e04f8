"""An emulator each of whose answers is held against the specification as it comes."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from fake_es import FakeElasticsearch
from tests.spec.validator import check, endpoints
from tests.support import Http, Reply


class Checked(Http):
    """Speaks as ``Http`` does; a 2xx answer that the specification would not give fails the test, where that is at hand.

    ``seen`` counts the answers of each API, so that a test can say which it has been through.
    """

    def __init__(self, fake: FakeElasticsearch) -> None:
        super().__init__(fake)
        self.seen: dict[str, int] = {}

    def __call__(self, method: str, target: str, body: Any = None, **headers: str) -> Reply:
        reply = super().__call__(method, target, body, **headers)
        path, _, query = target.replace("{ml}", self.prefix).partition("?")
        name = api_at(method, path)
        if name is not None and 200 <= reply.status < 300:
            if method != "HEAD":
                check(name, _without_twins(reply.body) if "human" in query else reply.body)
            self.seen[name] = self.seen.get(name, 0) + 1
        return reply


def checked(version: str | None = None, **settings: Any) -> Checked:
    """A fresh emulator whose answers are checked."""
    return Checked(FakeElasticsearch(version, **settings))


def api_at(method: str, path: str) -> str | None:
    """Name of the specified API that answers there: of several that could, the one with the fewest variables."""
    return next((name for of, pattern, name in _urls() if of == method and pattern.fullmatch(path)), None)


def _without_twins(body: Any) -> Any:
    """A body without what ``?human`` adds to it, which is nowhere specified: ``create_time_string`` beside ``create_time``."""
    if isinstance(body, list):
        return [_without_twins(each) for each in body]
    if not isinstance(body, dict):
        return body
    return {
        name: _without_twins(value)
        for name, value in body.items()
        if not (name.endswith("_string") and name.removesuffix("_string") in body)
    }


def _as_pattern(path: str) -> str:
    # What begins with an underscore is another API, and no index.
    return re.sub(r"\{\w+\}", "[^/]+", re.sub(r"^/\{\w+\}", "/(?!_)[^/]+", path))


@cache
def _urls() -> list[tuple[str, re.Pattern[str], str]]:
    found = [
        (url["path"].count("{"), method, re.compile(_as_pattern(url["path"])), name)
        for name, endpoint in endpoints().items()
        for url in endpoint["urls"]
        for method in url["methods"]
    ]
    return [(method, pattern, name) for _, method, pattern, name in sorted(found, key=lambda each: each[0])]
