"""The releases of Elasticsearch that can be emulated, with the details of their builds."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

# Newest known patch release of each minor release, from the release notes of Elasticsearch.
NEWEST_PATCH: dict[tuple[int, int], int] = {
    (5, 4): 3, (5, 5): 3, (5, 6): 16,
    (6, 0): 1, (6, 1): 4, (6, 2): 4, (6, 3): 2, (6, 4): 3, (6, 5): 4, (6, 6): 2, (6, 7): 2, (6, 8): 23,
    (7, 0): 1, (7, 1): 1, (7, 2): 1, (7, 3): 2, (7, 4): 2, (7, 5): 2, (7, 6): 2, (7, 7): 1, (7, 8): 1,
    (7, 9): 3, (7, 10): 2, (7, 11): 2, (7, 12): 1, (7, 13): 4, (7, 14): 2, (7, 15): 2, (7, 16): 3, (7, 17): 29,
    (8, 0): 1, (8, 1): 3, (8, 2): 3, (8, 3): 3, (8, 4): 3, (8, 5): 3, (8, 6): 2, (8, 7): 1, (8, 8): 2, (8, 9): 2,
    (8, 10): 4, (8, 11): 4, (8, 12): 2, (8, 13): 4, (8, 14): 3, (8, 15): 5, (8, 16): 6, (8, 17): 10, (8, 18): 8,
    (8, 19): 12,
    (9, 0): 8, (9, 1): 10, (9, 2): 8, (9, 3): 4, (9, 4): 3, (9, 5): 1,
}  # fmt: skip

# Minor releases that still received patches when this table was written. For these, newer patch numbers are accepted.
MAINTAINED: frozenset[tuple[int, int]] = frozenset({(8, 19), (9, 3), (9, 4), (9, 5)})

_KNOWN_BUILDS = {
    "5.4.0": ("780f8c4", "2017-04-28T17:43:27.229Z"),
    "6.2.4": ("ccec39f", "2018-04-12T20:37:28.497551Z"),
    "7.17.0": ("bee86328705acaa9a6daede7140defd4d9ec56bd", "2022-01-28T08:36:04.875279988Z"),
    "9.0.0": ("112859b85d50de2a7e63f73c8fc70b99eea24291", "2025-04-08T15:13:46.049795831Z"),
}

_LUCENE = (
    ((5, 4), "6.5.0"), ((5, 5), "6.6.0"), ((5, 6), "6.6.1"), ((6, 0), "7.0.1"), ((6, 1), "7.1.0"), ((6, 2), "7.2.1"),
    ((6, 3), "7.3.1"), ((6, 4), "7.4.0"), ((6, 5), "7.5.0"), ((6, 6), "7.6.0"), ((6, 7), "7.7.0"), ((7, 0), "8.0.0"),
    ((7, 2), "8.0.0"), ((7, 3), "8.1.0"), ((7, 4), "8.2.0"), ((7, 5), "8.3.0"), ((7, 6), "8.4.0"), ((7, 7), "8.5.1"),
    ((7, 9), "8.6.2"), ((7, 10), "8.7.0"), ((7, 12), "8.8.0"), ((7, 14), "8.9.0"), ((7, 16), "8.10.1"),
    ((7, 17), "8.11.1"), ((8, 0), "9.0.0"), ((8, 2), "9.1.0"), ((8, 3), "9.2.0"), ((8, 4), "9.3.0"), ((8, 5), "9.4.1"),
    ((8, 7), "9.5.0"), ((8, 8), "9.6.0"), ((8, 9), "9.7.0"), ((8, 12), "9.9.1"), ((8, 13), "9.10.0"),
    ((8, 15), "9.11.1"), ((8, 16), "9.12.0"), ((9, 0), "10.1.0"), ((9, 1), "10.2.2"), ((9, 3), "10.3.2"),
    ((9, 4), "10.4.0"), ((9, 5), "10.5.1"),
)  # fmt: skip

# Version of the format of ML configurations, the newest first (``MlConfigVersion``).
_ML_CONFIG = (((8, 12), "12.0.0"), ((8, 11), "11.0.0"), ((8, 10), "10.0.0"))

# Major line -> (minimum_wire_compatibility_version, minimum_index_compatibility_version).
_COMPATIBLE = {6: ("5.6.0", "5.0.0"), 7: ("6.8.0", "6.0.0-beta1"), 8: ("7.17.0", "7.0.0"), 9: ("8.19.0", "8.0.0")}


def ml_config_version(version: tuple[int, ...]) -> str | None:
    """Version of the format of ML configurations (``MlConfigVersion``); None before 8.10."""
    return next((text for since, text in _ML_CONFIG if version >= since), None)


def has_change(version: tuple[int, ...], *first: tuple[int, ...]) -> bool:
    """Whether a release has a change that came to several lines at once.

    :param first: the first release of each line that has it, such as ``(8, 19, 10), (9, 2, 4), (9, 3)``. All releases after the
        highest one have it too.
    """
    return version >= max(first) or any(version[:2] == since[:2] and version >= since for since in first)


class UnknownVersionError(ValueError):
    """The named release does not exist, or cannot be emulated."""


class Version(NamedTuple):
    """One release, comparable with plain tuples: ``version >= (6, 1)``."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def build_hash(self) -> str:
        """Commit of the build: seven characters up to 6.x, forty from 7.0. Made up if it is not in the table."""
        known = _KNOWN_BUILDS.get(str(self))
        digest = known[0] if known else hashlib.sha1(str(self).encode(), usedforsecurity=False).hexdigest()
        return digest if self.major >= 7 else digest[:7]

    @property
    def build_date(self) -> str:
        """ISO date of the build. Made up (always the same) if it is not in the table."""
        known = _KNOWN_BUILDS.get(str(self))
        return known[1] if known else f"{2012 + self.major + self.minor // 8}-06-01T12:00:00.{self.patch:03d}Z"

    @property
    def lucene(self) -> str:
        """Version of Lucene in the release."""
        return next(number for since, number in reversed(_LUCENE) if self >= since)

    def describe(self) -> dict[str, Any]:
        """The ``version`` object of ``GET /``, with the fields and the order of the release."""
        fields: dict[str, Any] = {"number": str(self)}
        if self >= (6, 3):
            fields |= {"build_flavor": "default", "build_type": "docker"}
        fields |= {"build_hash": self.build_hash, "build_date": self.build_date}
        fields |= {"build_snapshot": False, "lucene_version": self.lucene}
        if self >= (6, 0):
            wire, index = _COMPATIBLE[self.major]
            fields["minimum_wire_compatibility_version"] = "8.18.0" if self[:2] == (9, 0) else wire
            fields["minimum_index_compatibility_version"] = index
        return fields


NEWEST = Version(*max(NEWEST_PATCH), NEWEST_PATCH[max(NEWEST_PATCH)])


def parse_version(text: str | Version | None) -> Version:
    """The release named by ``8.19.3``; ``8.19`` or ``8`` is its newest known patch release, None the newest of all.

    :raises UnknownVersionError: there is no such release, or it is older than 5.4.0.
    """
    if text is None:
        return NEWEST
    if isinstance(text, Version):
        return text
    parts = text.split(".")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise _unknown(text)
    return _resolve(text, [int(part) for part in parts])


def _resolve(text: str, numbers: list[int]) -> Version:
    lines = [line for line in NEWEST_PATCH if list(line)[: len(numbers)] == numbers[:2]]
    if not lines:
        raise _unknown(text)
    line = max(lines)
    patch = numbers[2] if len(numbers) == 3 else NEWEST_PATCH[line]
    if patch > NEWEST_PATCH[line] and line not in MAINTAINED:
        raise _unknown(text)
    return Version(*line, patch)


def _unknown(text: str) -> UnknownVersionError:
    return UnknownVersionError(f"unknown Elasticsearch version [{text}]: any release from 5.4.0 to {NEWEST} can be named")
