"""What lies beside a checkout is reached through ``tests/shared.py`` alone, which can insist that it is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import shared

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("fake_es", "tests", "benchmarks", "demo")

# The folder in a path: ``../shared``, ``/work/shared/spec``; an index ``.ml-anomalies-shared`` is another thing.
FOLDER = re.compile(r"/shared(/|$)")
# Calls that put a path together out of their arguments.
JOINING = {"Path", "PurePath", "glob", "join", "joinpath", "open", "rglob", "with_name"}


def texts(node: ast.AST) -> Iterator[str]:
    """Texts that stand in an expression."""
    return (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def called(node: ast.Call) -> str:
    """Name of the function or method that is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def joined(node: ast.expr) -> list[ast.expr]:
    """Parts of which an expression puts a path together."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return [node.right]
    return node.args if isinstance(node, ast.Call) and called(node) in JOINING else []


def ways_to_shared(source: str) -> list[int]:
    """Lines that name the folder as a part of a path, whether in one text or put together."""
    if "shared" not in source:
        return []
    expressions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.expr)]
    return [
        node.lineno
        for node in expressions
        if (isinstance(node, ast.Constant) and FOLDER.search(str(node.value)))
        or any(re.match(r"shared(/|$)", text) for part in joined(node) for text in texts(part))
    ]


@pytest.mark.parametrize(
    "source",
    [
        'open("../shared/x")',
        'Path("/work/shared")',
        'ROOT.parent / "shared" / "spec"',
        'ROOT.parent / "shared/spec"',
        'ROOT.with_name("shared")',
        'ROOT.parent.joinpath("shared", "spec")',
        'os.path.join(beside, "shared")',
        'f"{beside}/shared/{name}"',
    ],
)
def test_a_way_round_is_noticed(source: str) -> None:
    assert ways_to_shared(source)


@pytest.mark.parametrize("source", ['fake.put("shared")', '"/.ml-anomalies-shared"', 'get("results_index_name", "shared")'])
def test_an_index_of_that_name_is_no_path(source: str) -> None:
    assert ways_to_shared(source) == []


def test_there_is_no_other_way() -> None:
    allowed = {Path(shared.__file__), Path(__file__)}
    sources = {path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")} - allowed
    found = {path.relative_to(ROOT).as_posix(): ways_to_shared(path.read_text()) for path in sources}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_what_is_absent_skips_the_test_or_ends_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    part = shared.ROOT / "no such page"
    assert shared.needs(part).kwargs == {"reason": "shared/no such page is not beside the checkout"}
    assert shared.needs(part).args == (True,)
    monkeypatch.setattr(shared, "PARTS", (tmp_path, part))
    monkeypatch.delenv(shared.REQUIRED, raising=False)
    shared.require()
    monkeypatch.setenv(shared.REQUIRED, "1")
    with pytest.raises(pytest.UsageError, match=r"FAKE_ES_SHARED_REQUIRED is set, and there is no \S*shared/no such page$"):
        shared.require()


def test_what_is_there_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shared, "ROOT", tmp_path / "shared")
    part = shared.ROOT / "page"
    part.mkdir(parents=True)
    monkeypatch.setattr(shared, "PARTS", (part,))
    monkeypatch.setenv(shared.REQUIRED, "1")
    shared.require()
    assert shared.needs(part).args == (False,)
