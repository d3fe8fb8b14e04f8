"""Lets other requests run during a long search. If they change an index of the search, it begins again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from fake_es.cluster import Cluster, Step, no_step
from fake_es.indices.index import Index

__all__ = ["Item", "Step", "in_steps", "no_step", "paced"]

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_steps(cluster: Cluster, indices: Sequence[Index], search: Callable[[Step], Result]) -> Result:
    """``cluster.in_steps`` for a search that reads these indices."""
    return cluster.in_steps(lambda: [index.generation for index in indices], search)


def paced(items: Sequence[Item], step: Step, length: int = 1000) -> Iterable[Item]:
    """The same items, with a call of ``step`` after each ``length`` of them."""
    return items if len(items) <= length else chain.from_iterable(_parts(items, step, length))


def _parts(items: Sequence[Item], step: Step, length: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), length):
        step()
        yield items[start : start + length]
