"""A suite as it was read: what each test asks for before it runs, and its steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from fake_es.verify.outcome import Place


@dataclass(frozen=True, slots=True)
class Warnings:
    """Warning headers that a call must or may answer with: whole texts, and patterns for whole texts."""

    expected: tuple[str, ...] = ()
    expected_patterns: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    allowed_patterns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.expected, self.expected_patterns, self.allowed, self.allowed_patterns))


@dataclass(frozen=True, slots=True)
class Do:
    """A call of an API by its name; ``parameters`` hold those of path and query and the ``body``."""

    place: Place
    api: str
    parameters: dict[str, Any]
    catch: str = ""
    headers: dict[str, Any] = field(default_factory=dict)
    ignore: frozenset[int] = frozenset()
    warnings: Warnings = Warnings()


class Closeness(Enum):
    """What an answer shares with its example beside the names of all fields and the types of their values.

    ``EXACT``: all values but those that vary by their nature; ``FIGURES_VARY``: those that come of the data may differ
    too; ``NAMES_AND_TYPES``: no more than that.
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
    """``set``: keep a field of the last answer under a name."""

    place: Place
    field: str
    name: str


@dataclass(frozen=True, slots=True)
class Transform:
    """``transform_and_set``: keep what an expression makes of the last answer under a name."""

    place: Place
    name: str
    expression: str


@dataclass(frozen=True, slots=True)
class Send:
    """A request of the documentation as it stands there: ``target`` is path and query, escaped; ``body`` is text, or none.

    ``checks_shards``: whether shards that failed make the step fail, as the documentation's build has it.
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
        """What a failure calls it."""
        return f"{self.method} {self.target}"


@dataclass(frozen=True, slots=True)
class Example:
    """An example of the last answer: its text, and how closely the answer must follow it."""

    place: Place
    text: str
    closeness: Closeness = Closeness.EXACT


@dataclass(frozen=True, slots=True)
class Eventually:
    """``eventually``: steps that are tried again, all of them, until they hold or their time is over."""

    place: Place
    steps: tuple[Step, ...]


Call = Do | Send
Step = Do | Check | Store | Transform | Send | Example | Eventually


def calls_of(steps: Iterable[Step]) -> Iterator[Do]:
    """The calls of APIs by name among steps, and within those that are tried again."""
    for step in steps:
        if isinstance(step, Do):
            yield step
        elif isinstance(step, Eventually):
            yield from calls_of(step.steps)


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a ``skip`` or ``requires`` block, with the reason the block gives."""

    place: Place
    block: str
    kind: str
    value: Any
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Setup, teardown or one test."""

    place: Place
    name: str
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """One file: ``conditions`` are those of the clients' dialect, which ``for_clients`` says the file is written in."""

    path: str
    setup: Section
    teardown: Section
    sections: tuple[Section, ...]
    conditions: tuple[Condition, ...] = ()
    for_clients: bool = False
