"""Nothing grows out of sight."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LONGEST_FILE = 500
LONGEST_FUNCTION = 60


def sources(*folders: str) -> Iterator[Path]:
    return (path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in sources("fake_es", "tests", "benchmarks", "demo")}
    assert {path.name: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    long = {}
    for path in sources("fake_es"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or 0) - node.lineno
                if length > LONGEST_FUNCTION:
                    long[f"{path.relative_to(ROOT)}: {node.name}"] = length
    assert long == {}


def test_public_names_are_explained() -> None:
    silent = []
    for path in sources("fake_es"):
        tree = ast.parse(path.read_text())
        named = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))]
        silent += [f"{path.relative_to(ROOT)}: {node.name}" for node in named if _is_silent(node)]
        if not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []


def _is_silent(node: ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) -> bool:
    return not node.name.startswith("_") and not ast.get_docstring(node)
