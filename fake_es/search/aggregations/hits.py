"""Documents as ``top_hits`` shows them, where the search around gives no way of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.indices.document import NestedObject
from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import Document
from fake_es.wire.errors import NotImplementedHere
from fake_es.wire.filter_path import apply_filter_path

_NOT_HERE = ("docvalue_fields", "explain", "fields", "highlight", "script_fields", "stored_fields")


def check_hit_options(options: Mapping[str, Any]) -> None:
    """Refuse what ``show_hit`` does not show.

    :raises NotImplementedHere: one of the options asks for it.
    """
    for option in _NOT_HERE:
        if options.get(option):
            raise NotImplementedHere(messages.OPTION_NOT_HERE.format(option=option, kind="top_hits"))


def show_hit(document: Document, options: Mapping[str, Any], release: tuple[int, ...]) -> dict[str, Any]:
    """``_index``, ``_type`` up to 7.x, ``_id``, versions where asked for, and as much of the source as is wanted."""
    root = document.root if isinstance(document, NestedObject) else document
    hit: dict[str, Any] = {"_index": root.index.name}
    if release < (8, 0):
        hit["_type"] = root.type
    hit["_id"] = root.id
    if isinstance(document, NestedObject):
        hit["_nested"] = {"field": document.path, "offset": _offset(document)}
    if options.get("version"):
        hit["_version"] = root.version
    if options.get("seq_no_primary_term"):
        hit |= {"_seq_no": root.seq_no, "_primary_term": root.primary_term}
    hit["_score"] = 1.0
    wanted = options.get("_source", True)
    return hit if wanted is False else {**hit, "_source": _part(document.source, wanted)}


def _offset(document: NestedObject) -> int:
    siblings = document.parent.nested(document.path)
    return next(at for at, sibling in enumerate(siblings) if sibling.source is document.source)


def _part(source: dict[str, Any], wanted: Any) -> Any:
    if wanted is True:
        return source
    given = wanted if isinstance(wanted, dict) else {"includes": wanted}
    includes = _patterns(given.get("includes", given.get("include")))
    excludes = [f"-{pattern}" for pattern in _patterns(given.get("excludes", given.get("exclude")))]
    return apply_filter_path(source, ",".join([*includes, *excludes]))


def _patterns(given: Any) -> list[str]:
    items = given if isinstance(given, list) else [] if given is None else [given]
    return [str(item) for item in items]
