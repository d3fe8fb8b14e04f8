"""The foremost documents of a bucket: whole (``top_hits``) or some of their values (``top_metrics``)."""

from __future__ import annotations

from typing import Any

from fake_es.mapping.field_types import Date
from fake_es.search.aggregations.context import AggregationContext, Document, Documents
from fake_es.search.aggregations.formats import Format, format_of
from fake_es.search.aggregations.hits import check_hit_options, show_hit
from fake_es.search.aggregations.registry import Aggregation, Definition, aggregation
from fake_es.search.aggregations.results import Figures, Result
from fake_es.search.errors import NoFielddata, QueryShard
from fake_es.search.messages import NO_MAPPING_FOR_SORT, TEXT_FIELDDATA
from fake_es.search.sorting import SortKey, ordered, parse_sort
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import ANY, BOOLEAN, INT, STRING, Field, ObjectParser, nested_list

_SCORE = 1.0


def sort_keys(tree: Any, context: AggregationContext) -> list[SortKey]:
    """The keys of a ``sort``; ``_doc`` is the order the documents have anyway.

    :raises ElasticsearchError: it cannot be read, or names a field that nothing can be sorted by.
    """
    keys = [key for key in parse_sort(tree) if key.field != "_doc"]
    for key in keys:
        field = context.field(key.field)
        if key.field == "_score":
            continue
        if field is None and key.unmapped_type is None:
            raise QueryShard(NO_MAPPING_FOR_SORT.format(field=key.field))
        if field is not None and field.is_text and not field.has_values:
            raise NoFielddata(TEXT_FIELDDATA.at(context.release, field=key.field))
    return keys


def foremost(documents: Documents, keys: list[SortKey], most: int) -> list[Document]:
    """The first ``most`` documents in the order of ``keys``."""
    if not keys:
        return list(documents[:most])
    found: list[Any] = list(documents)
    return ordered(found, keys, {})[:most]  # type: ignore[return-value]


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
        if self.context.fetch is None:
            check_hit_options(self.options)
        self._from, self._size = self.options.get("from", 0), self.options.get("size", 3)
        for option, value in (("from", self._from), ("size", self._size)):
            if value < 0:
                raise IllegalArgument(f"[{option}] must be greater than or equal to 0. Found [{value}] in [{self.name}]")
        self._keys = sort_keys(self.options["sort"], self.context) if "sort" in self.options else []
        by_score = not self._keys or any(key.field == "_score" for key in self._keys)
        self._scored = by_score or self.options.get("track_scores", False)

    def collect(self, documents: Documents) -> Result:
        found = foremost(documents, self._keys, self._from + self._size)[self._from :]
        total: Any = len(documents)
        if self.context.release >= (7, 0):
            total = {"value": total, "relation": "eq"}
        best = _SCORE if self._scored and documents else None
        hits = [self._hit(document) for document in found]
        return Figures("top_hits", {}, {"hits": {"total": total, "max_score": best, "hits": hits}})

    def _hit(self, document: Any) -> dict[str, Any]:
        fetch = self.context.fetch
        hit = show_hit(document, self.options, self.context.release) if fetch is None else fetch(document, self.options)
        if not self._scored:
            hit["_score"] = None
        if self._keys:
            hit["sort"] = [key.hit_value(document, _SCORE) for key in self._keys]
        return hit


_METRIC = ObjectParser("top_metrics", (Field("field", STRING), Field("missing", ANY)), required=("field",))


@aggregation("top_metrics", Field("metrics", nested_list(_METRIC)), Field("sort", ANY), Field("size", INT), since=(7, 7))
class TopMetrics(Aggregation):
    """Some values of the foremost documents of a bucket; documents that lack a value of the sort are left out."""

    leaf = True

    def prepare(self, definition: Definition) -> None:
        for option in ("metrics", "sort"):
            if option not in self.options:
                raise IllegalArgument(f"Required [{option}]")
        self._size = self.options.get("size", 1)
        if self._size < 1:
            raise IllegalArgument(f"[size] must be more than 0 but was [{self._size}]")
        if self._size > 10:
            raise IllegalArgument(
                f"[top_metrics.size] must not be more than [10] but was [{self._size}]. This limit can be set by changing the "
                "[index.top_metrics_max_size] index level setting."
            )
        self._keys = sort_keys(self.options["sort"], self.context)
        self._metrics = [SortKey(metric["field"], {}) for metric in self.options["metrics"]]
        self._formats = {key.field: _format(key, self.context) for key in (*self._keys, *self._metrics)}

    def collect(self, documents: Documents) -> Result:
        sortable = [document for document in documents if all(self._value(key, document) is not None for key in self._keys)]
        best = foremost(sortable, self._keys, self._size)
        top = [{"sort": self._shown(self._keys, document), "metrics": self._named(document)} for document in best]
        numbers = {metric.field: self._value(metric, best[0]) if best else None for metric in self._metrics}
        return Figures("top_metrics", numbers, {"top": top})

    def _named(self, document: Document) -> dict[str, Any]:
        names = [metric.field for metric in self._metrics]
        return dict(zip(names, self._shown(self._metrics, document)))

    def _shown(self, keys: list[SortKey], document: Document) -> list[Any]:
        values = [(key, self._value(key, document)) for key in keys]
        return [None if value is None else self._formats[key.field].key(value) for key, value in values]

    def _value(self, key: SortKey, document: Any) -> Any:
        return key.value(document, _SCORE)


def _format(key: SortKey, context: AggregationContext) -> Format:
    field = context.field(key.field)
    form = field.format.text if isinstance(field, Date) else None
    return format_of(field.kind if field else None, key.form, form, None)
