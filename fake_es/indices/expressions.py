"""Index expressions: their options and patterns, and the names that indices may have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fake_es.indices.errors import InvalidIndexName
from fake_es.patterns.wildcards import wildcard
from fake_es.wire.errors import IllegalArgument

_FORBIDDEN = ' "*\\<|,>/?'


@dataclass(frozen=True, slots=True)
class IndicesOptions:
    """``IndicesOptions`` of the server: how an expression is resolved.

    ``open``, ``closed`` and ``hidden`` are the states of indices that wildcards match. ``aliases`` is whether names may be
    aliases, ``forbids_closed`` whether naming a closed index is an error.
    """

    ignore_unavailable: bool = False
    allow_no_indices: bool = True
    open: bool = True
    closed: bool = False
    hidden: bool = False
    aliases: bool = True
    forbids_closed: bool = True

    @classmethod
    def of(
        cls, ignore_unavailable: bool, allow_no_indices: bool, expand_wildcards: str | Sequence[str] | None = None
    ) -> IndicesOptions:
        """From the parameters of a request.

        :raises IllegalArgument: an unknown state in ``expand_wildcards``.
        """
        options = cls(ignore_unavailable, allow_no_indices)
        if expand_wildcards is None:
            return options
        words = expand_wildcards.split(",") if isinstance(expand_wildcards, str) else expand_wildcards
        options = replace(options, open=False)
        check_expansions(words)
        for word in words:
            options = replace(options, **_EXPANSIONS[word])
        return options


_EXPANSIONS: dict[str, dict[str, Any]] = {
    "open": {"open": True},
    "closed": {"closed": True},
    "hidden": {"hidden": True},
    "none": {"open": False, "closed": False, "hidden": False},
    "all": {"open": True, "closed": True, "hidden": True},
}


def check_expansions(words: Iterable[str]) -> None:
    """Check the values of ``expand_wildcards``.

    :raises IllegalArgument: one of them is unknown.
    """
    for word in words:
        if word not in _EXPANSIONS:
            raise IllegalArgument(f"No valid expand wildcard value [{word}]")


def matching(pattern: str, names: Collection[str]) -> list[str]:
    """The names that a pattern with ``*`` matches, in their order."""
    if pattern == "*":
        return list(names)
    return list(filter(wildcard(pattern), names))


def check_index_name(name: str, release: tuple[int, ...]) -> None:
    """Check the name of a new index (``MetadataCreateIndexService.validateIndexOrAliasName``).

    :raises InvalidIndexName: it is not allowed.
    """
    if any(character in _FORBIDDEN for character in name):
        raise InvalidIndexName(name, f"must not contain the following characters [{', '.join(_FORBIDDEN)}]")
    if "#" in name:
        raise InvalidIndexName(name, "must not contain '#'")
    if ":" in name and release >= (7, 0):
        raise InvalidIndexName(name, "must not contain ':'")
    if name[:1] in ("_", "-", "+"):
        raise InvalidIndexName(name, "must not start with '_', '-', or '+'")
    if name in (".", ".."):
        raise InvalidIndexName(name, "must not be '.' or '..'")
    length = len(name.encode("utf-8", "surrogatepass"))
    if length > 255:
        raise InvalidIndexName(name, f"index name is too long, ({length} > 255)")
    if name.lower() != name:
        raise InvalidIndexName(name, "must be lowercase")
