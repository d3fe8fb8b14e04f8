"""How the APIs show results: the fields of each kind in order, and defaults for fields that are not stored."""

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
    """A field in the answer.

    * ``default``: the value of a field that is not stored; OPTIONAL leaves the field out.
    * ``since``, ``until``: releases that have the field.
    * ``each``: shape of the objects in this field.
    * ``computed(shown)``: a value computed from the fields before this one, shown instead of the stored value.
    * ``text``: the stored value must be a string; ``texts``: a string or a list of scalars.
    """

    name: str
    default: Any = OPTIONAL
    since: tuple[int, ...] = (0,)
    until: tuple[int, ...] = (99,)
    each: Shape | None = None
    computed: Callable[[Tree], Any] | None = None
    text: bool = False
    texts: bool = False


class _InvalidValue(Exception):
    """A document has an invalid value: the reason and its path."""

    def __init__(self, why: str, *path: str | int) -> None:
        self.why = why
        self.path: Path = path


class Shape:
    """The fields of one kind of result.

    ``further(shown)`` returns additional fields whose names come from the data. A ``parser``, if there is one, checks the
    documents first.
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
        """A document in the form of the APIs; ``human`` adds readable times.

        :raises ElasticsearchError: 400, a stored value is invalid.
        """
        if self._parser is not None:
            source = self._parser.parse_document(source, version)
        try:
            return self._of(source, version, human)
        except _InvalidValue as invalid:
            raise self._refusal(invalid, source, version) from None

    def _of(self, source: Source, version: tuple[int, ...], human: bool) -> Tree:
        shown: Tree = {}
        for part in self._known_in(version):
            value = part.computed(shown) if part.computed is not None else source.get(part.name)
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
                raise _InvalidValue(f"[{shape.name}] Expected START_OBJECT but was: {token(entry)}", part.name, number)
            try:
                found.append(shape._of(entry, version, False))
            except _InvalidValue as invalid:
                invalid.path = (part.name, number, *invalid.path)
                raise
        return found

    def _texts(self, part: Part, value: Any) -> Any:
        if type(value) is str:
            return value if part.text else [value]
        if part.text or type(value) is not list:
            raise _InvalidValue(f"[{self.name}] {part.name} doesn't support values of type: {token(value)}", part.name)
        for number, entry in enumerate(value):
            if type(entry) not in _SCALARS:
                raise _InvalidValue(f"Can't get text on a {token(entry)}", part.name, number)
        return value

    def _refusal(self, invalid: _InvalidValue, source: Source, version: tuple[int, ...]) -> ElasticsearchError:
        """The error of the server's parser for such documents."""
        body = Body(json.dumps(source), version)
        refusal = body.failure(invalid.why, body.start_place(invalid.path))
        return refusal if len(invalid.path) == 1 else body.refused_field(self.name, invalid.path[:1], refusal)

    def _known_in(self, version: tuple[int, ...]) -> list[Part]:
        known = self._known.get(version)
        if known is None:
            known = self._known[version] = [part for part in self._parts if part.since <= version < part.until]
        return known


def epoch_ms(value: Any) -> Any:
    """Convert a stored time to epoch milliseconds; a client may have indexed it as text.

    A value that is not a single time is returned unchanged.
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
    """Fields that are shown only if they are stored."""
    return tuple(Part(name) for name in names)


def texts(*names: str) -> tuple[Part, ...]:
    """Fields that are shown only if they are stored, and must be strings."""
    return tuple(Part(name, text=True) for name in names)
