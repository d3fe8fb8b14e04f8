"""Distance of two token lists: edits, weighted by the tokens that they change."""

from __future__ import annotations

from collections.abc import Sequence

# Words weigh more than other tokens: words make the message, the others say which instance it is about.
_WORD = 3
_OTHER = 1


def weight(token: str) -> int:
    """Weight of a token. A word has two letters or more, and nothing else.

    The real categorizer has an English dictionary (``CWordDictionary``).
    """
    return _WORD if len(token) > 1 and token.isalpha() else _OTHER


def total_weight(tokens: Sequence[str]) -> int:
    """Weight of all tokens."""
    return sum(map(weight, tokens))


def similarity(left: Sequence[str], right: Sequence[str]) -> float:
    """1 for equal lists, 0 for lists with nothing in common."""
    most = max(total_weight(left), total_weight(right))
    return 1.0 if most == 0 else 1 - distance(left, right) / most


def distance(left: Sequence[str], right: Sequence[str]) -> int:
    """Least weight of the tokens to insert, delete or replace (a replacement weighs as its heavier token)."""
    row = [0]
    for token in right:
        row.append(row[-1] + weight(token))
    for token in left:
        cost, corner = weight(token), row[0]
        row[0] += cost
        for at, other in enumerate(right, 1):
            kept = corner if token == other else corner + max(cost, weight(other))
            corner = row[at]
            row[at] = min(kept, row[at] + cost, row[at - 1] + weight(other))
    return row[-1]
