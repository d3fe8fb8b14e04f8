"""Good requests with a body, and the requests that use what they have made: what the fuzzer of types begins with."""

from __future__ import annotations

from tests.fuzz.subjects.base import Subject
from tests.fuzz.subjects.indexing import documents, indices
from tests.fuzz.subjects.learning import ml
from tests.fuzz.subjects.piping import ingest
from tests.fuzz.subjects.searching import searches
from tests.fuzz.subjects.securing import control, security


def subjects() -> list[Subject]:
    """All of them."""
    return [*ml(), *searches(), *documents(), *indices(), *ingest(), *security(), *control()]
