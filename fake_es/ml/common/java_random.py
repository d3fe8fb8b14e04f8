"""``java.util.Random`` and ``String.hashCode``, from which the server computes some defaults."""

from __future__ import annotations

_MULTIPLIER, _INCREMENT, _MASK = 0x5DEECE66D, 0xB, (1 << 48) - 1


def string_hash(text: str) -> int:
    """``String.hashCode``: a signed 32-bit number."""
    value = 0
    for character in text:
        value = (31 * value + ord(character)) & 0xFFFFFFFF
    return _signed(value)


def _signed(value: int) -> int:
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


class JavaRandom:
    """Java's random number generator with this seed."""

    def __init__(self, seed: int) -> None:
        self._state = (seed ^ _MULTIPLIER) & _MASK

    def _next(self, bits: int) -> int:
        self._state = (self._state * _MULTIPLIER + _INCREMENT) & _MASK
        return self._state >> (48 - bits)

    def int_below(self, bound: int) -> int:
        """A number of 0 or more and less than ``bound`` (``nextInt(bound)``)."""
        if bound & (bound - 1) == 0:
            return bound * self._next(31) >> 31
        while True:
            drawn = self._next(31)
            # Numbers above the last whole multiple of the bound are rejected.
            if drawn - drawn % bound + bound - 1 < 1 << 31:
                return drawn % bound

    def long_between(self, least: int, below: int) -> int:
        """A number of ``least`` or more and less than ``below`` (``longs(least, below)``)."""
        drawn = (_signed(self._next(32)) << 32) + _signed(self._next(32)) & (1 << 64) - 1
        return least + (drawn >> 1) % (below - least)
