"""What aggregations need to know of their search."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fake_es.indices.document import Document as IndexedDocument
from fake_es.indices.document import NestedObject
from fake_es.mapping.field_types import FieldType
from fake_es.search.pauses import Item, Step, no_step, paced
from fake_es.wire.object_parser import Body

# What is aggregated: documents, or below ``nested`` their nested objects.
Document = IndexedDocument | NestedObject
Documents = Sequence[Document]
Predicate = Callable[[Document], bool]

_MAX_BUCKETS = (((8, 0), 65_536), ((7, 9), 65_535), ((7, 0), 10_000), ((0,), 100_000))


@dataclass(slots=True)
class AggregationContext:
    """The search of an aggregation.

    ``now`` is in epoch milliseconds. ``fields`` returns the types of a field in all indices that have it. ``compile_query``
    turns a query into a function that tests documents. ``every`` returns the documents that the search would find without its
    query. ``setting`` returns the value of a setting in each searched index, None where it is not set. ``step`` is
    called often, see ``pauses.in_steps``. ``body`` is the text of the aggregations, for places in error messages.
    """

    release: tuple[int, ...]
    now: int
    fields: Callable[[str], Sequence[FieldType]]
    compile_query: Callable[[Any], Predicate]
    every: Callable[[], Documents]
    setting: Callable[[str], Sequence[Any]]
    step: Step = no_step
    body: Body | None = None
    # The number of buckets made so far, on all levels.
    buckets: int = 0

    def field(self, name: str) -> FieldType | None:
        """The type of a field in the first index that has it."""
        found = self.fields(name)
        return found[0] if found else None

    @property
    def max_buckets(self) -> int:
        """``search.max_buckets``. Releases before 7.0 had no limit; here they have one, or a mistake could fill the memory."""
        return next(most for since, most in _MAX_BUCKETS if self.release >= since)

    def paced(self, items: Sequence[Item], length: int = 1000) -> Iterable[Item]:
        """The same items, with a call of ``step`` after each ``length`` of them."""
        return paced(items, self.step, length)

    def with_body(self, tree: Any) -> Body:
        """The text of ``tree``, as the server would write it."""
        if self.body is None:
            self.body = Body(json.dumps(tree, separators=(",", ":")), self.release)
        return self.body
