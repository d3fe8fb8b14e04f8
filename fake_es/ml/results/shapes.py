"""Results as the APIs show them: the fields of each kind in their order, and what stands for one that is not stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from fake_es.wire.date_math import instant_of, parse_date
from fake_es.wire.human import iso_instant

Source = Mapping[str, Any]
Tree = dict[str, Any]

OPTIONAL: Any = ...


class Part(NamedTuple):
    """A field that is shown: ``default`` stands for one that is not stored, OPTIONAL ones are then left out.

    ``worked_out(source)`` is shown in place of what is stored; ``each`` is the shape of the objects in it.
    """

    name: str
    default: Any = OPTIONAL
    since: tuple[int, ...] = (0,)
    until: tuple[int, ...] = (99,)
    each: Shape | None = None
    worked_out: Callable[[Source], Any] | None = None


class Shape:
    """The fields of one kind of result; ``further(source)`` are fields that are named by the data."""

    def __init__(self, *parts: Part, times: tuple[str, ...] = ("timestamp",), further: Callable[[Source], Tree] | None = None):
        self._parts = parts
        self._times = times
        self._further = further
        self._known: dict[tuple[int, ...], list[Part]] = {}

    def of(self, source: Source, version: tuple[int, ...], human: bool = False) -> Tree:
        """What is shown of a document; ``human`` adds readable times."""
        shown: Tree = {}
        for part in self._known_in(version):
            value = source.get(part.name) if part.worked_out is None else part.worked_out(source)
            if value is None:
                if part.default is OPTIONAL:
                    continue
                value = part.default
            elif part.each is not None and type(value) is list:
                value = [part.each.of(entry, version) for entry in value]
            elif part.name in self._times:
                value = epoch_ms(value)
                if human and type(value) is int:
                    shown[f"{part.name}_string"] = iso_instant(value)
            shown[part.name] = value
        if self._further is not None:
            shown |= {name: value for name, value in self._further(source).items() if name not in shown}
        return shown

    def _known_in(self, version: tuple[int, ...]) -> list[Part]:
        known = self._known.get(version)
        if known is None:
            known = self._known[version] = [part for part in self._parts if part.since <= version < part.until]
        return known


def epoch_ms(value: Any) -> Any:
    """A stored time in epoch milliseconds: a document that a client has indexed may have written it out.

    What is no single time is left as it is.
    """
    if isinstance(value, float):
        return int(value)
    if not isinstance(value, str):
        return value
    try:
        return int(value) if value.lstrip("-").isdigit() else instant_of(parse_date(value, 0))
    except (ValueError, OverflowError):
        return value


def optional(*names: str) -> tuple[Part, ...]:
    """Parts that are shown as they are stored, or not at all."""
    return tuple(Part(name) for name in names)
