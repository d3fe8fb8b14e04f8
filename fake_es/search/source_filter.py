"""Source filtering: ``_source`` of parameters and bodies (``FetchSourceContext``, ``XContentMapValues``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fake_es.indices.parameters import strings
from fake_es.patterns.wildcards import wildcards
from fake_es.search import messages
from fake_es.wire.call import Call
from fake_es.wire.errors import ParsingError

Tree = dict[str, Any]
# What the filter returns for a part that is left out.
_LEFT_OUT = object()


class SourceFilter:
    """Whether responses contain the source (``fetch_source``), and which fields of it.

    Patterns match the full names of fields; their ``*`` also matches dots.
    """

    __slots__ = ("_excluded", "_included", "_whole", "fetch_source")

    def __init__(self, fetch_source: bool = True, includes: Iterable[str] = (), excludes: Iterable[str] = ()) -> None:
        included, excluded = tuple(includes), tuple(excludes)
        self.fetch_source = fetch_source
        self._whole = not included and not excluded
        self._included = wildcards(included) if included else None
        self._excluded = wildcards(excluded) if excluded else None

    def apply(self, source: Tree) -> Tree:
        """A copy of the source with only the chosen fields; the source itself if that is all of them."""
        if self._whole:
            return source
        kept: Any = self._filtered(source, "", self._included is None)
        return {} if kept is _LEFT_OUT else kept

    def _filtered(self, node: Any, path: str, included: bool) -> Any:
        """Filter the part at ``path``; ``included`` is whether an include pattern matches it or an object around it."""
        if isinstance(node, dict):
            kept = {
                key: left for key, value in node.items() if (left := self._field(key, value, path, included)) is not _LEFT_OUT
            }
            return kept if kept or (included and not node) else _LEFT_OUT
        if isinstance(node, list):
            items = [left for item in node if (left := self._filtered(item, path, included)) is not _LEFT_OUT]
            return items if items or included else _LEFT_OUT
        return node if included else _LEFT_OUT

    def _field(self, key: str, value: Any, path: str, included: bool) -> Any:
        name = f"{path}.{key}" if path else key
        if self._excluded is not None and self._excluded(name):
            return _LEFT_OUT
        included = included or (self._included is not None and self._included(name))
        return self._filtered(value, name, included)


EVERYTHING = SourceFilter()
NOTHING = SourceFilter(False)


def filter_of_tree(tree: Any) -> SourceFilter:
    """Read ``_source`` of a body: a boolean, patterns, or an object with ``includes`` and ``excludes``.

    :raises ParsingError: it is something else.
    """
    if tree is None or tree is True or tree == "true":
        return EVERYTHING
    if tree is False or tree == "false":
        return NOTHING
    if isinstance(tree, str):
        return SourceFilter(includes=[tree])
    if isinstance(tree, list):
        return SourceFilter(includes=[str(item) for item in tree])
    if not isinstance(tree, dict):
        raise ParsingError(messages.NOT_A_SOURCE_FILTER)
    parts: dict[str, list[str]] = {}
    for key, value in tree.items():
        name = {"include": "includes", "exclude": "excludes"}.get(key, key)
        if name not in ("includes", "excludes", "exclude_vectors"):
            raise ParsingError(messages.UNKNOWN_SEARCH_KEY.format(key=key, token="START_ARRAY"))
        if name != "exclude_vectors":
            parts[name] = [str(item) for item in (value if isinstance(value, list) else [value])]
    return SourceFilter(True, parts.get("includes", ()), parts.get("excludes", ()))


def filter_of_query(params: Mapping[str, Any]) -> SourceFilter | None:
    """Read the parameters ``_source``, ``_source_includes`` and ``_source_excludes``; None if none of them is given."""
    given = params.get("_source")
    includes = params.get("_source_includes") or params.get("_source_include")
    excludes = params.get("_source_excludes") or params.get("_source_exclude")
    if given is None and includes is None and excludes is None:
        return None
    if given in ("true", "", "false"):
        return SourceFilter(given != "false", strings(includes), strings(excludes))
    return SourceFilter(True, strings(given) + strings(includes), strings(excludes))


def filter_of(call: Call) -> SourceFilter:
    """The source filter of a call's parameters; by default the whole source."""
    return filter_of_query(call.params) or EVERYTHING
