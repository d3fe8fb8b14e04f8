"""How each field of a job is had from documents: doc values, the source, or a script (``ExtractionMethodDetector``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from fake_es.documents.document import Document, leaves
from fake_es.documents.fields import Date, FieldType, GeoPoint
from fake_es.documents.painless import Script, read_script
from fake_es.wire.errors import NotImplementedHere
from fake_es.wire.human import iso_instant

# Values of a field in each of the documents: None where there is none, a list where there are several.
Column = Callable[[Sequence[Document]], "list[Any]"]

_EMIT = re.compile(r"\bemit\s*\(")


def _single(values: Sequence[Any]) -> Any:
    if len(values) == 1:
        return values[0]
    return list(values) if values else None


def doc_value_column(type_: FieldType) -> Column:
    """Doc values, dates other than the job's time as texts."""
    name, show = type_.name, _shown(type_)

    def read(documents: Sequence[Document]) -> list[Any]:
        found = [document.values(name) for document in documents]
        return [_single(values if show is None else [show(value) for value in values]) for values in found]

    return read


def _shown(type_: FieldType) -> Callable[[Any], Any] | None:
    if isinstance(type_, Date):
        return iso_instant
    return (lambda point: f"{point[0]},{point[1]}") if isinstance(type_, GeoPoint) else None


def source_column(path: str) -> Column:
    """What stands in the documents themselves."""

    def read(documents: Sequence[Document]) -> list[Any]:
        return [_single(list(leaves(document.source, path))) for document in documents]

    return read


def script_column(script: Script) -> Column:
    """What a script makes of each document."""

    def read(documents: Sequence[Document]) -> list[Any]:
        return [script.on(document.values) for document in documents]

    return read


def script_field(tree: dict[str, Any], version: tuple[int, ...]) -> Column:
    """A field of ``script_fields``.

    :raises NotImplementedHere: the script goes beyond what is emulated.
    """
    return script_column(read_script(tree.get("script", ""), version=version))


def runtime_field(name: str, tree: dict[str, Any], version: tuple[int, ...]) -> Column:
    """A field of ``runtime_mappings``; without a script it reads the source.

    :raises NotImplementedHere: the script goes beyond what is emulated.
    """
    return source_column(name) if "script" not in tree else script_column(read_runtime(tree["script"], version))


def read_runtime(tree: Any, version: tuple[int, ...]) -> Script:
    """The script of a runtime field: what it emits first is its value.

    :raises NotImplementedHere: it goes beyond what is emulated.
    """
    given: dict[str, Any] = {"source": tree} if isinstance(tree, str) else dict(tree)
    source = given.get("source")
    if isinstance(source, str):
        if len(_EMIT.findall(source)) > 1 and "if" not in source:
            raise NotImplementedHere(f"runtime script [{source}]: fake_es takes only what is emitted first")
        given["source"] = _EMIT.sub("return (", source)
    return read_script(given, version=version)
