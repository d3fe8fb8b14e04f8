"""Parses a script (recursive descent) into closures, one for each node: functions of the script's variables."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from fake_es.script.members import KNOWN, call_of, field_of, item_of
from fake_es.script.tokens import Token, Unsupported, tokens
from fake_es.script.values import BINARY, MATH, Failure, is_number, truth
from fake_es.wire.numbers import whole

Variables = dict[str, Any]
Node = Callable[[Variables], Any]
Library = Mapping[str, Mapping[str, Callable[..., Any]]]

_LEVELS = (("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"))
_NUMBER_TYPES: Mapping[str, Callable[[Any], Any]] = {
    "int": int, "long": int, "short": int, "byte": int, "double": float, "float": float,
}  # fmt: skip
_TYPES = _NUMBER_TYPES.keys() | {"def", "boolean", "String"}
_CONSTANTS = {"true": True, "false": False, "null": None}
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\", "\\'": "'", '\\"': '"'}
# Most levels of nesting, and most tokens: parser and closures are recursive, and Python's stack is limited.
_DEPTH, _LENGTH = 40, 500


class Returned(Exception):
    """Raised by ``return``, with the returned value."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def read(source: str, names: frozenset[str], library: Library) -> Node:
    """Parse a script to a function of its variables.

    :param names: variables that the context of the script defines.
    :param library: classes with static methods, besides ``Math``.
    :raises Unsupported: the script is outside the supported subset.
    """
    return _Reader(source, set(names), {"Math": MATH} | dict(library)).program()


class _Reader:
    def __init__(self, source: str, names: set[str], library: Library) -> None:
        self._tokens = tokens(source)
        if len(self._tokens) > _LENGTH:
            raise Unsupported("length")
        self._at = 0
        self._names = names
        self._library = library
        self._depth = 0

    def program(self) -> Node:
        """All statements up to the end."""
        steps = []
        while self._next.kind != "end":
            steps.append(self._statement())
        return _block(steps)

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += 1
        return token

    def _skip(self, sign: str) -> bool:
        if self._next.text != sign or self._next.kind == "string":
            return False
        self._at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._skip(sign):
            raise Unsupported(self._next.text)

    def _statement(self) -> Node:
        if self._skip("{"):
            return self._braced()
        if self._skip("if"):
            return self._condition()
        step = self._return() if self._skip("return") else self._assignment() or self.expression()
        if self._next.kind != "end" and self._next.text != "}":
            self._expect(";")
        return step

    def _braced(self) -> Node:
        steps = []
        while not self._skip("}"):
            if self._next.kind == "end":
                raise Unsupported("{")
            steps.append(self._statement())
        return _block(steps)

    def _condition(self) -> Node:
        self._expect("(")
        test = self.expression()
        self._expect(")")
        then = self._statement()
        other = self._statement() if self._skip("else") else _constant(None)
        return lambda variables: then(variables) if truth(test(variables)) else other(variables)

    def _return(self) -> Node:
        value = self.expression()

        def leave(variables: Variables) -> Any:
            raise Returned(value(variables))

        return leave

    def _assignment(self) -> Node | None:
        declared = self._next.text in _TYPES and self._tokens[self._at + 1].kind == "name"
        name = self._tokens[self._at + declared]
        if name.kind != "name" or self._tokens[self._at + declared + 1].text != "=":
            return None
        if not declared and name.text not in self._names:
            raise Unsupported(name.text)
        kind = self._take().text if declared else "def"
        self._at += 2
        self._names.add(name.text)
        return _assign(name.text, _cast(kind, self.expression()))

    def expression(self) -> Node:
        """The operators of lowest precedence: ``test ? this : that`` and ``this ?: that``."""
        test = self._disjunction()
        if self._skip("?:"):
            test = _elvis(test, self.expression())
        elif self._skip("?"):
            then = self.expression()
            self._expect(":")
            test = _ternary(test, then, self.expression())
        return test

    def _disjunction(self) -> Node:
        node = self._conjunction()
        while self._skip("||"):
            node = _or(node, self._conjunction())
        return node

    def _conjunction(self) -> Node:
        node = self._binary(0)
        while self._skip("&&"):
            node = _and(node, self._binary(0))
        return node

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self._binary(level + 1)
        while self._next.kind == "sign" and self._next.text in _LEVELS[level]:
            node = _operation(self._take().text, node, self._binary(level + 1))
        return node

    def _unary(self) -> Node:
        self._depth += 1
        if self._depth > _DEPTH:
            raise Unsupported("nesting")
        node = self._signed()
        self._depth -= 1
        return node

    def _signed(self) -> Node:
        if self._skip("-"):
            return _operation("*", _constant(-1), self._unary())
        if self._skip("+"):
            return self._unary()
        if self._skip("!"):
            node = self._unary()
            return lambda variables: not truth(node(variables))
        if self._next.text == "(" and self._tokens[self._at + 1].text in _TYPES:
            self._at += 1
            kind = self._take().text
            self._expect(")")
            return _cast(kind, self._unary())
        return self._postfix(self._primary())

    def _postfix(self, node: Node) -> Node:
        while True:
            if self._skip("["):
                node = _item(node, self.expression())
                self._expect("]")
            elif self._skip("?."):
                node = _null_safe(node, self._member)
            elif self._skip("."):
                node = self._member(node)
            else:
                return node

    def _member(self, owner: Node) -> Node:
        name = self._take()
        if name.kind != "name":
            raise Unsupported(name.text)
        if not self._skip("("):
            return lambda variables: field_of(owner(variables), name.text)
        if name.text not in KNOWN:
            raise Unsupported(name.text)
        arguments = self._arguments()
        return lambda variables: call_of(owner(variables), name.text, [argument(variables) for argument in arguments])

    def _arguments(self) -> list[Node]:
        if self._skip(")"):
            return []
        found = [self.expression()]
        while self._skip(","):
            found.append(self.expression())
        self._expect(")")
        return found

    def _primary(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return _constant(_number(token.text))
        if token.kind == "string":
            return _constant(_string(token.text))
        if token.text == "(":
            node = self.expression()
            self._expect(")")
            return node
        if token.text in _CONSTANTS:
            return _constant(_CONSTANTS[token.text])
        if token.text in self._library:
            return self._static(token.text)
        if token.kind != "name" or token.text not in self._names:
            raise Unsupported(token.text)
        return lambda variables: variables[token.text]

    def _static(self, owner: str) -> Node:
        self._expect(".")
        name = self._take().text
        if owner == "Math" and name in ("PI", "E"):
            return _constant(math.pi if name == "PI" else math.e)
        if name not in self._library[owner]:
            raise Unsupported(f"{owner}.{name}")
        self._expect("(")
        return _call(self._library[owner][name], name, self._arguments())


def _block(steps: list[Node]) -> Node:
    def run(variables: Variables) -> Any:
        result = None
        for step in steps:
            result = step(variables)
        return result

    return steps[0] if len(steps) == 1 else run


def _constant(value: Any) -> Node:
    return lambda variables: value


def _number(text: str) -> int | float:
    digits = text.rstrip("lL")
    if not digits.isdigit():
        return float(text[:-1] if text[-1] in "dDfF" else text)
    number = whole(digits)
    if number is None:
        raise Unsupported(text)
    return number


def _string(text: str) -> str:
    inner = text[1:-1]
    for escape, character in _ESCAPES.items():
        inner = inner.replace(escape, character)
    return inner


def _assign(name: str, value: Node) -> Node:
    def assign(variables: Variables) -> Any:
        variables[name] = value(variables)
        return variables[name]

    return assign


def _cast(kind: str, node: Node) -> Node:
    if kind not in _NUMBER_TYPES:
        return node
    convert = _NUMBER_TYPES[kind]

    def cast(variables: Variables) -> Any:
        value = node(variables)
        if not is_number(value):
            raise Failure("class_cast_exception", f"Cannot cast from [{type(value).__name__}] to [{kind}]")
        return 0 if convert is int and not math.isfinite(value) else convert(value)

    return cast


def _operation(sign: str, left: Node, right: Node) -> Node:
    operate = BINARY[sign]
    return lambda variables: operate(left(variables), right(variables))


def _or(left: Node, right: Node) -> Node:
    return lambda variables: truth(left(variables)) or truth(right(variables))


def _and(left: Node, right: Node) -> Node:
    return lambda variables: truth(left(variables)) and truth(right(variables))


def _ternary(test: Node, then: Node, other: Node) -> Node:
    return lambda variables: then(variables) if truth(test(variables)) else other(variables)


def _elvis(first: Node, other: Node) -> Node:
    def choose(variables: Variables) -> Any:
        value = first(variables)
        return other(variables) if value is None else value

    return choose


def _item(owner: Node, key: Node) -> Node:
    return lambda variables: item_of(owner(variables), key(variables))


def _null_safe(owner: Node, member: Callable[[Node], Node]) -> Node:
    follow = member(lambda variables: variables["?."])

    def choose(variables: Variables) -> Any:
        value = owner(variables)
        return None if value is None else follow({**variables, "?.": value})

    return choose


def _call(function: Callable[..., Any], name: str, arguments: list[Node]) -> Node:
    def call(variables: Variables) -> Any:
        given = [argument(variables) for argument in arguments]
        try:
            return function(*given)
        except TypeError:
            raise Failure("class_cast_exception", f"Cannot apply [{name}] to {given}") from None

    return call
