"""A suite as it was read: what each test asks for before it runs, and its steps."""

from __future__ import annotations

from dataclasses import dataclass, field
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


Step = Do | Check | Store | Transform


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
