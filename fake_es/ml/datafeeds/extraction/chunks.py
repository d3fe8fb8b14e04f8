"""Chunks of time, one for each search (``ChunkedDataExtractor``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

# Number of documents in an interval, their first and their last time; None without documents.
Summary = Callable[[int, int], "tuple[int, int, int] | None"]

_LEAST_SPAN_MS = 60_000
# Pages per search in mode ``auto``, on average.
_PAGES = 10


class Chunks:
    """Iterates over the intervals of ``[start, end)`` that have data. All times are milliseconds.

    The caller sets ``was_empty`` after an interval without data; the next interval then begins at the next document.
    ``span`` is the length of an interval; None computes it from ``scroll_size`` and the density of the documents.
    Intervals begin at multiples of ``align``. Without a ``summary`` there is only one interval.
    """

    def __init__(
        self, start: int, end: int, summary: Summary | None, *, scroll_size: int = 1, span: int | None, align: int = 1
    ) -> None:
        self._at, self._end = start, end
        self._summary = summary
        self._scroll_size = scroll_size
        self._given = span
        self._align = align
        self._span = end - start
        self.was_empty = True

    def __iter__(self) -> Iterator[tuple[int, int]]:
        while self._at < self._end:
            if self.was_empty and self._summary is not None and not self._jump(self._summary):
                return
            start, self._at = self._at, min(self._at + self._span, self._end)
            yield start, self._at

    def _jump(self, summary: Summary) -> bool:
        """Go to the next document and set the span; return False if there are no more documents."""
        found = summary(self._at, self._end)
        if found is None:
            return False
        count, first, last = found
        self._at = max(self._at, first - first % self._align)
        span = self._given if self._given is not None else self._estimate(count, last - first)
        self._span = span + -span % self._align
        return True

    def _estimate(self, count: int, spread: int) -> int:
        """The span that has about ten pages, if ``count`` documents are spread over ``spread`` milliseconds."""
        if spread <= 0:
            return self._end - self._at
        return max(_PAGES * self._scroll_size * spread // count, _LEAST_SPAN_MS)
