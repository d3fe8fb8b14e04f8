"""Runtime fields of a search (``runtime_mappings``): computed by a script, or read from the source, when asked for."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.mapping import messages as mapping_messages
from fake_es.mapping.errors import MapperParsing
from fake_es.mapping.field_types import FieldType
from fake_es.mapping.tree import field_type
from fake_es.search import messages
from fake_es.wire.errors import NotImplementedHere

if TYPE_CHECKING:
    from fake_es.script import Script

SINCE = (7, 12)
_KINDS = frozenset({"boolean", "date", "double", "geo_point", "ip", "keyword", "long"})
_NOT_HERE = frozenset({"composite", "lookup", "geo_shape"})
_PARAMETERS = frozenset({"type", "script", "format", "locale", "on_script_error"})
_EMIT = re.compile(r"\bemit\s*\(")
_KEPT = 4


def runtime_fields(tree: Any, release: tuple[int, ...]) -> dict[str, FieldType]:
    """The fields that ``runtime_mappings`` define.

    :raises MapperParsing: a definition cannot be understood.
    :raises NotImplementedHere: a script beyond what is emulated: one value, emitted once.
    """
    if not isinstance(tree, dict):
        raise MapperParsing(messages.RUNTIME_NOT_OBJECT)
    return {name: _field(name, definition, release) for name, definition in tree.items()}


def _field(name: str, definition: Any, release: tuple[int, ...]) -> FieldType:
    kind = definition.get("type") if isinstance(definition, dict) else None
    if not isinstance(kind, str):
        raise MapperParsing(mapping_messages.NO_TYPE.format(field=name))
    if kind in _NOT_HERE:
        raise NotImplementedHere(f"runtime field [{name}] of type [{kind}] is not emulated by fake_es")
    if kind not in _KINDS:
        raise MapperParsing(messages.NO_RUNTIME_TYPE.format(kind=kind, field=name))
    for parameter in definition:
        if parameter not in _PARAMETERS:
            words = {"field": name, "parameter": parameter, "value": definition[parameter], "kind": kind}
            raise MapperParsing(mapping_messages.UNKNOWN_PARAMETER.at(release, **words))
    type_ = field_type(name, {key: value for key, value in definition.items() if key in ("type", "format")}, release)
    if "script" in definition:
        type_.computed = _computed(definition["script"], release)
    return type_


def read_runtime_script(tree: Any, release: tuple[int, ...]) -> Script:
    """The script of a runtime field, to be run for its value: what it emits.

    :raises IllegalArgument: there is no source.
    :raises NotImplementedHere: it goes beyond what is emulated: one value, emitted once.
    """
    from fake_es.script import read_script

    given = dict(tree) if isinstance(tree, dict) else {"source": tree}
    source = given.get("source")
    if isinstance(source, str):
        if len(_EMIT.findall(source)) > 1 and "if" not in source:
            raise NotImplementedHere(f"runtime script [{source}]: fake_es takes only what is emitted first")
        # Where but one value is emitted, emitting it and returning it are the same.
        given["source"] = _EMIT.sub("return (", source)
    return read_script(given, names=("doc",), version=release)


def _computed(tree: Any, release: tuple[int, ...]) -> Callable[[HasValues], Iterable[Any]]:
    script = read_runtime_script(tree, release)

    def values(document: HasValues) -> Iterable[Any]:
        found = script.on(document.values, document.index.mapping.is_date)
        return found if isinstance(found, list) else () if found is None else (found,)

    return values


class Overlays:
    """Indices as a search sees them, with its runtime fields; the last few are kept for the next page."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, Index] = OrderedDict()

    def over(self, index: Index, tree: Any, fields: dict[str, FieldType]) -> Index:
        """``index`` with the fields that ``tree`` defines; one that has them already is answered as it is."""
        if index.is_overlay or not fields:
            return index
        key = (index.uuid, index.generation, json.dumps(tree))
        overlay = self._kept.get(key)
        if overlay is None:
            overlay = self._kept[key] = index.overlaid(fields)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return overlay
