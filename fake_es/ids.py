"""Seeded identifiers, shaped like those of a real cluster."""

from __future__ import annotations

import base64
import binascii
import random


class Ids:
    """A stream of identifiers: the same seed gives the same identifiers, in the order they are asked for."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._counted = 0

    def uuid(self) -> str:
        """Twenty-two URL-safe characters, as Elasticsearch's ``UUIDs.randomBase64UUID`` gives."""
        return base64.urlsafe_b64encode(self._random.randbytes(16)).rstrip(b"=").decode()

    def document_id(self) -> str:
        """Twenty URL-safe characters, as documents get that are indexed without an id (``TimeBasedUUIDGenerator``)."""
        drawn = binascii.b2a_base64(self._random.randbytes(15), newline=False)
        return drawn.decode().replace("+", "-").replace("/", "_")

    def guid(self) -> str:
        """Thirty-two hexadecimal digits in five groups, as licences are numbered."""
        digits = self._random.randbytes(16).hex()
        return "-".join(digits[start:end] for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))

    def number(self) -> int:
        """The next of a row of small numbers, as tasks are counted."""
        self._counted += 1
        return self._counted
