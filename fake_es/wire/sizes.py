"""Sizes in bytes in the notation of Elasticsearch (``ByteSizeValue``): ``512mb``, ``1.5gb``."""

from __future__ import annotations

import re

from fake_es.wire.errors import ParseError

_FACTORS = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40, "p": 1 << 50}
_UNIT = re.compile(r"(?:([kmgtp])b?|b)\Z", re.IGNORECASE)
_MOST = (1 << 63) - 1


def parse_size(text: str, setting: str, version: tuple[int, ...]) -> int:
    """Parse a size with a unit into bytes; ``0`` and ``-1`` need no unit. ``setting`` is its name in errors.

    :raises ParseError: no unit, no number, or out of range.
    """
    if text.strip() in ("0", "-1"):
        return int(text)
    unit = _UNIT.search(text.strip())
    if unit is None:
        raise ParseError(
            f"failed to parse setting [{setting}] with value [{text}] as a size in bytes: unit is missing or unrecognized"
        )
    amount, factor = text.strip()[: unit.start()].strip(), _FACTORS[(unit[1] or "b").lower()]
    if not re.fullmatch(r"[+-]?(\d{1,18}(\.\d*)?|\.\d{1,18})", amount, re.ASCII):
        raise ParseError(
            f"failed to parse setting [{setting}] with value [{text}]" if version >= (8, 0) else f"failed to parse [{text}]"
        )
    size = int(float(amount) * factor) if "." in amount else int(amount) * factor
    if not 0 <= size <= _MOST:
        raise ParseError(f"failed to parse setting [{setting}] with value [{text}] as a size in bytes")
    return size


def size_text(size: int) -> str:
    """``ByteSizeValue.toString``: the largest unit with a value of at least 1, with at most one decimal."""
    for unit in "ptgmk":
        factor = _FACTORS[unit]
        if size >= factor:
            tenths = size * 10 // factor
            return f"{tenths // 10}{unit}b" if tenths % 10 == 0 else f"{tenths / 10}{unit}b"
    return f"{size}b"
