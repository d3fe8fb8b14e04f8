"""Words and phrases in analysed texts, scored as Lucene scores them (``BM25Similarity``)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from math import log
from typing import Any

from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.mapping import messages as mapping_messages
from fake_es.search import messages
from fake_es.search.query.base import MatchAll, Query
from fake_es.wire.errors import IllegalArgument, NumberFormat
from fake_es.wire.numbers import double_of, whole
from fake_es.wire.similarity import edits

_K1, _B = 1.2, 0.75


class Words(Query):
    """Documents that have at least ``least`` of some words."""

    constant = False

    def __init__(self, field: str, words: list[str], least: int) -> None:
        self._field = field
        self._words = list(dict.fromkeys(words))
        self._least = min(least, len(self._words))

    def matches(self, document: HasValues) -> bool:
        found = document.terms(self._field)
        return sum(word in found for word in self._words) >= self._least

    def score(self, document: HasValues) -> float:
        return self.boost * sum(relevance(document, self._field, word) for word in self._words)

    def _among(self, index: Index) -> list[int]:
        column = index.lookup(self._field)
        if column is None:
            return []
        postings = column.postings()
        counts: dict[int, int] = {}
        for ordinal in chain.from_iterable(postings.get(word) for word in self._words):
            counts[ordinal] = counts.get(ordinal, 0) + 1
        return [ordinal for ordinal, count in counts.items() if count >= self._least]

    def estimate(self, index: Index) -> int:
        column = index.lookup(self._field)
        if column is None:
            return 0
        return sum(len(column.postings().get(word)) for word in self._words)

    def select(self, index: Index) -> list[int]:
        return index.alive(self._among(index))

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        return list(set(self._among(index)).intersection(ordinals))


class Phrase(Query):
    """Documents that have words one after the other, with at most ``slop`` others between; ``begun`` is whether the last
    need only begin a word.
    """

    constant = False

    def __init__(self, field: str, words: list[str], slop: int, *, begun: bool) -> None:
        self._field = field
        self._words = words
        self._slop = slop
        self._begun = begun

    def matches(self, document: HasValues) -> bool:
        text = document.terms(self._field)
        return any(self._follows(text, place) for place, word in enumerate(text) if self._fits(word, 0))

    def score(self, document: HasValues) -> float:
        return self.boost * sum(relevance(document, self._field, word) for word in self._words)

    def estimate(self, index: Index) -> int:
        return self._first().estimate(index)

    def select(self, index: Index) -> list[int]:
        return self.narrow(index, self._first().select(index))

    def _first(self) -> Query:
        exact = self._words[:-1] if self._begun else self._words
        return Words(self._field, exact, len(exact)) if exact else MatchAll()

    def _fits(self, word: str, place: int) -> bool:
        wanted = self._words[place]
        return word.startswith(wanted) if self._begun and place == len(self._words) - 1 else word == wanted

    def _follows(self, text: Any, start: int) -> bool:
        """Whether the phrase stands in ``text`` from ``start`` on."""
        at, spare = start, self._slop
        for place in range(1, len(self._words)):
            at += 1
            while at < len(text) and spare and not self._fits(text[at], place):
                at, spare = at + 1, spare - 1
            if at >= len(text) or not self._fits(text[at], place):
                return False
        return True


def relevance(document: HasValues, field: str, word: str) -> float:
    """What one word adds to the score of a document."""
    column = document.index.lookup(field)
    terms = document.terms(field)
    often = sum(term == word for term in terms)
    if not often or column is None:
        return 0.0
    having = len(column.postings().get(word))
    count, length = column.lengths()
    rarity: float = log(1 + (count - having + 0.5) / (having + 0.5)) if count >= having else 0.0
    saturation: float = often / (often + _K1 * (1 - _B + _B * len(terms) / (length or 1)))
    return (_K1 + 1) * rarity * saturation


def close_to(text: str, fuzziness: Any, prefix: int = 0) -> Callable[[str], bool]:
    """A test for texts that differ from ``text`` by few enough letters (``Fuzziness``: ``AUTO``, ``AUTO:3,6``, 0 to 2).

    :raises IllegalArgument: no such fuzziness.
    """
    most = _most_edits(str(fuzziness).upper(), len(text))
    start = text[:prefix]
    return lambda term: abs(len(term) - len(text)) <= most and term.startswith(start) and edits(term, text) <= most


def _most_edits(fuzziness: str, length: int) -> int:
    name, _, bounds = fuzziness.partition(":")
    try:
        if name == "AUTO":
            low, high = (_bound(bound) for bound in (bounds or "3,6").split(","))
            return 0 if length < low else 1 if length < high else 2
        most = int(double_of(fuzziness))
    except (ValueError, OverflowError, NumberFormat):
        raise IllegalArgument(mapping_messages.FOR_INPUT_STRING.format(text=fuzziness)) from None
    if not 0 <= most <= 2:
        raise IllegalArgument(messages.BAD_FUZZINESS.format(value=fuzziness))
    return most


def _bound(text: str) -> int:
    number = whole(text)
    if number is None:
        raise ValueError(text)
    return number
