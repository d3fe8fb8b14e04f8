"""Results as the APIs show them: the fields of each kind in their order, and what stands for one that is not stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, NamedTuple

from fake_es.wire.date_math import instant_of, parse_date
from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.human import iso_instant
from fake_es.wire.json_text import Path
from fake_es.wire.numbers import whole
from fake_es.wire.object_parser import Body, ObjectParser, token

Source = Mapping[str, Any]
Tree = dict[str, Any]

OPTIONAL: Any = ...


_SCALARS: frozenset[type] = frozenset({str, int, float, bool})


class Part(NamedTuple):
    """A field that is shown: ``default`` stands for one that is not stored, OPTIONAL ones are then left out.

    ``worked_out(shown)``, made of the parts before it, is shown in place of what is stored; ``each`` is the shape of the
    objects in it. A ``text`` is nothing but that, ``texts`` are a list of them, or one.
    """

    name: str
    default: Any = OPTIONAL
    since: tuple[int, ...] = (0,)
    until: tuple[int, ...] = (99,)
    each: Shape | None = None
    worked_out: Callable[[Tree], Any] | None = None
    text: bool = False
    texts: bool = False


class _Unfit(Exception):
    """Something in a document is not what its kind may have there: ``why``, and its ``path``."""

    def __init__(self, why: str, *path: str | int) -> None:
        self.why = why
        self.path: Path = path


class Shape:
    """The fields of one kind of result; ``further(shown)`` are fields that are named by the data.

    ``parser`` reads the documents of this kind before they are shown, if they have one.
    """

    def __init__(
        self,
        name: str,
        *parts: Part,
        times: tuple[str, ...] = ("timestamp",),
        further: Callable[[Source], Tree] | None = None,
        parser: ObjectParser | None = None,
    ) -> None:
        self.name = name
        self._parts = parts
        self._times = times
        self._further = further
        self._parser = parser
        self._known: dict[tuple[int, ...], list[Part]] = {}

    def of(self, source: Source, version: tuple[int, ...], human: bool = False) -> Tree:
        """What is shown of a document; ``human`` adds readable times.

        :raises ElasticsearchError: 400, something in it cannot be read.
        """
        if self._parser is not None:
            source = self._parser.parse_document(source, version)
        try:
            return self._of(source, version, human)
        except _Unfit as unfit:
            raise self._refusal(unfit, source, version) from None

    def _of(self, source: Source, version: tuple[int, ...], human: bool) -> Tree:
        shown: Tree = {}
        for part in self._known_in(version):
            value = part.worked_out(shown) if part.worked_out is not None else source.get(part.name)
            if value is None:
                if part.default is OPTIONAL:
                    continue
                value = part.default
            elif part.each is not None:
                value = self._each(part, part.each, value, version)
            elif part.text or part.texts:
                value = self._texts(part, value)
            elif part.name in self._times:
                value = epoch_ms(value)
                if human and type(value) is int:
                    shown[f"{part.name}_string"] = iso_instant(value)
            shown[part.name] = value
        if self._further is not None:
            shown |= {name: value for name, value in self._further(shown).items() if name not in shown}
        return shown

    def _each(self, part: Part, shape: Shape, value: Any, version: tuple[int, ...]) -> list[Tree]:
        found = []
        for number, entry in enumerate(value if type(value) is list else [value]):
            if type(entry) is not dict:
                raise _Unfit(f"[{shape.name}] Expected START_OBJECT but was: {token(entry)}", part.name, number)
            try:
                found.append(shape._of(entry, version, False))
            except _Unfit as unfit:
                unfit.path = (part.name, number, *unfit.path)
                raise
        return found

    def _texts(self, part: Part, value: Any) -> Any:
        if type(value) is str:
            return value if part.text else [value]
        if part.text or type(value) is not list:
            raise _Unfit(f"[{self.name}] {part.name} doesn't support values of type: {token(value)}", part.name)
        for number, entry in enumerate(value):
            if type(entry) not in _SCALARS:
                raise _Unfit(f"Can't get text on a {token(entry)}", part.name, number)
        return value

    def _refusal(self, unfit: _Unfit, source: Source, version: tuple[int, ...]) -> ElasticsearchError:
        """What the server's parser of such documents says."""
        body = Body(json.dumps(source), version)
        refusal = body.failure(unfit.why, body.start_place(unfit.path))
        return refusal if len(unfit.path) == 1 else body.refused_field(self.name, unfit.path[:1], refusal)

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
        return int(value) if isfinite(value) else value
    if not isinstance(value, str):
        return value
    try:
        number = whole(value)
        return number if number is not None else instant_of(parse_date(value, 0))
    except (ValueError, OverflowError):
        return value


def optional(*names: str) -> tuple[Part, ...]:
    """Parts that are shown as they are stored, or not at all."""
    return tuple(Part(name) for name in names)


def texts(*names: str) -> tuple[Part, ...]:
    """The same, where nothing but a text may be stored."""
    return tuple(Part(name, text=True) for name in names)
