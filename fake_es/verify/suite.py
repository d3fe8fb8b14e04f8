"""A parsed suite: its tests with their conditions and steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from fake_es.verify.outcome import Place


@dataclass(frozen=True, slots=True)
class Warnings:
    """Warning headers that an answer must or may have: whole texts, and patterns of whole texts."""

    expected: tuple[str, ...] = ()
    expected_patterns: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    allowed_patterns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.expected, self.expected_patterns, self.allowed, self.allowed_patterns))


@dataclass(frozen=True, slots=True)
class Do:
    """A call of an API by its name; ``parameters`` are those of the path and the query, and the ``body``."""

    place: Place
    api: str
    parameters: dict[str, Any]
    catch: str = ""
    headers: dict[str, Any] = field(default_factory=dict)
    ignore: frozenset[int] = frozenset()
    warnings: Warnings = Warnings()


class Closeness(Enum):
    """How closely an answer must follow its example. Names of fields and types of values must always be equal.

    * ``EXACT``: all values must be equal, except those that always vary.
    * ``FIGURES_VARY``: values that depend on the data may differ as well.
    * ``NAMES_AND_TYPES``: all values may differ.
    """

    EXACT = "exact"
    FIGURES_VARY = "figures vary"
    NAMES_AND_TYPES = "names and types"


@dataclass(frozen=True, slots=True)
class Check:
    """An assertion (``kind`` is ``match``, ``is_true``, ...) on one field of the last answer."""

    place: Place
    kind: str
    field: str
    expected: Any = None


@dataclass(frozen=True, slots=True)
class Store:
    """``set``: stash a field of the last answer under a name."""

    place: Place
    field: str
    name: str


@dataclass(frozen=True, slots=True)
class Transform:
    """``transform_and_set``: stash the value of an expression on the last answer under a name."""

    place: Place
    name: str
    expression: str


@dataclass(frozen=True, slots=True)
class Send:
    """A request of the documentation. ``target`` is the escaped path and query, ``body`` is text.

    ``checks_shards`` tells whether failed shards make the step fail, as in the documentation's build.
    """

    place: Place
    method: str
    target: str
    body: str = ""
    catch: str = ""
    warnings: Warnings = Warnings()
    checks_shards: bool = True

    @property
    def api(self) -> str:
        """The name of the step in failures."""
        return f"{self.method} {self.target}"


@dataclass(frozen=True, slots=True)
class Example:
    """An example of the last answer: its text, and how closely the answer must follow it."""

    place: Place
    text: str
    closeness: Closeness = Closeness.EXACT


@dataclass(frozen=True, slots=True)
class Eventually:
    """``eventually``: steps that are repeated until all hold or the time is over."""

    place: Place
    steps: tuple[Step, ...]


Call = Do | Send
Step = Do | Check | Store | Transform | Send | Example | Eventually


def calls_of(steps: Iterable[Step]) -> Iterator[Do]:
    """All calls of APIs by name in steps, including those in ``eventually``."""
    for step in steps:
        if isinstance(step, Do):
            yield step
        elif isinstance(step, Eventually):
            yield from calls_of(step.steps)


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a ``skip`` or ``requires`` block, with the reason in the block."""

    place: Place
    block: str
    kind: str
    value: Any
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The setup, the teardown or one test."""

    place: Place
    name: str
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """One file. ``for_clients`` tells whether it has the dialect of the clients, which has the ``conditions``."""

    path: str
    setup: Section
    teardown: Section
    sections: tuple[Section, ...]
    conditions: tuple[Condition, ...] = ()
    for_clients: bool = False
