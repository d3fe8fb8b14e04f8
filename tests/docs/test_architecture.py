"""The rooms of docs/architecture.md are the rule of imports: all of them are listed, and imports point down the list."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PACKAGE = ROOT / "fake_es"


def rooms() -> dict[str, int]:
    """Each room with its place in the list, read from the page."""
    page = (ROOT / "docs" / "architecture.md").read_text()
    section = page.partition("## Rooms")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return {name.strip("/"): place for place, row in enumerate(rows) for name in re.findall(r"`([\w/]+)`", row)}


def inhabitants() -> dict[str, list[Path]]:
    """The modules of each room: those of a package, or the one module."""
    packages = {path.parent.name: sorted(path.parent.rglob("*.py")) for path in PACKAGE.glob("*/__init__.py")}
    return packages | {path.stem: [path] for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")}


def imported(tree: ast.AST) -> Iterator[str]:
    """Rooms that a module imports from, wherever in it, but for type checking."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from _rooms_named(node)
        yield from imported(node)


def _rooms_named(node: ast.ImportFrom) -> list[str]:
    package, _, below = str(node.module).partition(".")
    if package != "fake_es":
        return []
    names = [below.partition(".")[0]] if below else [alias.name for alias in node.names]
    return [name for name in names if name in inhabitants()]


def test_every_room_is_listed() -> None:
    assert rooms().keys() == inhabitants().keys()


@pytest.mark.parametrize("room", sorted(inhabitants()))
def test_imports_point_down_the_list(room: str) -> None:
    places = rooms()
    for module in inhabitants()[room]:
        upward = {other for other in imported(ast.parse(module.read_text())) if places[other] < places[room]}
        assert not upward, f"{module.relative_to(ROOT)} imports from {upward}, which {room} stands below"
