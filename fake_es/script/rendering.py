"""Writes scripts as the server shows them (``Script.toXContent``)."""

from __future__ import annotations

from typing import Any


def render_script(script: Any, release: tuple[int, ...]) -> dict[str, Any]:
    """A script of a request (a text or an object) as the server shows it: with its language, without empty parts.

    The source is called ``inline`` before 5.6.
    """
    tree: dict[str, Any] = {"source": script} if isinstance(script, str) else script
    shown: dict[str, Any] = {}
    for name in ("source", "inline", "id", "stored", "file"):
        if tree.get(name) is not None:
            inline = name in ("source", "inline")
            shown[("inline" if release < (5, 6) else "source") if inline else name] = tree[name]
    if "id" not in shown:
        shown["lang"] = tree.get("lang", "painless")
    return shown | {name: tree[name] for name in ("options", "params") if tree.get(name)}
