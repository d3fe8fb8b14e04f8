"""Values of scripts, with the arithmetic of Java."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fake_es.wire.errors import ElasticsearchError

# Most characters in a text that a script creates. Java allows two billion, but a script can create many such texts.
_LONGEST = 4 * 1024 * 1024


class ScriptError(ElasticsearchError):
    """A script failed while it ran: 400."""

    type = "script_exception"
    default_status = 400


class Failure(Exception):
    """An error in a script: the type of the Java exception, as in JSON responses, and its text."""

    def __init__(self, type_: str, reason: str) -> None:
        super().__init__(reason)
        self.type = type_
        self.reason = reason


class DocValues:
    """``doc['field']``: the values of one document's field."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values

    @property
    def value(self) -> Any:
        """The first value.

        :raises Failure: the document has no value for the field.
        """
        if not self.values:
            raise Failure(
                "illegal_state_exception",
                "A document doesn't have a value for a field! "
                "Use doc[<field>].size()==0 to check if a document is missing a field!",
            )
        return self.values[0]


def is_number(value: Any) -> bool:
    """Whether Java can calculate with a value: booleans are not numbers."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _whole(left: Any, right: Any) -> bool:
    return isinstance(left, int) and isinstance(right, int)


def _long(number: Any) -> Any:
    """Wrap a whole number around at 64 bits. Java's smaller integer types are treated as ``long``."""
    return (number + 2**63) % 2**64 - 2**63 if isinstance(number, int) else number


def _numbers(left: Any, right: Any, sign: str) -> None:
    for value in (left, right):
        if value is None:
            raise Failure("null_pointer_exception", f"Cannot apply [{sign}] operation to null")
        if not is_number(value):
            raise Failure("class_cast_exception", f"Cannot apply [{sign}] operation to type [{type(value).__name__}]")


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) or isinstance(right, str):
        return joined(text_of(left), text_of(right))
    _numbers(left, right, "+")
    return _long(left + right)


def joined(left: str, right: str) -> str:
    """Join two texts.

    :raises Failure: the result would be too long, as when the memory of Java is full.
    """
    if len(left) + len(right) > _LONGEST:
        raise Failure("out_of_memory_error", "Java heap space")
    return left + right


def replaced(text: str, old: str, new: str) -> str:
    """Replace ``old`` by ``new`` in a text.

    :raises Failure: the result would be too long.
    """
    if len(text) + text.count(old) * max(0, len(new) - len(old)) > _LONGEST:
        raise Failure("out_of_memory_error", "Java heap space")
    return text.replace(old, new)


def _subtract(left: Any, right: Any) -> Any:
    _numbers(left, right, "-")
    return _long(left - right)


def _multiply(left: Any, right: Any) -> Any:
    _numbers(left, right, "*")
    return _long(left * right)


def _divide(left: Any, right: Any) -> Any:
    _numbers(left, right, "/")
    if _whole(left, right):
        if right == 0:
            raise Failure("arithmetic_exception", "/ by zero")
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    if right == 0:
        return math.nan if left == 0 or left != left else math.copysign(math.inf, left) * math.copysign(1, right)
    return left / right


def _remainder(left: Any, right: Any) -> Any:
    _numbers(left, right, "%")
    if _whole(left, right):
        if right == 0:
            raise Failure("arithmetic_exception", "/ by zero")
        return left - right * _divide(left, right)
    return math.nan if right == 0 or math.isinf(left) else math.fmod(left, right)


def _comparing(sign: str, compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(left: Any, right: Any) -> bool:
        _numbers(left, right, sign)
        return compare(left, right)

    return compared


BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _remainder,
    "<": _comparing("<", lambda left, right: left < right),
    "<=": _comparing("<=", lambda left, right: left <= right),
    ">": _comparing(">", lambda left, right: left > right),
    ">=": _comparing(">=", lambda left, right: left >= right),
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


def truth(value: Any) -> bool:
    """The value of a condition.

    :raises Failure: the value is not a boolean.
    """
    if not isinstance(value, bool):
        raise Failure("class_cast_exception", f"Cannot cast from [{type(value).__name__}] to [boolean]")
    return value


def text_of(value: Any) -> str:
    """A value as text, as in Java's ``"" + value``."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rounded(value: float) -> int:
    # ``Math.round`` stops at the smallest and largest ``long``.
    return 0 if value != value else math.floor(min(max(value + 0.5, -(2.0**63)), 2.0**63 - 1024))


def _real(function: Callable[..., float]) -> Callable[..., float]:
    """``function`` with NaN as its result, as in Java, where Python raises an error."""

    def call(*arguments: float) -> float:
        try:
            return float(function(*arguments))
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan

    return call


def _log(base: Callable[[float], float]) -> Callable[[float], float]:
    return lambda value: -math.inf if value == 0 else base(value)


_REAL: Mapping[str, Callable[..., float]] = {
    "sqrt": math.sqrt, "pow": math.pow, "exp": math.exp, "log": _log(math.log), "log10": _log(math.log10),
    "log1p": math.log1p, "expm1": math.expm1, "floor": math.floor, "ceil": math.ceil, "sin": math.sin,
    "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan,
    "atan2": math.atan2, "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "hypot": math.hypot,
    "rint": round, "cbrt": lambda value: math.copysign(abs(value) ** (1 / 3), value),
}  # fmt: skip
_EXACT: Mapping[str, Callable[..., Any]] = {
    "abs": abs, "min": min, "max": max, "round": _rounded, "signum": lambda value: float((value > 0) - (value < 0)),
    "toRadians": math.radians, "toDegrees": math.degrees,
}  # fmt: skip
MATH: Mapping[str, Callable[..., Any]] = {**_EXACT, **{name: _real(function) for name, function in _REAL.items()}}
