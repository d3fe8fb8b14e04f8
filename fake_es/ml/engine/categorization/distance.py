"""How far two token lists are apart: edits weighted by the tokens they touch."""

from __future__ import annotations

from collections.abc import Sequence

# Every token weighs something, a word more than a name: words make the message, the rest tells which instance it is of.
_WORD = 3
_OTHER = 1


def weight(token: str) -> int:
    """Weight of a token: a plain word of two letters or more weighs more.

    The real categorizer asks an English dictionary (``CWordDictionary``); letters alone are nearly as telling.
    """
    return _WORD if len(token) > 1 and token.isalpha() else _OTHER


def total(tokens: Sequence[str]) -> int:
    """Weight of a message."""
    return sum(map(weight, tokens))


def similarity(left: Sequence[str], right: Sequence[str]) -> float:
    """1 for equal lists, 0 for lists with nothing in common."""
    most = max(total(left), total(right))
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
