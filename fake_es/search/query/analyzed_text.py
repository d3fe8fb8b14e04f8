"""Queries for words and phrases in analyzed texts, with the scores of Lucene (``BM25Similarity``)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from math import log
from typing import Any

from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.search import messages
from fake_es.search.query.base import MatchAll, Query
from fake_es.wire.errors import IllegalArgument, NumberFormat
from fake_es.wire.java import FOR_INPUT_STRING, java_text
from fake_es.wire.numbers import double_of, whole
from fake_es.wire.similarity import edits

_K1, _B = 1.2, 0.75


class MatchWords(Query):
    """Documents that have at least ``least`` of the words."""

    constant = False

    def __init__(self, field: str, words: list[str], least: int) -> None:
        self._field = field
        self._words = {word: place for place, word in enumerate(dict.fromkeys(words))}
        self._least = min(least, len(self._words))

    def matches(self, document: HasValues) -> bool:
        return len(self._words.keys() & document.terms(self._field)) >= self._least

    def score(self, document: HasValues) -> float:
        # In the order of the query, because the sum of floating-point numbers depends on it.
        words = sorted(self._words.keys() & document.terms(self._field), key=self._words.__getitem__)
        return self.boost * sum(relevance(document, self._field, word) for word in words)

    def _with_enough_words(self, index: Index) -> list[int]:
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
        return index.alive(self._with_enough_words(index))

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        return list(set(self._with_enough_words(index)).intersection(ordinals))


class MatchPhrase(Query):
    """Documents that have the words in this order, with at most ``slop`` other words between them.

    With ``prefix`` the last word may be only the beginning of a word of the document.
    """

    constant = False

    def __init__(self, field: str, words: list[str], slop: int, *, prefix: bool) -> None:
        self._field = field
        self._words = words
        self._slop = slop
        self._prefix = prefix

    def matches(self, document: HasValues) -> bool:
        text = document.terms(self._field)
        return any(self._continues(text, at) for at, word in enumerate(text) if self._fits(word, 0))

    def score(self, document: HasValues) -> float:
        return self.boost * sum(relevance(document, self._field, word) for word in self._words)

    def estimate(self, index: Index) -> int:
        return self._all_words().estimate(index)

    def select(self, index: Index) -> list[int]:
        return self.narrow(index, self._all_words().select(index))

    def _all_words(self) -> Query:
        """The documents that have all words but a prefix, in any order: only they can have the phrase."""
        exact = self._words[:-1] if self._prefix else self._words
        return MatchWords(self._field, exact, len(exact)) if exact else MatchAll()

    def _fits(self, word: str, number: int) -> bool:
        wanted = self._words[number]
        return word.startswith(wanted) if self._prefix and number == len(self._words) - 1 else word == wanted

    def _continues(self, text: Any, start: int) -> bool:
        """Whether the second and later words of the phrase follow the word at ``start`` in ``text``."""
        at, slop_left = start, self._slop
        for number in range(1, len(self._words)):
            at += 1
            while at < len(text) and slop_left and not self._fits(text[at], number):
                at, slop_left = at + 1, slop_left - 1
            if at >= len(text) or not self._fits(text[at], number):
                return False
        return True


def relevance(document: HasValues, field: str, word: str) -> float:
    """The part of a document's score that one word gives: its inverse document frequency times its saturated frequency."""
    column = document.index.lookup(field)
    terms = document.terms(field)
    frequency = sum(term == word for term in terms)
    if not frequency or column is None:
        return 0.0
    with_word, documents, mean_length = column.statistics(word)
    idf: float = log(1 + (documents - with_word + 0.5) / (with_word + 0.5)) if documents >= with_word else 0.0
    saturation: float = frequency / (frequency + _K1 * (1 - _B + _B * len(terms) / (mean_length or 1)))
    return (_K1 + 1) * idf * saturation


def fuzzy_test(text: str, fuzziness: Any, prefix: int = 0) -> Callable[[str], bool]:
    """A function that accepts texts within the edit distance of ``fuzziness``: ``AUTO``, ``AUTO:3,6``, or 0 to 2.

    The first ``prefix`` letters must be equal. The rule for ``AUTO`` is that of the server's class ``Fuzziness``.

    :raises IllegalArgument: ``fuzziness`` is something else.
    """
    most = _most_edits(java_text(fuzziness).upper(), len(text))
    start = text[:prefix]
    return lambda term: abs(len(term) - len(text)) <= most and term.startswith(start) and edits(term, text) <= most


def _most_edits(fuzziness: str, length: int) -> int:
    name, _, bounds = fuzziness.partition(":")
    try:
        if name == "AUTO":
            low, high = (_whole(bound) for bound in (bounds or "3,6").split(","))
            return 0 if length < low else 1 if length < high else 2
        most = int(double_of(fuzziness))
    except (ValueError, OverflowError, NumberFormat):
        raise IllegalArgument(FOR_INPUT_STRING.format(text=fuzziness)) from None
    if not 0 <= most <= 2:
        raise IllegalArgument(messages.BAD_FUZZINESS.format(value=fuzziness))
    return most


def _whole(text: str) -> int:
    number = whole(text)
    if number is None:
        raise ValueError(text)
    return number
