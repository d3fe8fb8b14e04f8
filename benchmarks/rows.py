"""All rows there are, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import data, documents, inprocess, pages, sockets, start, state
from benchmarks.measure import Row

MODULES = (inprocess, data, state, documents, pages, sockets, start)


def all_rows() -> Iterator[Row]:
    """Every declared row, in the order of the modules and of their text."""
    for module in MODULES:
        yield from (value for value in vars(module).values() if isinstance(value, Row))
