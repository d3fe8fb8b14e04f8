"""``top_hits`` and ``top_metrics``: the first documents of a bucket in some order, or some of their values."""

from __future__ import annotations

from typing import Any

from fake_es.indices.document import NestedObject
from fake_es.mapping.field_types import Date
from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import AggregationContext, Document, Documents
from fake_es.search.aggregations.errors import WindowTooLarge
from fake_es.search.aggregations.formats import Format, format_of
from fake_es.search.aggregations.registry import Aggregation, Definition, aggregation
from fake_es.search.aggregations.results import MultiValue, Result
from fake_es.search.errors import NoFielddata, QueryShard
from fake_es.search.messages import NO_MAPPING_FOR_SORT, TEXT_FIELDDATA
from fake_es.search.sorting import SortKey, ordered, parse_sort
from fake_es.wire.errors import IllegalArgument, NotImplementedHere
from fake_es.wire.filter_path import apply_filter_path
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import ANY, BOOLEAN, INT, STRING, Field, ObjectParser, nested_list

_SCORE = 1.0
# Default of ``index.max_inner_result_window``.
_MAX_WINDOW = 100
# Options of ``top_hits`` that fake_es refuses with 501.
_NOT_EMULATED = ("docvalue_fields", "explain", "fields", "highlight", "script_fields", "stored_fields")


def sort_keys(tree: Any, context: AggregationContext) -> list[SortKey]:
    """Parse a ``sort``. ``_doc`` is left out: the documents already have this order.

    :raises ElasticsearchError: it cannot be parsed, or documents cannot be sorted by one of its fields.
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


def top_documents(documents: Documents, keys: list[SortKey], most: int) -> list[Document]:
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
    """The first documents of a bucket, as hits."""

    leaf = True

    def prepare(self, definition: Definition) -> None:
        for option in _NOT_EMULATED:
            if self.options.get(option):
                raise NotImplementedHere(messages.OPTION_NOT_EMULATED.format(option=option, kind="top_hits"))
        self._from, self._size = self.options.get("from", 0), self.options.get("size", 3)
        for option, value in (("from", self._from), ("size", self._size)):
            if value < 0:
                raise IllegalArgument(f"[{option}] must be greater than or equal to 0. Found [{value}] in [{self.name}]")
        self._check_window()
        self._keys = sort_keys(self.options["sort"], self.context) if "sort" in self.options else []
        by_score = not self._keys or any(key.field == "_score" for key in self._keys)
        self._scored = by_score or self.options.get("track_scores", False)

    def _check_window(self) -> None:
        """:raises WindowTooLarge: from 6.0 the last hit is beyond ``index.max_inner_result_window`` of an index."""
        asked, limits = self._from + self._size, self.context.setting("index.max_inner_result_window")
        most = min((whole_of(limit or _MAX_WINDOW) for limit in limits), default=asked)
        if asked > most and self.context.release >= (6, 0):
            raise WindowTooLarge(messages.TOP_HITS_WINDOW.format(name=self.name, most=most, asked=asked))

    def collect(self, documents: Documents) -> Result:
        found = top_documents(documents, self._keys, self._from + self._size)[self._from :]
        total: Any = len(documents)
        if self.context.release >= (7, 0):
            total = {"value": total, "relation": "eq"}
        best = _SCORE if self._scored and documents else None
        hits = [self._hit(document) for document in found]
        return MultiValue("top_hits", {}, {"hits": {"total": total, "max_score": best, "hits": hits}})

    def _hit(self, document: Any) -> dict[str, Any]:
        root = document.root if isinstance(document, NestedObject) else document
        hit: dict[str, Any] = {"_index": root.index.name}
        if self.context.release < (8, 0):
            hit["_type"] = root.type
        hit["_id"] = root.id
        if isinstance(document, NestedObject):
            hit["_nested"] = {"field": document.path, "offset": _offset(document)}
        if self.options.get("version"):
            hit["_version"] = root.version
        if self.options.get("seq_no_primary_term"):
            hit |= {"_seq_no": root.seq_no, "_primary_term": root.primary_term}
        hit["_score"] = _SCORE if self._scored else None
        wanted = self.options.get("_source", True)
        if wanted is not False:
            hit["_source"] = _filtered(document.source, wanted)
        if self._keys:
            hit["sort"] = [key.hit_value(document, _SCORE) for key in self._keys]
        return hit


def _offset(document: NestedObject) -> int:
    siblings = document.parent.nested(document.path)
    return next(at for at, sibling in enumerate(siblings) if sibling.source is document.source)


def _filtered(source: dict[str, Any], wanted: Any) -> Any:
    if wanted is True:
        return source
    given = wanted if isinstance(wanted, dict) else {"includes": wanted}
    includes = _patterns(given.get("includes", given.get("include")))
    excludes = [f"-{pattern}" for pattern in _patterns(given.get("excludes", given.get("exclude")))]
    return apply_filter_path(source, ",".join([*includes, *excludes]))


def _patterns(given: Any) -> list[str]:
    items = given if isinstance(given, list) else [] if given is None else [given]
    return [str(item) for item in items]


_METRIC = ObjectParser("top_metrics", (Field("field", STRING), Field("missing", ANY)), required=("field",))


@aggregation("top_metrics", Field("metrics", nested_list(_METRIC)), Field("sort", ANY), Field("size", INT), since=(7, 7))
class TopMetrics(Aggregation):
    """Some values of the first documents of a bucket. Documents without a sort value are left out."""

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
        best = top_documents(sortable, self._keys, self._size)
        top = [{"sort": self._values(self._keys, document), "metrics": self._named(document)} for document in best]
        numbers = {metric.field: self._value(metric, best[0]) if best else None for metric in self._metrics}
        return MultiValue("top_metrics", numbers, {"top": top})

    def _named(self, document: Document) -> dict[str, Any]:
        names = [metric.field for metric in self._metrics]
        return dict(zip(names, self._values(self._metrics, document)))

    def _values(self, keys: list[SortKey], document: Document) -> list[Any]:
        values = [(key, self._value(key, document)) for key in keys]
        return [None if value is None else self._formats[key.field].key(value) for key, value in values]

    def _value(self, key: SortKey, document: Any) -> Any:
        return key.value(document, _SCORE)


def _format(key: SortKey, context: AggregationContext) -> Format:
    field = context.field(key.field)
    form = field.format.text if isinstance(field, Date) else None
    return format_of(field.kind if field else None, key.form, form, None)
