"""Where the parts of a query stand in the text they were read from."""

from __future__ import annotations

from typing import Any

from fake_es.search.query.base import Locate
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import Body


def locator(body: Body, tree: Any) -> Locate:
    """Finds places in ``body``, from which ``tree`` was read; parts are known by identity, so it must be that very tree."""

    def locate(part: Any, key: str | None, at_key: bool) -> tuple[int, int] | None:
        path = _path(tree, part, ())
        if path is None:
            return None
        if key is None:
            return body.start_place(path)
        return (body.key_place if at_key else body.start_place)((*path, key))

    return locate


def _path(node: Any, part: Any, path: Path) -> Path | None:
    """Path of ``part``, an object or a list, below ``node``."""
    if node is part:
        return path
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
        # Most of what there is are plain values, and there may be millions.
        if isinstance(inner, (dict, list)):
            found = _path(inner, part, (*path, key))
            if found is not None:
                return found
    return None
