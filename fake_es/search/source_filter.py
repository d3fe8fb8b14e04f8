"""Which part of a document is shown: ``_source`` in queries and bodies (``FetchSourceContext``, ``XContentMapValues``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fake_es.indices.parameters import strings
from fake_es.patterns.wildcards import wildcards
from fake_es.wire.call import Call
from fake_es.wire.errors import ParsingError

Tree = dict[str, Any]
_NOTHING = object()

NOT_A_FILTER = "Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] but found [VALUE_NUMBER]"
UNKNOWN_KEY = "Unknown key for a START_ARRAY in [{key}]."


class SourceFilter:
    """Whether the source is shown, and which of its fields; patterns are of full names, ``*`` also goes over dots."""

    __slots__ = ("_excluded", "_included", "_whole", "shown")

    def __init__(self, shown: bool = True, includes: Iterable[str] = (), excludes: Iterable[str] = ()) -> None:
        included, excluded = tuple(includes), tuple(excludes)
        self.shown = shown
        self._whole = not included and not excluded
        self._included = wildcards(included) if included else None
        self._excluded = wildcards(excluded) if excluded else None

    def apply(self, source: Tree) -> Tree:
        """What is left of a source; the source itself is not changed."""
        if self._whole:
            return source
        kept: Any = self._filtered(source, "", self._included is None)
        return {} if kept is _NOTHING else kept

    def _filtered(self, node: Any, path: str, included: bool) -> Any:
        """What is left below ``path``; ``included`` is whether a pattern has named it or something around it."""
        if isinstance(node, dict):
            kept = {
                key: left for key, value in node.items() if (left := self._field(key, value, path, included)) is not _NOTHING
            }
            return kept if kept or (included and not node) else _NOTHING
        if isinstance(node, list):
            items = [left for item in node if (left := self._filtered(item, path, included)) is not _NOTHING]
            return items if items or included else _NOTHING
        return node if included else _NOTHING

    def _field(self, key: str, value: Any, path: str, included: bool) -> Any:
        name = f"{path}.{key}" if path else key
        if self._excluded is not None and self._excluded(name):
            return _NOTHING
        included = included or (self._included is not None and self._included(name))
        return self._filtered(value, name, included)


EVERYTHING = SourceFilter()
NOTHING = SourceFilter(False)


def filter_of_tree(tree: Any) -> SourceFilter:
    """``_source`` of a body: a truth value, patterns, or an object with ``includes`` and ``excludes``.

    :raises ParsingError: it is something else.
    """
    if tree is None or tree is True:
        return EVERYTHING
    if tree is False:
        return NOTHING
    if isinstance(tree, str):
        return _of_word(tree)
    if isinstance(tree, list):
        return SourceFilter(includes=[str(item) for item in tree])
    if not isinstance(tree, dict):
        raise ParsingError(NOT_A_FILTER)
    parts: dict[str, list[str]] = {}
    for key, value in tree.items():
        name = {"include": "includes", "exclude": "excludes"}.get(key, key)
        if name not in ("includes", "excludes", "exclude_vectors"):
            raise ParsingError(UNKNOWN_KEY.format(key=key))
        if name != "exclude_vectors":
            parts[name] = [str(item) for item in (value if isinstance(value, list) else [value])]
    return SourceFilter(True, parts.get("includes", ()), parts.get("excludes", ()))


def _of_word(text: str) -> SourceFilter:
    if text in ("true", "false"):
        return EVERYTHING if text == "true" else NOTHING
    return SourceFilter(includes=[text])


def filter_of_query(params: Mapping[str, Any]) -> SourceFilter | None:
    """The same from the parameters ``_source``, ``_source_includes`` and ``_source_excludes``; None if there is none."""
    given = params.get("_source")
    includes = params.get("_source_includes") or params.get("_source_include")
    excludes = params.get("_source_excludes") or params.get("_source_exclude")
    if given is None and includes is None and excludes is None:
        return None
    if given in ("true", "", "false"):
        return SourceFilter(given != "false", strings(includes), strings(excludes))
    return SourceFilter(True, strings(given) + strings(includes), strings(excludes))


def filter_of(call: Call) -> SourceFilter:
    """What a call asks for: by its parameters, else everything."""
    return filter_of_query(call.params) or EVERYTHING
