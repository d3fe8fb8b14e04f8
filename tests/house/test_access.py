"""Names of callers become indices in one place, where they are authorized."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.test_imports import PACKAGE, modules

# Who may use the indices without being asked for privileges, and for what.
BY_ITSELF = {
    "indices/access.py": "the one place",
    "indices/system_indices.py": "it is declared here",
    "search/system_search.py": "searches for ML",
    "search/alias_filters.py": "registers the check of filters, and reads nothing",
    "indices/shard_health.py": "counts the shards of the whole cluster, which a cluster privilege grants",
}


def users_of(pattern: str) -> set[str]:
    """Modules in which something fits a pattern."""
    expression = re.compile(pattern)
    places = {str(path.relative_to(PACKAGE)): path for path in modules()}
    return {place for place, path in places.items() if expression.search(path.read_text())}


def test_only_ml_and_the_one_place_use_indices_without_asking() -> None:
    assert {place for place in users_of(r"\bSystemIndices\b") if not place.startswith("ml/")} == set(BY_ITSELF)


def test_only_ml_searches_without_asking() -> None:
    assert {place for place in users_of(r"\bSystemSearch\b") if not place.startswith("ml/")} == {"search/system_search.py"}


def test_nobody_reaches_behind_the_one_place() -> None:
    """``indices._indices`` of a handler would be a way round it, and so would the lookup of words that nobody checked."""
    assert users_of(r"(?<!\bself)\._indices\b|(?<!\bself)\._by_alias\b") == set()
    assert users_of(r"\.meant_by\(") == {"indices/access.py", "indices/system_indices.py"}


def test_names_are_taken_apart_in_one_place() -> None:
    """Nobody fills in the dates of a name by his own rules."""
    assert users_of(r"\bdated\(") == {"indices/access.py", "security/index_names.py"}


def ways_to_a_target(source: str) -> Iterator[str]:
    """Where a module makes a ``Target`` of an index, or might: its name stands there otherwise than in a type."""
    if not re.search(r"\bTarget\b|\bas_copy\b", source):
        return
    tree = ast.parse(source)
    types = {id(part) for node in ast.walk(tree) for part in _annotations(node)}
    for node in ast.walk(tree):
        if (isinstance(node, ast.alias) and node.name == "Target" and node.asname) or (
            id(node) not in types and {getattr(node, "id", ""), getattr(node, "attr", "")} & {"Target", "as_copy"}
        ):
            yield ast.unparse(node)


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns"):
        annotation = getattr(node, name, None)
        if annotation is not None:
            yield from ast.walk(annotation)


@pytest.mark.parametrize(
    "source",
    [
        "Target(index)",
        "targets.Target(index, None)",
        "map(Target, found)",
        "from a import Target as T",
        "target.as_copy(index)",
    ],
)
def test_a_target_made_by_hand_is_noticed(source: str) -> None:
    assert list(ways_to_a_target(source))


@pytest.mark.parametrize("source", ["def f(targets: list[Target]) -> Target: ...", "x: list[Target] = []", "import Target"])
def test_a_target_that_is_passed_on_is_not(source: str) -> None:
    assert list(ways_to_a_target(source)) == []


def test_only_the_one_place_makes_targets() -> None:
    """A handler that made the ``Target`` of an index itself could search it without asking."""
    makers = {str(path.relative_to(PACKAGE)): list(ways_to_a_target(path.read_text())) for path in modules()}
    assert {place: ways for place, ways in makers.items() if ways} == {
        "indices/system_indices.py": ["Target", "Target"],
        # Copies of the index of a target that the one place has answered.
        "search/searcher.py": ["target.as_copy"],
        "search/search_contexts.py": ["target.as_copy"],
    }
