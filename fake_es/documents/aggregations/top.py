"""The foremost documents of a bucket: whole (``top_hits``) or some of their values (``top_metrics``)."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from fake_es.documents.aggregations.context import Context, Document, Documents
from fake_es.documents.aggregations.formats import format_of
from fake_es.documents.aggregations.registry import Aggregation, Definition, aggregation
from fake_es.documents.aggregations.results import Figures, Result
from fake_es.documents.fields import Date
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import ANY, BOOLEAN, INT, STRING, Field, ObjectParser, nested_list

_Key = Callable[[Document], Any]


class SortKey:
    """One key of a ``sort``: a field, ``_score`` or ``_doc``, and its direction; documents without it come last."""

    def __init__(self, tree: Any, context: Context) -> None:
        """:raises IllegalArgument: no direction of that name."""
        self.name, options = (tree, {}) if isinstance(tree, str) else next(iter(tree.items()))
        if not isinstance(options, dict):
            options = {"order": options}
        direction = str(options.get("order", "desc" if self.name == "_score" else "asc"))
        if direction not in ("asc", "desc"):
            raise IllegalArgument(f"Unknown SortOrder [{direction}]")
        self.descending = direction == "desc"
        self.first = options.get("missing") == "_first"
        field = context.field(self.name)
        form = field.format.text if isinstance(field, Date) else None
        self.format = format_of(field.kind if field else None, options.get("format"), form, None)

    def value(self, document: Document) -> Any:
        """What a document is sorted by; None if it has nothing."""
        if self.name == "_score":
            return 1.0
        values = document.values(self.name)
        return None if not values else max(values) if self.descending else min(values)


def sort_keys(tree: Any, context: Context) -> list[SortKey]:
    """The keys of a ``sort``: a name, an object, or a list of these.

    :raises IllegalArgument: no direction of that name.
    """
    parts = tree if isinstance(tree, list) else [tree]
    whole = [{name: value} for part in parts if isinstance(part, dict) for name, value in part.items()]
    return [SortKey(part, context) for part in (whole or parts) if part != "_doc"]


def foremost(documents: Documents, keys: list[SortKey], most: int) -> list[Document]:
    """The first ``most`` documents in the order of ``keys``."""
    if not keys:
        return list(documents[:most])
    if len(keys) == 1 and not keys[0].first:
        return _foremost_by_one(documents, keys[0], most)
    ordered = list(documents)
    for key in reversed(keys):
        having = [document for document in ordered if key.value(document) is not None]
        without = [document for document in ordered if key.value(document) is None]
        having.sort(key=key.value, reverse=key.descending)
        ordered = without + having if key.first else having + without
    return ordered[:most]


def _foremost_by_one(documents: Documents, key: SortKey, most: int) -> list[Document]:
    having = [document for document in documents if key.value(document) is not None]
    choose = heapq.nlargest if key.descending else heapq.nsmallest
    found = choose(most, having, key=key.value)
    if len(found) < most:
        found += [document for document in documents if key.value(document) is None][: most - len(found)]
    return found


@aggregation(
    "top_hits", Field("from", INT), Field("size", INT), Field("sort", ANY), Field("_source", ANY), Field("version", BOOLEAN),
    Field("seq_no_primary_term", BOOLEAN), Field("track_scores", BOOLEAN), Field("explain", BOOLEAN),
    Field("docvalue_fields", ANY), Field("fields", ANY), Field("stored_fields", ANY), Field("script_fields", ANY),
    Field("highlight", ANY),
)  # fmt: skip
class TopHits(Aggregation):
    """The foremost documents of a bucket, as a search shows them."""

    leaf = True

    def prepare(self, definition: Definition) -> None:
        for option in ("explain", "highlight", "script_fields"):
            self.unsupported(option, "top_hits")
        self._from, self._size = self.options.get("from", 0), self.options.get("size", 3)
        if self._from < 0 or self._size < 0:
            reason = f"[from] and [size] must be greater than or equal to 0. Found [{self._from}, {self._size}]"
            raise IllegalArgument(f"{reason} in [{self.name}]")
        self._keys = sort_keys(self.options["sort"], self.context) if "sort" in self.options else []

    def collect(self, documents: Documents) -> Result:
        found = foremost(documents, self._keys, self._from + self._size)[self._from :]
        scored = not self._keys or self.options.get("track_scores", False) or any(key.name == "_score" for key in self._keys)
        total: Any = len(documents)
        if self.context.release >= (7, 0):
            total = {"value": total, "relation": "eq"}
        best = 1.0 if scored and documents else None
        hits = [self._hit(document, scored=scored) for document in found]
        return Figures("top_hits", {}, {"hits": {"total": total, "max_score": best, "hits": hits}})

    def _hit(self, document: Document, *, scored: bool) -> dict[str, Any]:
        hit = {**self.context.fetch(document, self.options)}
        if not scored:
            hit["_score"] = None
        if self._keys:
            hit["sort"] = [key.value(document) for key in self._keys]
        return hit


_METRIC = ObjectParser("top_metrics", (Field("field", STRING), Field("missing", ANY)), required=("field",))


@aggregation("top_metrics", Field("metrics", nested_list(_METRIC)), Field("sort", ANY), Field("size", INT), since=(7, 7))
class TopMetrics(Aggregation):
    """Some values of the foremost documents of a bucket."""

    leaf = True

    def prepare(self, definition: Definition) -> None:
        for option in ("metrics", "sort"):
            if option not in self.options:
                raise IllegalArgument(f"Required [{option}]")
        self._size = self.options.get("size", 1)
        if not 1 <= self._size <= 10:
            raise IllegalArgument(
                f"[top_metrics.size] must not be more than [10] but was [{self._size}]. This limit can be set by changing the "
                "[index.top_metrics_max_size] index level setting."
                if self._size > 10
                else f"[size] must be more than 0 but was [{self._size}]"
            )
        self._keys = sort_keys(self.options["sort"], self.context)
        self._metrics = [SortKey(metric["field"], self.context) for metric in self.options["metrics"]]

    def collect(self, documents: Documents) -> Result:
        sortable = [document for document in documents if all(key.value(document) is not None for key in self._keys)]
        top = [
            {"sort": [_shown(key, document) for key in self._keys],
             "metrics": {metric.name: _shown(metric, document) for metric in self._metrics}}
            for document in foremost(sortable, self._keys, self._size)
        ]  # fmt: skip
        best = foremost(sortable, self._keys, 1)
        numbers = {metric.name: metric.value(best[0]) if best else None for metric in self._metrics}
        return Figures("top_metrics", numbers, {"top": top})


def _shown(key: SortKey, document: Document) -> Any:
    value = key.value(document)
    return None if value is None else key.format.key(value)
