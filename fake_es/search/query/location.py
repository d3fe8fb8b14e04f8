"""Line and column of the parts of a query, for error messages."""

from __future__ import annotations

from typing import Any

from fake_es.search.query.base import Locate
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import Body


def locator(body: Body, tree: Any) -> Locate:
    """A function that finds line and column in ``body``.

    ``tree`` must be the object that was parsed from ``body``, not a copy: its parts are found by identity.
    """

    def locate(part: Any, key: str | None, at_key: bool) -> tuple[int, int] | None:
        path = _path(tree, part, ())
        if path is None:
            return None
        if key is None:
            return body.start_place(path)
        return (body.key_place if at_key else body.start_place)((*path, key))

    return locate


def _path(node: Any, part: Any, path: Path) -> Path | None:
    """The path from ``node`` to ``part``, an object or a list in it."""
    if node is part:
        return path
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
        # Plain values are skipped: there may be millions of them.
        if isinstance(inner, (dict, list)):
            found = _path(inner, part, (*path, key))
            if found is not None:
                return found
    return None
