"""Declares kinds of processors, each beside the function that creates one from its configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fake_es.ingest.config import Config
from fake_es.ingest.document import IngestDocument

# Changes a document; returns False if the document is dropped.
Work = Callable[[IngestDocument], "bool | None"]
Make = Callable[[Config], Work]


class ProcessorType(NamedTuple):
    """One kind of processor: its name, the function that creates one, and its first release."""

    name: str
    make: Make
    since: tuple[int, ...]


def processor(name: str, since: tuple[int, ...] = (5, 4)) -> Callable[[Make], ProcessorType]:
    """Declare that the decorated function creates the processors with that name."""
    return lambda make: ProcessorType(name, make, since)
