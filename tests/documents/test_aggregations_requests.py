"""Requests for aggregations that are refused, and how results are named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_es.search.aggregations.aggregate import aggregate
from fake_es.search.aggregations.registry import kinds
from fake_es.search.query.base import QueryContext
from fake_es.search.system_search import SystemSearch
from fake_es.wire.errors import ElasticsearchError
from tests.documents.aggregated import Sales, sale

TERMS = {"terms": {"field": "shop"}}


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        ({"terms": {"field": "shop"}, "aggs": 1}, "Expected [START_OBJECT] under [aggs], but got a [VALUE_NUMBER] in [it]"),
        (7, "Aggregation definition for [it starts with a [VALUE_NUMBER], expected a [START_OBJECT]."),
        ({}, "Missing definition for aggregation [it]"),
        ({"terms": {"field": "a"}, "avg": {"field": "a"}}, "Found two aggregation type definitions in [it]: [terms] and [avg]"),
        ({**TERMS, "aggs": {}, "aggregations": {}}, "Found two sub aggregation definitions under [it]"),
        ({"term": {"field": "shop"}}, "Unknown aggregation type [term] did you mean [terms]?"),
    ],
)
def test_what_is_no_aggregation(tree: Any, reason: str) -> None:
    error = Sales().refusal(it=tree)
    assert (error.type, error.status, error.reason) == ("parsing_exception", 400, reason)


@pytest.mark.parametrize("name", ["a>b", "a[0]", ""])
def test_names_that_paths_could_not_bear(name: str) -> None:
    assert str(Sales().refusal(**{name: TERMS}).reason).startswith(f"Invalid aggregation name [{name}].")


@pytest.mark.parametrize(
    ("version", "type_", "reason"),
    [
        ("5.6", "unknown_named_object_exception", "Unknown BaseAggregationBuilder [tea]"),
        ("6.8", "named_object_not_found_exception", "unable to parse BaseAggregationBuilder with name [tea]: parser not found"),
        ("7.8", "named_object_not_found_exception", "unknown field [tea]"),
        ("7.9", "parsing_exception", "Unknown aggregation type [tea]"),
    ],
)
def test_unknown_kinds_by_release(version: str, type_: str, reason: str) -> None:
    error = Sales(version=version).refusal(it={"tea": {}})
    assert (error.type, error.status) == (type_, 400)
    assert str(error.reason).endswith(reason)


@pytest.mark.parametrize(
    ("kind", "version"),
    [("significant_terms", None), ("scripted_metric", None), ("moving_avg", "7.17"), ("geohash_grid", None)],
)
def test_kinds_that_are_not_here(kind: str, version: str | None) -> None:
    error = Sales(version=version).refusal(it={kind: {}})
    assert (error.status, error.reason) == (501, f"aggregation [{kind}] is not implemented here")


@pytest.mark.parametrize(("kind", "version"), [("moving_avg", "8.0"), ("moving_fn", "6.3"), ("weighted_avg", "6.3")])
def test_kinds_that_a_release_does_not_have(kind: str, version: str) -> None:
    assert Sales(version=version).refusal(it={kind: {}}).status == 400


@pytest.mark.parametrize(
    ("kind", "options", "reason"),
    [
        ("terms", {"fields": "a"}, "[1:17] [terms] unknown field [fields] did you mean [field]?"),
        ("terms", {"field": ["a"]}, "[1:25] [terms] field doesn't support values of type: START_ARRAY"),
        ("avg", {}, "Required one of fields [field, script], but none were specified. "),
        ("terms", {"field": "shop", "size": 0}, "[size] must be greater than 0. Found [0] in [it]"),
        ("avg", {"field": "shop"}, "Field [shop] of type [keyword] is not supported for aggregation [avg]"),
        ("histogram", {"field": "price"}, "[interval] must be >0 for histogram aggregation [it]"),
        ("range", {"field": "price"}, "No [ranges] specified for the [it] aggregation"),
        ("date_histogram", {"field": "time", "calendar_interval": "day", "time_zone": "Moon"}, None),
        ("terms", {"field": "shop", "order": {"_count": "up"}}, None),
        ("terms", {"field": "shop", "include": "["}, None),
        ("terms", {"field": "items", "missing": "none"}, None),
        ("top_hits", {"sort": 5}, None),
        ("top_hits", {"sort": ["unknown"]}, "No mapping found for [unknown] in order to sort on"),
        ("percentiles", {"field": "price", "percents": [101]}, None),
        ("reverse_nested", {}, "Reverse nested aggregation [it] can only be used inside a [nested] aggregation"),
        ("filters", {}, None),
        ("filter", {"tea": {}}, None),
    ],
)
def test_options_that_are_refused(kind: str, options: Any, reason: str | None) -> None:
    error = Sales(sale(0, "a")).refusal(it={kind: options})
    assert error.status == 400
    if reason is not None:
        assert error.reason == reason


def test_texts_have_no_values() -> None:
    assert "keyword field instead" in str(Sales().refusal(it={"terms": {"field": "note"}}).reason)


@pytest.mark.parametrize(
    ("version", "type_", "status"),
    [("8.13", "aggregation_initialization_exception", 500), ("8.14", "illegal_argument_exception", 400)],
)
def test_metrics_have_nothing_below_them(version: str, type_: str, status: int) -> None:
    error = Sales(version=version).refusal(it={"avg": {"field": "price"}, "aggs": {"shops": TERMS}})
    assert (error.type, error.status) == (type_, status)
    assert error.reason == "Aggregator [it] of type [avg] cannot accept sub-aggregations"


def test_global_stands_at_the_top() -> None:
    error = Sales().refusal(it={**TERMS, "aggs": {"all": {"global": {}}}})
    assert str(error.reason).startswith("Aggregation [it] cannot have a global sub-aggregation [all].")


@pytest.mark.parametrize(("version", "status"), [("7.17", 500), ("8.19", 400)])
def test_an_order_by_what_is_not_there(version: str, status: int) -> None:
    error = Sales(version=version).refusal(it={"terms": {"field": "shop", "order": {"mean": "asc"}}})
    assert (error.type, error.status) == ("aggregation_execution_exception", status)
    assert str(error.reason).startswith("Invalid aggregator order path [mean]. The provided aggregation [mean]")


@pytest.mark.parametrize(
    ("sub", "reason"),
    [
        ({"stats": {"field": "price"}}, "When ordering on a multi-value metrics aggregation a metric name must be specified."),
        ({"terms": {"field": "shop"}}, "Buckets can only be sorted on a sub-aggregator path that is built out of zero or more"),
    ],
)
def test_an_order_by_what_is_not_one_number(sub: Any, reason: str) -> None:
    error = Sales(sale(0, "a")).refusal(it={"terms": {"field": "shop", "order": {"sub": "asc"}}, "aggs": {"sub": sub}})
    assert (error.type, error.status) == ("aggregation_execution_exception", 400)
    assert str(error.reason).startswith(f"Invalid aggregation order path [sub]. {reason}")


def test_options_that_are_not_here() -> None:
    error = Sales().refusal(it={"terms": {"field": "shop", "include": {"partition": 0, "num_partitions": 2}}})
    assert error.status == 501
    assert Sales().refusal(it={"sum": {"script": "for (;;) {}"}}).status == 501
    assert Sales().refusal(it={"sum": {"script": {"lang": "mustache", "source": "x"}}}).status == 501


def test_types_that_do_not_go_together() -> None:
    sales = Sales(sale(0, "a"))
    sales.indices.create("other", mappings={"properties": {"shop": {"type": "long"}}})
    sales.indices.put("other", "1", {"shop": 1})
    with pytest.raises(Exception, match="existed as two different types in two different indices"):
        sales.indices.cluster.part(SystemSearch).search(["sales", "other"], {"aggs": {"it": TERMS}})


def test_typed_keys_name_the_kinds() -> None:
    sales = Sales(sale(0, "a", 1.0, items=1))
    index = sales.indices.index("sales")
    tree = {
        "a": {"terms": {"field": "shop"}, "aggs": {"m": {"max": {"field": "price"}}}},
        "b": {"terms": {"field": "items"}},
        "c": {"terms": {"field": "price"}},
        "d": {"terms": {"field": "unknown"}},
        "e": {"percentiles": {"field": "price"}},
        "f": {"avg_bucket": {"buckets_path": "a>m"}},
        "g": {"max_bucket": {"buckets_path": "a>m"}},
        "h": {"date_histogram": {"field": "time", "calendar_interval": "day"}},
    }
    found = aggregate(tree, list(index), [QueryContext(index, 0, (9, 0, 0))], 0, (9, 0, 0), typed_keys=True)
    assert list(found) == [
        "sterms#a", "lterms#b", "dterms#c", "umterms#d", "tdigest_percentiles#e", "date_histogram#h", "simple_value#f",
        "bucket_metric_value#g",
    ]  # fmt: skip
    assert found["sterms#a"]["buckets"][0]["max#m"] == {"value": 1.0}


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 2.5, 10**20, "", "a", "now", "2024-01-01", "day", "0.00", "yyyy", [], [1], [{}], ["a"], {}, {"a": 1},
     {"min": 0, "max": 1}, {"_key": "asc"}, {"x": "desc"}, [{"from": 1}], [{"price": "desc"}], {"field": "price"},
     [{"s": {"terms": {"field": "shop"}}}], {"term": {"shop": "a"}}, "params.a", "'text'", "1 / 0"]
)  # fmt: skip
FIELDS = st.sampled_from(["time", "shop", "price", "items", "paid", "note", "place", "lines.ware", "unknown", "_id", ""])
PATHS = st.sampled_from(["x", "x>y", "x.max", "_count", "_key", "x['a']", {"a": "x", "b": "_count"}])
OPTIONS = st.sampled_from(
    [
        "missing",
        "script",
        "format",
        "interval",
        "calendar_interval",
        "offset",
        "order",
        "size",
        "from",
        "min_doc_count",
        "include",
        "exclude",
        "ranges",
        "filters",
        "sources",
        "after",
        "path",
        "percents",
        "values",
        "keyed",
        "value",
        "weight",
        "metrics",
        "sort",
        "extended_bounds",
        "hard_bounds",
        "window",
        "shift",
        "lag",
        "unit",
        "gap_policy",
        "sigma",
        "time_zone",
    ]
)
SUBS: dict[str, Any] = {"x": {"terms": {"field": "shop"}, "aggs": {"y": {"max": {"field": "price"}}}}}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(kinds())), FIELDS, PATHS, st.dictionaries(OPTIONS, JUNK, max_size=3), st.data())
def test_no_request_breaks_the_emulator(kind: str, field: str, path: Any, more: dict[str, Any], data: st.DataObject) -> None:
    given_ = data.draw(st.sampled_from([{"field": field}, {"buckets_path": path}, {}]))
    it = {kind: {**given_, **more}}
    tree = data.draw(
        st.sampled_from(
            [
                {"it": it},
                {"it": it, **SUBS},
                {"h": {"histogram": {"field": "price", "interval": 1}, "aggs": {"it": it, **SUBS}}},
            ]
        )
    )
    try:
        json.dumps(SOLD.all(**tree))
    except ElasticsearchError as error:
        assert error.reason  # noqa: PT017 - whatever else is raised fails the test


SOLD = Sales(
    sale(0, ["a", "b"], 1.0, items=1, paid=True, note="n"), sale(2, "a", -3.5, place={"lat": 1, "lon": 2}), sale(3, None)
)
