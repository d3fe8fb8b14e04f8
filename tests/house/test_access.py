"""Names of callers become indices in one place, where they are authorized."""

from __future__ import annotations

import re

from tests.house.test_imports import PACKAGE, modules

# Who may use the indices without being asked for privileges, and for what.
BY_ITSELF = {
    "indices/access.py": "the one place",
    "indices/indices.py": "it is declared here",
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
    assert users_of(r"\.meant_by\(") == {"indices/access.py", "indices/indices.py"}


def test_names_are_taken_apart_in_one_place() -> None:
    """Nobody fills in the dates of a name by his own rules."""
    assert users_of(r"\bdated\(") == {"indices/access.py", "security/index_names.py"}
