"""The scripts of a datafeed: those of ``script_fields`` and of ``runtime_mappings``."""

from __future__ import annotations

import re
from typing import Any

from fake_es.documents.painless import Script, read_script
from fake_es.wire.errors import NotImplementedHere

_EMIT = re.compile(r"\bemit\s*\(")
_NAMES = ("doc",)


def read_field_script(tree: dict[str, Any], version: tuple[int, ...]) -> Script:
    """The script of a field of ``script_fields``.

    :raises IllegalArgument: there is none.
    :raises NotImplementedHere: it goes beyond what is emulated.
    """
    return read_script(tree.get("script", {}), names=_NAMES, version=version)


def read_runtime_script(tree: Any, version: tuple[int, ...]) -> Script:
    """The script of a runtime field: what it emits first is its value.

    :raises NotImplementedHere: it goes beyond what is emulated.
    """
    given: dict[str, Any] = {"source": tree} if isinstance(tree, str) else dict(tree)
    source = given.get("source")
    if isinstance(source, str):
        if len(_EMIT.findall(source)) > 1 and "if" not in source:
            raise NotImplementedHere(f"runtime script [{source}]: fake_es takes only what is emitted first")
        given["source"] = _EMIT.sub("return (", source)
    return read_script(given, names=_NAMES, version=version)
