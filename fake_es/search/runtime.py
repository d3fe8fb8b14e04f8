"""Runtime fields of a search (``runtime_mappings``): computed by a script or read from the source when they are needed."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.mapping.errors import MapperParsing, missing_type, unknown_parameter
from fake_es.mapping.field_types import FieldType
from fake_es.mapping.tree import field_type
from fake_es.search import messages
from fake_es.wire.errors import NotImplementedHere

if TYPE_CHECKING:
    from fake_es.script import Script

SINCE = (7, 12)
_KINDS = frozenset({"boolean", "date", "double", "geo_point", "ip", "keyword", "long"})
_NOT_EMULATED = frozenset({"composite", "lookup", "geo_shape"})
_PARAMETERS = frozenset({"type", "script", "format", "locale", "on_script_error"})
_EMIT = re.compile(r"\bemit\s*\(")
# How many overlays are kept.
_CACHE_SIZE = 4


def runtime_fields(tree: Any, release: tuple[int, ...]) -> dict[str, FieldType]:
    """Parse ``runtime_mappings``: field types by name.

    :raises MapperParsing: a definition is wrong.
    :raises NotImplementedHere: a type or script that is not emulated, see ``read_runtime_script``.
    """
    if not isinstance(tree, dict):
        raise MapperParsing(messages.RUNTIME_NOT_OBJECT)
    return {name: _field(name, definition, release) for name, definition in tree.items()}


def _field(name: str, definition: Any, release: tuple[int, ...]) -> FieldType:
    kind = definition.get("type") if isinstance(definition, dict) else None
    if not isinstance(kind, str):
        raise missing_type(name)
    if kind in _NOT_EMULATED:
        raise NotImplementedHere(f"runtime field [{name}] of type [{kind}] is not emulated by fake_es")
    if kind not in _KINDS:
        raise MapperParsing(messages.NO_RUNTIME_TYPE.format(kind=kind, field=name))
    for parameter in definition:
        if parameter not in _PARAMETERS:
            raise unknown_parameter(name, kind, parameter, definition[parameter], release)
    type_ = field_type(name, {key: value for key, value in definition.items() if key in ("type", "format")}, release)
    if "script" in definition:
        type_.computed = _computed(definition["script"], release)
    return type_


def read_runtime_script(tree: Any, release: tuple[int, ...]) -> Script:
    """Parse the script of a runtime field. Running it returns the value that it emits.

    :raises IllegalArgument: the script has no source.
    :raises NotImplementedHere: the script emits more than one value, or uses what fake_es does not have.
    """
    from fake_es.script import read_script

    given = dict(tree) if isinstance(tree, dict) else {"source": tree}
    source = given.get("source")
    if isinstance(source, str):
        if len(_EMIT.findall(source)) > 1 and "if" not in source:
            raise NotImplementedHere(f"runtime script [{source}]: fake_es takes only what is emitted first")
        # With a single value, emitting it is the same as returning it.
        given["source"] = _EMIT.sub("return (", source)
    return read_script(given, names=("doc",), version=release)


def _computed(tree: Any, release: tuple[int, ...]) -> Callable[[HasValues], Iterable[Any]]:
    script = read_runtime_script(tree, release)

    def values(document: HasValues) -> Iterable[Any]:
        found = script.on(document.values, document.index.mapping.is_date)
        return found if isinstance(found, list) else () if found is None else (found,)

    return values


class Overlays:
    """Makes views of indices with the runtime fields of a search, and keeps the last few for the next page."""

    def __init__(self) -> None:
        self._cache: OrderedDict[Any, Index] = OrderedDict()

    def over(self, index: Index, tree: Any, fields: dict[str, FieldType]) -> Index:
        """A view of ``index`` with the fields that ``tree`` defines. An index that is such a view is returned unchanged."""
        if index.is_overlay or not fields:
            return index
        key = (index.uuid, index.generation, json.dumps(tree))
        overlay = self._cache.get(key)
        if overlay is None:
            overlay = self._cache[key] = index.overlaid(fields)
            if len(self._cache) > _CACHE_SIZE:
                self._cache.popitem(last=False)
        return overlay
