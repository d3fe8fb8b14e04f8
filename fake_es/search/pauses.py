"""Lets other requests run during a long search. If they change an index of the search, it begins again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar

from fake_es.cluster import Cluster
from fake_es.indices.index import Index

Item = TypeVar("Item")
Result = TypeVar("Result")
# Called between two steps of a search.
Step = Callable[[], None]

# How often a search begins with others running in between. After that, it makes them wait.
_ATTEMPTS = 3


class IndexChanged(Exception):  # noqa: N818 - it is no error: the search begins again
    """Another request changed an index while it was searched."""


def no_step() -> None:
    """The step of a search that lets nobody in."""


def in_steps(cluster: Cluster, indices: Sequence[Index], search: Callable[[Step], Result]) -> Result:
    """Return the result of ``search(step)``, which reads these indices. It calls ``step`` often.

    The search begins again if another request has changed one of the indices.
    """
    for _ in range(_ATTEMPTS):
        known = [index.generation for index in indices]

        def step(known: list[tuple[int, int]] = known) -> None:
            if cluster.let_in() and known != [index.generation for index in indices]:
                raise IndexChanged

        try:
            return search(step)
        except IndexChanged:
            continue
    return search(no_step)


def paced(items: Sequence[Item], step: Step, length: int = 1000) -> Iterable[Item]:
    """The same items, with a call of ``step`` after each ``length`` of them."""
    return items if len(items) <= length else chain.from_iterable(_parts(items, step, length))


def _parts(items: Sequence[Item], step: Step, length: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), length):
        step()
        yield items[start : start + length]
