"""The suggestions "did you mean ...?" of Elasticsearch: names with a Levenshtein similarity above 0.5 (Lucene)."""

from __future__ import annotations

from collections.abc import Iterable


def similar(word: str, candidates: Iterable[str]) -> list[str]:
    """Candidates similar to ``word``, the best first, then in alphabetical order."""
    scored = [(-_similarity(word, candidate), candidate) for candidate in set(candidates)]
    return [candidate for score, candidate in sorted(scored) if -score > 0.5]


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """`` did you mean [x]?`` or `` did you mean any of [x, y]?``; empty without similar candidates."""
    close = similar(word, candidates)
    if not close:
        return ""
    return f" did you mean [{close[0]}]?" if len(close) == 1 else f" did you mean any of [{', '.join(close)}]?"


def _similarity(left: str, right: str) -> float:
    longest = max(len(left), len(right))
    return 1 - edits(left, right) / longest if longest else 1.0


def edits(left: str, right: str) -> int:
    """Number of letters to insert, delete or replace to change one word into the other (Levenshtein distance)."""
    previous = list(range(len(right) + 1))
    for row, character in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            substitution = previous[column - 1] + (character != other)
            current.append(min(substitution, previous[column] + 1, current[-1] + 1))
        previous = current
    return previous[-1]
