"""Index expressions: which indices ``logs-*,-logs-old,<events-{now/d}>`` means (``IndexNameExpressionResolver``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fake_es.documents.errors import InvalidIndexName
from fake_es.patterns.wildcards import wildcard
from fake_es.wire.date_math import apply_maths, moment_of
from fake_es.wire.errors import IllegalArgument, ParseError

_DATED = re.compile(r"\{([^{}]+)(?:\{([^{}|]+)(?:\|([^{}]+))?\})?\}")
_FORBIDDEN = ' "*\\<|,>/?'
# Letters of Java's date patterns that appear in index names, as strftime writes them.
_JAVA = {"yyyy": "%Y", "uuuu": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "ww": "%V",
         "DDD": "%j", "xxxx": "%G", "YYYY": "%G"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """``IndicesOptions``: what an expression may mean.

    ``hidden`` is whether wildcards mean hidden indices too, ``aliases`` whether names of aliases count, ``forbids_closed``
    whether naming a closed index is refused; ``seen`` tells of which names wildcards may mean (None: of any).
    """

    ignore_unavailable: bool = False
    allow_no_indices: bool = True
    open: bool = True
    closed: bool = False
    hidden: bool = False
    aliases: bool = True
    forbids_closed: bool = True
    seen: Callable[[str], bool] | None = None

    def passes_over(self, name: str) -> bool:
        """Whether a name is left out as if there were no such index."""
        return self.ignore_unavailable and self.seen is not None and not self.seen(name)

    @classmethod
    def of(
        cls, ignore_unavailable: bool, allow_no_indices: bool, expand_wildcards: str | Sequence[str] | None = None
    ) -> Options:
        """From the parameters of a request.

        :raises IllegalArgument: ``expand_wildcards`` names no such state.
        """
        options = cls(ignore_unavailable, allow_no_indices)
        if expand_wildcards is None:
            return options
        words = expand_wildcards.split(",") if isinstance(expand_wildcards, str) else expand_wildcards
        options = replace(options, open=False)
        for word in words:
            if word not in _EXPANSIONS:
                raise IllegalArgument(f"No valid expand wildcard value [{word}]")
            options = replace(options, **_EXPANSIONS[word])
        return options


_EXPANSIONS: dict[str, dict[str, Any]] = {
    "open": {"open": True},
    "closed": {"closed": True},
    "hidden": {"hidden": True},
    "none": {"open": False, "closed": False, "hidden": False},
    "all": {"open": True, "closed": True, "hidden": True},
}


def words_of(expression: str | Sequence[str]) -> list[str]:
    """The names and patterns of an expression; nothing at all means everything."""
    parts = [expression] if isinstance(expression, str) else expression
    words = [word.strip() for part in parts for word in _split(part) if word.strip()]
    return ["*" if word == "_all" else word for word in words] or ["*"]


def _split(text: str) -> list[str]:
    """At commas, but not inside ``<...>``."""
    return re.findall(r"(?:<[^>]*>|[^,<])+", text) if "<" in text else text.split(",")


def matching(pattern: str, names: Collection[str]) -> list[str]:
    """Those of ``names`` that a pattern with ``*`` fits, in their order."""
    if pattern == "*":
        return list(names)
    return list(filter(wildcard(pattern), names))


def dated(name: str, now: int) -> str:
    """A name with date maths filled in: ``<logs-{now/d}>`` is ``logs-2024.03.22``; any other name as it is.

    :raises ParseError: the maths cannot be read.
    """
    if not (name.startswith("<") and name.endswith(">")):
        return name

    def fill(found: re.Match[str]) -> str:
        maths = found[1]
        if not maths.startswith("now"):
            raise ParseError(f"invalid dynamic name expression [{name[1:-1]}]. date math placeholder is open ended")
        try:
            moment = apply_maths(moment_of(now), maths[3:])
        except (ValueError, OverflowError):
            raise ParseError(f"failed to parse date field [{maths}]") from None
        return re.sub(r"([A-Za-z])\1*", lambda run: moment.strftime(_JAVA.get(run[0], run[0])), found[2] or "yyyy.MM.dd")

    return _DATED.sub(fill, name[1:-1])


def check_index_name(name: str, release: tuple[int, ...]) -> None:
    """Refuse a name that no index may bear (``MetadataCreateIndexService.validateIndexOrAliasName``).

    :raises InvalidIndexName: it is one.
    """
    bad = [character for character in name if character in _FORBIDDEN]
    if bad:
        shown = "[" + ", ".join(_FORBIDDEN) + "]"
        raise InvalidIndexName(name, f"must not contain the following characters {shown}")
    if "#" in name:
        raise InvalidIndexName(name, "must not contain '#'")
    if ":" in name and release >= (7, 0):
        raise InvalidIndexName(name, "must not contain ':'")
    if name[:1] in ("_", "-", "+"):
        raise InvalidIndexName(name, "must not start with '_', '-', or '+'")
    if name in (".", ".."):
        raise InvalidIndexName(name, "must not be '.' or '..'")
    if len(name.encode()) > 255:
        raise InvalidIndexName(name, f"index name is too long, ({len(name.encode())} > 255)")
    if name.lower() != name:
        raise InvalidIndexName(name, "must be lowercase")
