"""The scripts of a datafeed's ``script_fields``; those of its ``runtime_mappings`` are read as those of searches are."""

from __future__ import annotations

from typing import Any

from fake_es.script import Script, read_script


def read_field_script(tree: dict[str, Any], version: tuple[int, ...]) -> Script:
    """The script of a field of ``script_fields``.

    :raises IllegalArgument: there is none.
    :raises NotImplementedHere: it goes beyond what is emulated.
    """
    return read_script(tree.get("script", {}), names=("doc",), version=version)
