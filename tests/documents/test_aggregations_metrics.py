"""Metrics: their numbers, and how they are shown."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.documents.aggregated import MONDAY, Sales, sale, sold


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("min", 1.0),
        ("max", 5.0),
        ("avg", 8 / 3),
        ("sum", 8.0),
        ("value_count", 3),
        ("cardinality", 3),
        ("median_absolute_deviation", 1.0),
    ],
)
def test_a_metric_is_one_number(kind: str, value: float) -> None:
    assert sold([2, 1, 5]).one(kind, {"field": "price"}) == {"value": pytest.approx(value)}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("min", None), ("max", None), ("avg", None), ("sum", 0.0), ("value_count", 0), ("cardinality", 0),
     ("median_absolute_deviation", None), ("weighted_avg", None)],
)  # fmt: skip
@pytest.mark.parametrize("field", ["price", "unknown"])
def test_nothing_has_no_extremes_and_no_mean_but_a_sum(kind: str, value: Any, field: str) -> None:
    source = {"field": field}
    options = {"value": source, "weight": source} if kind == "weighted_avg" else source
    assert Sales(sale(0, "a")).one(kind, options) == {"value": value}


def test_whole_fields_give_fractions_but_counts_are_whole() -> None:
    sales = Sales(sale(0, "a", items=3))
    assert type(sales.one("max", {"field": "items"})["value"]) is float
    assert type(sales.one("cardinality", {"field": "items"})["value"]) is int


def test_dates_and_booleans_are_also_written() -> None:
    sales = Sales(sale(0, "a", paid=True))
    assert sales.one("max", {"field": "time"}) == {"value": float(MONDAY), "value_as_string": "2024-01-01T00:00:00.000Z"}
    assert sales.one("min", {"field": "paid"}) == {"value": 1.0, "value_as_string": "true"}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("0.00", "1234.57"),
        ("#,##0.0", "1,234.6"),
        ("0", "1235"),
        ("00000", "01235"),
        ("$#,###", "$1,235"),
        ("0.0#####", "1234.567"),
    ],
)
def test_a_format_is_a_decimal_pattern(pattern: str, text: str) -> None:
    assert sold([1234.567]).one("sum", {"field": "price", "format": pattern})["value_as_string"] == text


def test_all_values_of_a_document_count() -> None:
    assert Sales(sale(0, "a", [1.0, 3.0])).one("avg", {"field": "price"}) == {"value": 2.0}


def test_a_missing_value_is_stood_in_for() -> None:
    assert Sales(sale(0, "a"), sale(1, "a", 4.0)).one("avg", {"field": "price", "missing": 2}) == {"value": 3.0}


def test_stats() -> None:
    assert sold([2, 1, 5]).one("stats", {"field": "price"}) == {
        "count": 3, "min": 1.0, "max": 5.0, "avg": pytest.approx(8 / 3), "sum": 8.0,
    }  # fmt: skip
    assert sold([]).one("stats", {"field": "price"}) == {"count": 0, "min": None, "max": None, "avg": None, "sum": 0.0}


def test_extended_stats() -> None:
    found = sold([1, 2, 3, 4]).one("extended_stats", {"field": "price", "sigma": 1})
    assert found["sum_of_squares"] == 30.0
    assert found["variance"] == found["variance_population"] == pytest.approx(1.25)
    assert found["variance_sampling"] == pytest.approx(5 / 3)
    bounds = found["std_deviation_bounds"]
    assert bounds["upper"] == bounds["upper_population"] == pytest.approx(2.5 + math.sqrt(1.25))
    assert bounds["lower_sampling"] == pytest.approx(2.5 - math.sqrt(5 / 3))


def test_extended_stats_are_also_written() -> None:
    found = sold([1, 3]).one("extended_stats", {"field": "price", "format": "0.0"})
    assert found["std_deviation_as_string"] == "1.0"
    assert found["std_deviation_bounds_as_string"]["upper"] == "4.0"


def test_one_value_has_no_sampling_variance() -> None:
    assert sold([1]).one("extended_stats", {"field": "price"})["variance_sampling"] == "NaN"


def test_extended_stats_of_nothing_are_null() -> None:
    found = sold([]).one("extended_stats", {"field": "price"})
    assert found["variance"] is None
    assert set(found["std_deviation_bounds"].values()) == {None}


def test_sampling_came_with_7_9() -> None:
    assert "variance_sampling" not in Sales(version="7.8").one("extended_stats", {"field": "price"})
    assert "variance_sampling" in Sales(version="7.9").one("extended_stats", {"field": "price"})


def test_weighted_mean() -> None:
    sales = Sales(sale(0, "a", 1.0, items=3), sale(1, "a", 2.0, items=1), sale(2, "a", 9.0))
    options: dict[str, Any] = {"value": {"field": "price"}, "weight": {"field": "items"}}
    assert sales.one("weighted_avg", options) == {"value": 1.25}
    options["weight"] = {"field": "items", "missing": 4}
    assert sales.one("weighted_avg", options) == {"value": 41 / 8}


@pytest.mark.parametrize(
    ("version", "values"),
    [("6.8", [38.5, 76.0, 113.5]), ("7.17", [26.0, 76.0, 126.0]), ("8.8", [26.0, 76.0, 126.0]), ("8.9", [38.5, 76.0, 113.5])],
)
def test_percentiles_interpolate_as_the_digest_of_the_release(version: str, values: list[float]) -> None:
    sales = Sales(*(sale(day, "a", price) for day, price in enumerate([1.0, 51.0, 101.0, 151.0])), version=version)
    found = sales.one("percentiles", {"field": "price", "percents": [25, 50, 75]})
    assert found == {"values": dict(zip(("25.0", "50.0", "75.0"), values))}


def test_percentiles_by_default_and_as_a_list() -> None:
    found = sold([5]).one("percentiles", {"field": "price"})["values"]
    assert list(found) == ["1.0", "5.0", "25.0", "50.0", "75.0", "95.0", "99.0"]
    listed = sold([5]).one("percentiles", {"field": "price", "percents": [50], "keyed": False})
    assert listed == {"values": [{"key": 50.0, "value": 5.0}]}
    assert sold([]).one("percentiles", {"field": "price", "percents": 50}) == {"values": {"50.0": None}}


def test_percentile_ranks() -> None:
    found = sold([1, 2, 3, 4]).one("percentile_ranks", {"field": "price", "values": [0, 1, 2.5, 3, 4, 9]})
    assert found == {"values": {"0.0": 0.0, "1.0": 12.5, "2.5": 50.0, "3.0": 50.0, "4.0": 87.5, "9.0": 100.0}}


def test_places() -> None:
    sales = Sales(sale(0, "a", place={"lat": 10, "lon": 20}), sale(1, "a", place={"lat": 20, "lon": 40}))
    assert sales.one("geo_centroid", {"field": "place"}) == {"location": {"lat": 15.0, "lon": 30.0}, "count": 2}
    assert sales.one("geo_bounds", {"field": "place"}) == {
        "bounds": {"top_left": {"lat": 20.0, "lon": 20.0}, "bottom_right": {"lat": 10.0, "lon": 40.0}}
    }
    assert sold([1]).one("geo_centroid", {"field": "place"}) == {"count": 0}
    assert sold([1]).one("geo_bounds", {"field": "place"}) == {}


def test_a_box_may_cross_the_date_line() -> None:
    sales = Sales(sale(0, "a", place={"lat": 0, "lon": 170}), sale(1, "a", place={"lat": 0, "lon": -170}))
    assert sales.one("geo_bounds", {"field": "place"})["bounds"]["top_left"]["lon"] == 170.0
    straight = sales.one("geo_bounds", {"field": "place", "wrap_longitude": False})
    assert straight["bounds"]["top_left"]["lon"] == -170.0


def test_top_hits_are_hits() -> None:
    sales = sold([1, 5, 3, 4])
    hits = sales.one("top_hits", {"size": 2, "sort": [{"price": "desc"}]})["hits"]
    assert [hit["_source"]["price"] for hit in hits["hits"]] == [5, 4]
    assert hits["hits"][0]["sort"] == [5.0]
    assert hits["total"] == {"value": 4, "relation": "eq"}
    assert hits["max_score"] is None
    assert len(sales.one("top_hits", {})["hits"]["hits"]) == 3


@pytest.mark.parametrize(
    ("wanted", "source"),
    [
        (False, None),
        ("price", {"price": 1.0}),
        (["pr*", "shop"], {"shop": "a", "price": 1.0}),
        ({"excludes": ["time"]}, {"shop": "a", "price": 1.0}),
        ({"includes": ["time", "shop"], "excludes": "t*"}, {"shop": "a"}),
    ],
)
def test_top_hits_show_as_much_of_the_source_as_is_wanted(wanted: Any, source: Any) -> None:
    assert sold([1.0]).one("top_hits", {"_source": wanted})["hits"]["hits"][0].get("_source") == source


def test_top_hits_below_nested_say_where_they_stand() -> None:
    sales = Sales(sale(0, "a", lines=[{"ware": "tea"}, {"ware": "jam"}]))
    found = sales.one("nested", {"path": "lines"}, top={"top_hits": {"sort": "lines.ware", "size": 1}})
    hit = found["top"]["hits"]["hits"][0]
    assert (hit["_nested"], hit["_source"]) == ({"field": "lines", "offset": 1}, {"ware": "jam"})


def test_top_hits_show_versions_and_refuse_what_is_not_here() -> None:
    sales = sold([1.0])
    hit = sales.one("top_hits", {"version": True, "seq_no_primary_term": True})["hits"]["hits"][0]
    assert (hit["_version"], hit["_seq_no"], hit["_primary_term"]) == (1, 0, 1)
    assert sales.refusal(it={"top_hits": {"highlight": {"fields": {}}}}).status == 501


def test_top_hits_count_plainly_up_to_6() -> None:
    assert Sales(sale(0, "a"), version="6.8").one("top_hits", {})["hits"]["total"] == 1


def test_top_metrics() -> None:
    sales = sold([1, 5, 3])
    options = {"metrics": [{"field": "price"}, {"field": "time"}], "sort": {"price": "desc"}}
    assert sales.one("top_metrics", options) == {
        "top": [{"sort": [5.0], "metrics": {"price": 5.0, "time": "2024-01-02T00:00:00.000Z"}}]
    }
    assert Sales().one("top_metrics", options) == {"top": []}


def test_scripts_calculate_values() -> None:
    sales = Sales(sale(0, "a", 2.0, items=3), sale(1, "a", 1.0, items=1))
    assert sales.one("sum", {"script": "doc['price'].value * doc['items'].value"}) == {"value": 7.0}
    assert sales.one("sum", {"field": "price", "script": {"source": "_value * params.x", "params": {"x": 10}}}) == {
        "value": 30.0
    }
    assert sales.keys("terms", {"script": "doc['shop'].value + '-' + doc['items'].value"}) == ["a-1", "a-3"]


def test_a_script_that_fails() -> None:
    error = Sales(sale(0, "a")).refusal(it={"sum": {"script": "doc['price'].value"}})
    assert error.type == "script_exception"
    assert error.status == 400
    assert error.cause is not None
    assert str(error.cause.reason).startswith("A document doesn't have a value for a field!")
