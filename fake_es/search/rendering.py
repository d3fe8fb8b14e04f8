"""Objects of requests as the server writes them again from its builders (``toXContent``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from fake_es.wire.java import java_text
from fake_es.wire.numbers import double_of, whole_of


class _Nothing:
    """The default of an option that is written only if it is given."""


NOTHING = _Nothing()
Read = Callable[[Any], Any]


def same(value: Any) -> Any:
    """A value as it was given."""
    return value


def text(value: Any) -> str:
    """A value as text."""
    return value if isinstance(value, str) else java_text(value)


def flag(value: Any) -> bool:
    """A boolean, given as such or as text."""
    return value in (True, "true")


def upper(value: Any) -> str:
    """The name of a constant that is written in upper case."""
    return text(value).upper()


def lower(value: Any) -> str:
    """The name of a constant that is written in lower case."""
    return text(value).lower()


class Option(NamedTuple):
    """One option of an object: its name, what is written if it is not given, and how a given value is written.

    ``also`` are other names under which it may be given. Releases from ``since`` on and before ``until`` write it.
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
    """The options of an object in the order in which the server writes them."""
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
