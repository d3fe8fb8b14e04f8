"""Writes objects of a request as the server shows them later: with defaults, in a fixed order (``toXContent``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from fake_es.wire.java import java_text
from fake_es.wire.numbers import double_of, whole_of


class _Nothing:
    """The default of an option that is shown only if the request has it."""


NOTHING = _Nothing()
Read = Callable[[Any], Any]


def same(value: Any) -> Any:
    """A value, unchanged."""
    return value


def text(value: Any) -> str:
    """A value as text."""
    return value if isinstance(value, str) else java_text(value)


def flag(value: Any) -> bool:
    """A boolean from a boolean or a text."""
    return value in (True, "true")


def items_of(value: Any) -> list[Any]:
    """The items of a list; a single value is one item."""
    return value if isinstance(value, list) else [value]


def upper(value: Any) -> str:
    """The name of a constant, which is written in upper case."""
    return text(value).upper()


def lower(value: Any) -> str:
    """The name of a constant, which is written in lower case."""
    return text(value).lower()


class Option(NamedTuple):
    """One option of an object.

    ``default`` is shown if the request does not have the option. ``read`` converts a value of the request. ``also`` are
    other names of the option in requests. Releases from ``since`` on and before ``until`` show it.
    """

    name: str
    default: Any = NOTHING
    read: Read = same
    also: tuple[str, ...] = ()
    since: tuple[int, ...] = (0,)
    until: tuple[int, ...] = (99,)


def number(name: str, default: Any = NOTHING, **more: Any) -> Option:
    """An option with a floating-point number."""
    return Option(name, default, double_of, **more)


def count(name: str, default: Any = NOTHING, **more: Any) -> Option:
    """An option with a whole number."""
    return Option(name, default, whole_of, **more)


def render(given: dict[str, Any], options: Iterable[Option], release: tuple[int, ...]) -> dict[str, Any]:
    """The options of the object ``given``, in the order of ``options``."""
    shown: dict[str, Any] = {}
    for option in options:
        if not option.since <= release < option.until:
            continue
        found = next((given[name] for name in (option.name, *option.also) if given.get(name) is not None), None)
        if found is not None:
            shown[option.name] = option.read(found)
        elif not isinstance(option.default, _Nothing):
            shown[option.name] = option.default
    return shown
