"""What aggregations need of the search around them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fake_es.indices.document import Document as IndexedDocument
from fake_es.indices.document import NestedObject
from fake_es.mapping.field_types import FieldType
from fake_es.wire.object_parser import Body

# What is aggregated: documents, and below ``nested`` the objects in them.
Document = IndexedDocument | NestedObject
Documents = Sequence[Document]
Predicate = Callable[[Document], bool]
# Shows one hit, by the options of ``top_hits``.
Fetch = Callable[[Document, Mapping[str, Any]], dict[str, Any]]


_MOST_BUCKETS = (((8, 0), 65_536), ((7, 9), 65_535), ((7, 0), 10_000), ((0,), 100_000))


@dataclass(slots=True)
class AggregationContext:
    """The search an aggregation belongs to.

    ``now`` is in epoch milliseconds. ``fields`` finds the mappings of a field in all indices, ``compile_query`` turns a
    query into a test of documents, ``every`` answers all documents of the searched indices, ``children`` those nested
    below a path, ``fetch`` shows one hit of ``top_hits``. ``body`` is the text the tree was read from, if at hand.
    """

    release: tuple[int, ...]
    now: int
    fields: Callable[[str], Sequence[FieldType]]
    compile_query: Callable[[Any], Predicate]
    every: Callable[[], Documents] = tuple
    children: Callable[[Document, str], Documents] = lambda document, path: ()
    fetch: Fetch | None = None
    body: Body | None = None
    # Buckets made so far, those below others too.
    buckets: int = 0

    def field(self, name: str) -> FieldType | None:
        """The mapping of a field in the first index that has it."""
        found = self.fields(name)
        return found[0] if found else None

    @property
    def most_buckets(self) -> int:
        """``search.max_buckets``; before 7.0 there was no limit, here it keeps a slip from filling the memory."""
        return next(most for since, most in _MOST_BUCKETS if self.release >= since)

    def with_body(self, tree: Any) -> Body:
        """The text of the tree: as it came, or as the server would write it for itself."""
        if self.body is None:
            self.body = Body(json.dumps(tree, separators=(",", ":")), self.release)
        return self.body
