"""Seeded identifiers, shaped like those of a real cluster."""

from __future__ import annotations

import base64
import random

# Ids of documents drawn together: drawing them one by one takes a third of what it takes to keep a message.
_AT_ONCE = 32


def _url_safe(drawn: bytes) -> str:
    return base64.urlsafe_b64encode(drawn).decode()


class Ids:
    """A stream of identifiers: the same seed gives the same identifiers, in the order they are asked for."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._counted = 0
        self._drawn: list[str] = []

    def uuid(self) -> str:
        """Twenty-two URL-safe characters, as Elasticsearch's ``UUIDs.randomBase64UUID`` gives."""
        return _url_safe(self._random.randbytes(16)).rstrip("=")

    def document_id(self) -> str:
        """Twenty URL-safe characters, as documents get that are indexed without an id (``TimeBasedUUIDGenerator``)."""
        if not self._drawn:
            text = _url_safe(self._random.randbytes(15 * _AT_ONCE))
            self._drawn = [text[start : start + 20] for start in range(0, len(text), 20)]
        return self._drawn.pop()

    def guid(self) -> str:
        """Thirty-two hexadecimal digits in five groups, as licences are numbered."""
        digits = self._random.randbytes(16).hex()
        return "-".join(digits[start:end] for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))

    def number(self) -> int:
        """The next of a row of small numbers, as tasks are counted."""
        self._counted += 1
        return self._counted
