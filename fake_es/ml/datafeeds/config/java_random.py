"""``java.util.Random`` and ``String.hashCode``, as far as defaults are drawn from them."""

from __future__ import annotations

_MULTIPLIER, _INCREMENT, _MASK = 0x5DEECE66D, 0xB, (1 << 48) - 1


def string_hash(text: str) -> int:
    """``String.hashCode``: a signed number of 32 bits."""
    value = 0
    for character in text:
        value = (31 * value + ord(character)) & 0xFFFFFFFF
    return _signed(value, 32)


def _signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


class JavaRandom:
    """The generator of that seed."""

    def __init__(self, seed: int) -> None:
        self._state = (seed ^ _MULTIPLIER) & _MASK

    def _next(self) -> int:
        self._state = (self._state * _MULTIPLIER + _INCREMENT) & _MASK
        return _signed(self._state >> 16, 32)

    def long_between(self, least: int, below: int) -> int:
        """A number from ``least`` on and below ``below`` (``longs(least, below)``)."""
        drawn = (self._next() << 32) + self._next() & (1 << 64) - 1
        return least + (drawn >> 1) % (below - least)
