"""Strict parsers of JSON objects, with the errors of the server's ``ObjectParser``.

A parser is declared once (``ObjectParser("detector", (Field("function", STRING), ...))``). It returns a dict of the fields
it found, in the order of the body. Positions in the text are only computed for errors.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fake_es.wire import numbers
from fake_es.wire.errors import (
    ElasticsearchError,
    IllegalArgument,
    JsonEndOfFile,
    JsonParseError,
    NotImplementedHere,
    ParsingError,
    XContentEndOfFile,
    XContentParseError,
)
from fake_es.wire.java import FOR_INPUT_STRING, NOT_BOOLEAN
from fake_es.wire.json_text import BrokenJson, Path, Place, find, line_and_column, read_json
from fake_es.wire.similarity import did_you_mean

# Converts an accepted value. Arguments: the value, its body, and its path in the body.
Read = Callable[[Any, "Body", Path], Any]


class Body:
    """A JSON body that is being parsed: its text, the release, and on request the places of values."""

    def __init__(self, text: str, version: tuple[int, ...]) -> None:
        self.text = text
        self.version = version
        self._found: dict[Path, Place | None] = {}

    def tree(self) -> Any:
        """The JSON value of the text.

        :raises ElasticsearchError: invalid JSON, in the words of the release.
        """
        try:
            return read_json(self.text)
        except BrokenJson as broken:
            raise self._broken(broken) from None

    def failure(
        self, reason: str, where: tuple[int, int] | None, cause: ElasticsearchError | None = None
    ) -> ElasticsearchError:
        """The error of the release for a failure of parsing at ``where`` (line, column)."""
        if self.version < (6, 4):
            if cause is None:
                return IllegalArgument(reason)
            line, column = where or (0, 0)
            failure: ElasticsearchError = ParsingError(reason, cause=cause, line=line, col=column)
        else:
            prefix = f"[{where[0]}:{where[1]}] " if where else ""
            failure = XContentParseError(prefix + reason, cause=cause)
        failure.where = where
        return failure

    def refused_field(self, parser: str, path: Path, cause: ElasticsearchError) -> ElasticsearchError:
        """The error of the parser with this name for an invalid value at ``path``; ``cause`` is the reason."""
        return self.failure(f"[{parser}] failed to parse field [{path[-1]}]", cause.where or self.end_place(path), cause)

    def key_place(self, path: Path) -> tuple[int, int] | None:
        """Line and column of the field name at ``path``."""
        place = self._find(path)
        return None if place is None or place.key is None else self.where(place.key)

    def start_place(self, path: Path) -> tuple[int, int] | None:
        """Line and column of the beginning of the value at ``path``."""
        place = self._find(path)
        return None if place is None else self.where(place.start)

    def end_place(self, path: Path) -> tuple[int, int] | None:
        """The parser's place after the value at ``path``: the last character of a container, the first of a scalar."""
        place = self._find(path)
        if place is None:
            return None
        return self.where(place.end if self.text[place.start] in "{[" else place.start)

    def where(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        return line_and_column(self.text, offset)

    def _find(self, path: Path) -> Place | None:
        if path not in self._found:
            self._found[path] = find(self.text, path)
        return self._found[path]

    def _broken(self, broken: BrokenJson) -> ElasticsearchError:
        line, column = self.where(broken.position)
        status = 400 if self.version >= (7, 6) or broken.limit else 500
        jackson = (JsonEndOfFile if broken.ended else JsonParseError)(
            f"{broken.reason}\n at [Source: (byte[])[{len(self.text)} bytes]; line: {line}, column: {column}]", status=status
        )
        if self.version < (8, 0):
            return jackson
        if not broken.ended:
            return XContentParseError(f"[{line}:{column}] {broken.reason}", cause=jackson)
        if self.version < (8, 16):
            wrapped = f"com.fasterxml.jackson.core.io.JsonEOFException: {jackson.reason}"
            return XContentEndOfFile(wrapped, cause=jackson, status=500)
        return XContentEndOfFile(f"[{line}:{column}] Unexpected end of file", cause=jackson)


class DocumentBody(Body):
    """A stored document that is parsed like a body. Its text is only written if there is an error."""

    def __init__(self, source: Mapping[str, Any], version: tuple[int, ...]) -> None:
        super().__init__("", version)
        self._source = source

    def where(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        self._write()
        return super().where(offset)

    def _find(self, path: Path) -> Place | None:
        self._write()
        return super()._find(path)

    def _write(self) -> None:
        self.text = self.text or json.dumps(self._source)


def token(value: Any) -> str:
    """The server's name of the token with which a value starts."""
    return _TOKENS[type(value)]


_TOKENS: dict[type[Any], str] = {
    type(None): "VALUE_NULL", bool: "VALUE_BOOLEAN", int: "VALUE_NUMBER", float: "VALUE_NUMBER", str: "VALUE_STRING",
    list: "START_ARRAY", dict: "START_OBJECT",
}  # fmt: skip


class Kind:
    """The tokens that a field accepts, and how its value is converted. Values of the types ``as_is`` are not converted."""

    __slots__ = ("as_is", "read", "tokens")

    def __init__(self, tokens: frozenset[str], read: Read, as_is: frozenset[type[Any]] = frozenset()) -> None:
        self.tokens = tokens
        self.read = read
        self.as_is = as_is


def _kind(read: Read, *tokens: str, as_is: Sequence[type[Any]] = ()) -> Kind:
    return Kind(frozenset(tokens), read, frozenset(as_is))


def _text(value: Any, body: Body, path: Path) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _integer(smallest: int, kind: str) -> Read:
    """Reads whole numbers from ``smallest`` to ``-smallest - 1``."""

    def read(value: Any, body: Body, path: Path) -> int:
        if type(value) is int:
            return _within(value, value)
        if isinstance(value, str):
            return _within(_number(value), value)
        if isinstance(value, float) and not value.is_integer():
            raise IllegalArgument(f"{value} cannot be converted to {kind} without data loss")
        return _within(int(value), value)

    def _within(found: int, value: Any) -> int:
        if not smallest <= found < -smallest:
            raise IllegalArgument(f"Value [{value}] is out of range for {'an integer' if kind == 'Integer' else 'a long'}")
        return found

    return read


def _number(text: str) -> int:
    number = numbers.whole(text, -(10**19), 10**19)
    if number is None:
        if text.lstrip("+-").isdecimal():
            raise IllegalArgument(f"Value [{text}] is out of range for a long")
        raise IllegalArgument(FOR_INPUT_STRING.format(text=text))
    return number


def _double(value: Any, body: Body, path: Path) -> float:
    if isinstance(value, str):
        found = numbers.decimal(value)
        if found is None:
            raise IllegalArgument(FOR_INPUT_STRING.format(text=value))
        return found
    return numbers.double_of(value)


def _boolean(value: Any, body: Body, path: Path) -> bool:
    if value in ("true", "false"):
        return bool(value == "true")
    raise IllegalArgument(NOT_BOOLEAN.format(value=value))


def _strings(value: Any, body: Body, path: Path) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item if type(item) is str else _scalar_text(item, body, path) for item in items]


def _scalar_text(value: Any, body: Body, path: Path) -> str:
    if value is None or isinstance(value, (dict, list)):
        raise IllegalArgument(f"Can't get text on a {token(value)}")
    return _text(value, body, path)


def _as_is(value: Any, body: Body, path: Path) -> Any:
    return value


STRING = _kind(_text, "VALUE_STRING", as_is=[str])
STRING_OR_NULL = _kind(_as_is, "VALUE_STRING", "VALUE_NULL", as_is=[str, type(None)])
INT = _kind(_integer(-(2**31), "Integer"), "VALUE_NUMBER", "VALUE_STRING")
LONG = _kind(_integer(-(2**63), "Long"), "VALUE_NUMBER", "VALUE_STRING")
DOUBLE = _kind(_double, "VALUE_NUMBER", "VALUE_STRING", as_is=[float])
BOOLEAN = _kind(_boolean, "VALUE_BOOLEAN", "VALUE_STRING", as_is=[bool])
STRINGS = _kind(_strings, "START_ARRAY", "VALUE_STRING")
OBJECT = _kind(_as_is, "START_OBJECT", as_is=[dict])
ANY = _kind(_as_is, *_TOKENS.values(), as_is=[*_TOKENS])


def reading(kind: Kind, convert: Callable[[Any, Body], Any]) -> Kind:
    """``kind`` followed by ``convert(value, body)``, which may raise an error."""

    first, as_is = kind.read, kind.as_is

    def read(value: Any, body: Body, path: Path) -> Any:
        return convert(value if type(value) in as_is else first(value, body, path), body)

    return Kind(kind.tokens, read)


def nested(parser: ObjectParser, build: Callable[[dict[str, Any], Body], Any] | None = None) -> Kind:
    """An object with its own parser. ``build`` converts its fields to a value, or raises an error."""
    return _kind(_built(parser, build), "START_OBJECT")


def nested_list(parser: ObjectParser, build: Callable[[dict[str, Any], Body], Any] | None = None) -> Kind:
    """A list of such objects; a single object counts as a list of one."""
    one = _built(parser, build)

    def read(value: Any, body: Body, path: Path) -> list[Any]:
        if isinstance(value, dict):
            return [one(value, body, path)]
        return [one(item, body, (*path, index)) for index, item in enumerate(value)]

    return _kind(read, "START_ARRAY", "START_OBJECT")


def _built(parser: ObjectParser, build: Callable[[dict[str, Any], Body], Any] | None) -> Read:
    if build is None:
        return parser.parse

    def read(value: Any, body: Body, path: Path) -> Any:
        found = parser.parse(value, body, path)
        try:
            return build(found, body)
        except ElasticsearchError as error:
            _remember(error, body.end_place(path))
            raise

    return read


def _remember(error: ElasticsearchError, where: tuple[int, int] | None) -> None:
    if error.where is None:
        error.where = where


class Field:
    """One field of an object: its name, the kind of its value, and the releases that have it."""

    __slots__ = ("kind", "name", "since", "until")

    def __init__(self, name: str, kind: Kind, *, since: tuple[int, ...] = (0,), until: tuple[int, ...] = (99,)) -> None:
        self.name = name
        self.kind = kind
        self.since = since
        self.until = until


class ObjectParser:
    """A strict parser of one kind of object. ``name`` appears in its errors. A ``lenient`` one ignores unknown fields."""

    def __init__(self, name: str, fields: Sequence[Field], *, required: Sequence[str] = (), lenient: bool = False) -> None:
        self.name = name
        self._lenient = lenient
        self._fields = {field.name: field for field in fields}
        self._required = dict.fromkeys(required)
        self._known: dict[tuple[int, ...], dict[str, Kind]] = {}

    def parse(self, tree: Any, body: Body, path: Path = ()) -> dict[str, Any]:
        """The fields of ``tree``, converted one by one in the order of the body.

        :raises ElasticsearchError: not an object, an unknown field, a wrong token, or an invalid value.
        """
        if not isinstance(tree, dict):
            reason = f"[{self.name}] Expected START_OBJECT but was: {token(tree)}"
            raise body.failure(reason, body.start_place(path))
        known = self._known.get(body.version) or self._known_in(body.version)
        found = {}
        for key, value in tree.items():
            kind = known.get(key)
            if kind is None:
                if not self._lenient:
                    raise self._refused(key, value, body, path)
            elif type(value) in kind.as_is:
                found[key] = value
            else:
                found[key] = self._read(kind, value, body, (*path, key))
        if self._required and not self._required.keys() <= found.keys():
            missing = [name for name in self._required if name not in found]
            raise IllegalArgument(f"Required [{', '.join(missing)}]")
        return found

    def _read(self, kind: Kind, value: Any, body: Body, path: Path) -> Any:
        if _TOKENS[type(value)] not in kind.tokens:
            raise self._refused(str(path[-1]), value, body, path[:-1])
        try:
            return kind.read(value, body, path)
        except NotImplementedHere:
            raise
        except ElasticsearchError as error:
            raise body.refused_field(self.name, path, error) from error

    def parse_text(self, body: Body) -> dict[str, Any]:
        """Parse the whole body. Up to 7.x the error for invalid JSON names this object.

        :raises ElasticsearchError: see ``parse``.
        """
        try:
            tree = body.tree()
        except JsonParseError as error:
            where = body.where(len(body.text))
            raise body.failure(f"[{self.name}] failed to parse object", where, error) from None
        return self.parse(tree, body)

    def parse_document(self, source: Mapping[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
        """Parse a stored document, which a client may have indexed.

        :raises ElasticsearchError: see ``parse``.
        """
        return self.parse(source, DocumentBody(source, version))

    def _known_in(self, version: tuple[int, ...]) -> dict[str, Kind]:
        """The fields of a release, cached."""
        known = self._known.get(version)
        if known is None:
            fields = self._fields.values()
            known = {field.name: field.kind for field in fields if field.since <= version < field.until}
            self._known[version] = known
        return known

    def _refused(self, key: str, value: Any, body: Body, path: Path) -> ElasticsearchError:
        """The error for an unknown field, or for a value of the wrong type."""
        here, known = (*path, key), self._known_in(body.version)
        if key in known:
            reason = f"[{self.name}] {key} doesn't support values of type: {token(value)}"
            return body.failure(reason, body.start_place(here))
        reason = f"[{self.name}] unknown field [{key}]"
        reason += ", parser not found" if body.version < (7, 6) else did_you_mean(key, known)
        return body.failure(reason, body.key_place(here))
