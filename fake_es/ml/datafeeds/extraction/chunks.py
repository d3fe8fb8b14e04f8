"""How time is cut into searches (``ChunkedDataExtractor``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

# Documents, first and last time of them within an interval; None if there is none.
Summary = Callable[[int, int], "tuple[int, int, int] | None"]

_LEAST_SPAN_MS = 60_000
# Pages that a search is hoped to fill, where the data decide its span.
_PAGES = 10


class Chunks:
    """Intervals that cover ``[start, end)`` as far as there are data; told of an empty one, it jumps to the next data.

    ``span`` is the length of an interval in milliseconds; None lets ``scroll_size`` and the data decide. Without a
    ``summary`` there is one interval, all of it.
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
        """Go to where the data begin; False if there are none left."""
        found = summary(self._at, self._end)
        if found is None:
            return False
        count, first, last = found
        self._at = max(self._at, first - first % self._align)
        span = self._given if self._given is not None else self._estimate(count, last - first)
        self._span = span + -span % self._align
        return True

    def _estimate(self, count: int, spread: int) -> int:
        if spread <= 0:
            return self._end - self._at
        return max(_PAGES * self._scroll_size * spread // count, _LEAST_SPAN_MS)
