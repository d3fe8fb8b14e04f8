"""Buckets: which there are, in what order, and how they are shown."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.aggregated import DAY, MONDAY, Sales, sale, sold


def shops(*names: Any) -> Sales:
    """One sale a day in each of these shops."""
    return Sales(*(sale(day, name, float(day)) for day, name in enumerate(names)))


def test_terms_are_shown_most_frequent_first_ties_by_key() -> None:
    found = shops("b", "a", "c", "c").one("terms", {"field": "shop"})
    assert found == {
        "doc_count_error_upper_bound": 0,
        "sum_other_doc_count": 0,
        "buckets": [{"key": "c", "doc_count": 2}, {"key": "a", "doc_count": 1}, {"key": "b", "doc_count": 1}],
    }


def test_terms_beyond_the_size_are_counted_together() -> None:
    found = shops("a", "a", "b", "c").one("terms", {"field": "shop", "size": 1})
    assert found["sum_other_doc_count"] == 2
    assert [bucket["key"] for bucket in found["buckets"]] == ["a"]


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        ({"_key": "desc"}, ["c", "b", "a"]),
        ({"_count": "asc"}, ["a", "b", "c"]),
        ({"mean": "desc"}, ["c", "b", "a"]),
        ({"spread.max": "asc"}, ["a", "b", "c"]),
        ([{"_count": "desc"}, {"mean": "desc"}], ["c", "b", "a"]),
        ({"cheap>mean": "desc"}, ["b", "a", "c"]),
        ({"cheap": "desc"}, ["a", "b", "c"]),
    ],
)
def test_terms_are_ordered_as_asked(order: Any, keys: list[str]) -> None:
    mean = {"avg": {"field": "price"}}
    cheap = {"filter": {"range": {"price": {"lt": 2}}}, "aggs": {"mean": mean}}
    spread = {"stats": {"field": "price"}}
    sales = shops("a", "b", "c", "c")
    assert sales.keys("terms", {"field": "shop", "order": order}, mean=mean, cheap=cheap, spread=spread) == keys


def test_keys_of_numbers_booleans_and_dates() -> None:
    sales = Sales(sale(0, "a", 1.5, items=2, paid=True))
    assert sales.one("terms", {"field": "price"})["buckets"] == [{"key": 1.5, "doc_count": 1}]
    assert sales.one("terms", {"field": "items"})["buckets"] == [{"key": 2, "doc_count": 1}]
    assert sales.one("terms", {"field": "paid"})["buckets"] == [{"key": 1, "key_as_string": "true", "doc_count": 1}]
    assert sales.one("terms", {"field": "time"})["buckets"] == [
        {"key": MONDAY, "key_as_string": "2024-01-01T00:00:00.000Z", "doc_count": 1}
    ]
    assert type(sales.one("terms", {"field": "paid"})["buckets"][0]["key"]) is int


def test_a_document_counts_once_for_each_of_its_terms() -> None:
    assert Sales(sale(0, ["a", "b", "a"])).counts("terms", {"field": "shop"}) == {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({"include": "a.*"}, ["ab", "ac"]),
        ({"exclude": "a.*"}, ["b"]),
        ({"include": ["b", "ac"]}, ["ac", "b"]),
        ({"include": "a.*", "exclude": ["ab"]}, ["ac"]),
        ({"min_doc_count": 2}, []),
        ({"missing": "none"}, ["ab", "ac", "b", "none"]),
    ],
)
def test_terms_are_chosen(options: dict[str, Any], keys: list[str]) -> None:
    assert shops("ab", "ac", "b", None).keys("terms", {"field": "shop", **options}) == keys


def test_terms_without_documents_are_shown_when_asked_for() -> None:
    sales = shops("a", "b")
    options = {"field": "shop", "min_doc_count": 0}
    buckets = sales.one("terms", options, {"term": {"shop": "b"}}, mean={"avg": {"field": "price"}})["buckets"]
    assert buckets[1] == {"key": "a", "doc_count": 0, "mean": {"value": None}}


def test_each_bucket_shows_its_error_when_asked_for() -> None:
    found = shops("a").one("terms", {"field": "shop", "show_term_doc_count_error": True})
    assert found["buckets"] == [{"key": "a", "doc_count": 1, "doc_count_error_upper_bound": 0}]


def test_rare_terms() -> None:
    assert shops("a", "a", "b", "c").counts("rare_terms", {"field": "shop"}) == {"b": 1, "c": 1}


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=3), max_size=30))
def test_terms_agree_with_counting(names: list[list[str]]) -> None:
    expected = Counter(name for document in names for name in set(document))
    assert shops(*names).counts("terms", {"field": "shop"}) == expected


def test_histogram_fills_its_gaps() -> None:
    assert sold([-1, 0, 12]).counts("histogram", {"field": "price", "interval": 5}) == {-5.0: 1, 0.0: 1, 5.0: 0, 10.0: 1}
    assert sold([1, 12]).keys("histogram", {"field": "price", "interval": 5, "min_doc_count": 1}) == [0.0, 10.0]
    assert sold([1]).keys("histogram", {"field": "price", "interval": 5, "offset": 2}) == [-3.0]


def test_bounds_extend_and_limit_a_histogram() -> None:
    sales = sold([6, 11])
    bounds = {"min": 0, "max": 17}
    assert sales.keys("histogram", {"field": "price", "interval": 5, "extended_bounds": bounds}) == [0.0, 5.0, 10.0, 15.0]
    assert sales.keys("histogram", {"field": "price", "interval": 5, "hard_bounds": {"max": 8}}) == [5.0]


def test_a_keyed_histogram() -> None:
    found = sold([6]).one("histogram", {"field": "price", "interval": 5, "keyed": True})
    assert found == {"buckets": {"5.0": {"key": 5.0, "doc_count": 1}}}


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=40), st.integers(1, 50))
def test_histogram_agrees_with_counting(prices: list[int], interval: int) -> None:
    expected = Counter(float(price // interval * interval) for price in prices)
    found = sold([float(price) for price in prices]).counts("histogram", {"field": "price", "interval": interval})
    assert {key: count for key, count in found.items() if count} == expected
    assert list(found) == [float(key) for key in range(int(min(expected)), int(max(expected)) + 1, interval)]


def test_ranges_take_their_lower_end_and_not_their_upper() -> None:
    ranges = [{"from": 2}, {"to": 2}, {"from": 1, "to": 2, "key": "middle"}]
    assert sold([1, 1.5, 2]).one("range", {"field": "price", "ranges": ranges}) == {
        "buckets": [
            {"key": "*-2.0", "to": 2.0, "doc_count": 2},
            {"key": "middle", "from": 1.0, "to": 2.0, "doc_count": 2},
            {"key": "2.0-*", "from": 2.0, "doc_count": 1},
        ]
    }


def test_keyed_ranges() -> None:
    found = sold([1]).one("range", {"field": "price", "keyed": True, "ranges": [{"to": 2}]})
    assert found == {"buckets": {"*-2.0": {"to": 2.0, "doc_count": 1}}}


def test_ranges_of_dates_understand_date_maths() -> None:
    sales = Sales(sale(0, "a"), sale(30, "a"))
    options = {"field": "time", "format": "yyyy-MM-dd", "ranges": [{"from": "now-10d/d"}, {"to": "2024-01-10"}]}
    assert sales.one("date_range", options) == {
        "buckets": [
            {"key": "*-2024-01-10", "to": float(MONDAY + 9 * DAY), "to_as_string": "2024-01-10", "doc_count": 1},
            {"key": "2024-01-22-*", "from": float(MONDAY + 21 * DAY), "from_as_string": "2024-01-22", "doc_count": 1},
        ]
    }


def test_a_filter_and_filters() -> None:
    sales = shops("a", "b", "c")
    assert sales.one("filter", {"term": {"shop": "a"}}, mean={"avg": {"field": "price"}}) == {
        "doc_count": 1, "mean": {"value": 0.0},
    }  # fmt: skip
    queries = {"z": {"term": {"shop": "a"}}, "b": {"terms": {"shop": ["a", "b"]}}}
    found = sales.one("filters", {"filters": queries, "other_bucket_key": "rest"})
    assert found == {"buckets": {"b": {"doc_count": 2}, "z": {"doc_count": 1}, "rest": {"doc_count": 1}}}
    assert list(found["buckets"]) == ["b", "z", "rest"]
    assert sales.one("filters", {"filters": list(queries.values())}) == {"buckets": [{"doc_count": 1}, {"doc_count": 2}]}


def test_missing_and_global_look_beyond_the_query() -> None:
    sales = shops("a", "b", None)
    assert sales.one("missing", {"field": "shop"}) == {"doc_count": 1}
    assert sales.one("global", {}, {"term": {"shop": "a"}}) == {"doc_count": 3}


def test_nested_objects_are_documents_and_lead_back() -> None:
    lines = [{"ware": "tea", "pieces": 2}, {"ware": "tea", "pieces": 3}, {"ware": "jam", "pieces": 1}]
    sales = Sales(sale(0, "a", lines=lines), sale(1, "b", lines=lines[:1]))
    back = {"reverse_nested": {}, "aggs": {"shops": {"cardinality": {"field": "shop"}}}}
    wares = {"terms": {"field": "lines.ware"}, "aggs": {"pieces": {"sum": {"field": "lines.pieces"}}, "back": back}}
    found = sales.one("nested", {"path": "lines"}, wares=wares)
    assert found["doc_count"] == 4
    tea, jam = found["wares"]["buckets"]
    assert (tea["doc_count"], tea["pieces"]["value"], tea["back"]) == (3, 7.0, {"doc_count": 2, "shops": {"value": 2}})
    assert jam["back"] == {"doc_count": 1, "shops": {"value": 1}}


def test_nested_fields_have_no_values_outside() -> None:
    assert Sales(sale(0, "a", lines=[{"ware": "tea"}])).keys("terms", {"field": "lines.ware"}) == []


def test_meta_is_handed_back() -> None:
    found = sold([1]).all(it={"max": {"field": "price"}, "meta": {"colour": "red"}})
    assert found == {"it": {"meta": {"colour": "red"}, "value": 1.0}}
    assert next(iter(found["it"])) == "meta"
