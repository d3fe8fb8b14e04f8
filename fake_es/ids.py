"""Identifiers from a seed, in the forms of a real cluster."""

from __future__ import annotations

import base64
import random

# Number of document ids made at once. One at a time, they take a third of the time of storing an audit message.
_AT_ONCE = 32


def _url_safe(drawn: bytes) -> str:
    return base64.urlsafe_b64encode(drawn).decode()


class Ids:
    """A sequence of identifiers: the same seed gives the same identifiers in the same order."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._counted = 0
        self._drawn: list[str] = []

    def uuid(self) -> str:
        """22 URL-safe characters, as from ``UUIDs.randomBase64UUID`` of the server."""
        return _url_safe(self._random.randbytes(16)).rstrip("=")

    def document_id(self) -> str:
        """20 URL-safe characters: the form of ids for documents indexed without one (``TimeBasedUUIDGenerator``)."""
        if not self._drawn:
            text = _url_safe(self._random.randbytes(15 * _AT_ONCE))
            self._drawn = [text[start : start + 20] for start in range(0, len(text), 20)]
        return self._drawn.pop()

    def guid(self) -> str:
        """32 hexadecimal digits in five groups: the form of the ids of licences."""
        digits = self._random.randbytes(16).hex()
        return "-".join(digits[start:end] for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))

    def number(self) -> int:
        """The next whole number, from 1 on: the form of task numbers."""
        self._counted += 1
        return self._counted
