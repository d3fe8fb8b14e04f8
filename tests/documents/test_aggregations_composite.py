"""``composite``: combinations, their order, and their pages."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.documents.aggregated import DAY, MONDAY, Sales, sale

SHOP = {"shop": {"terms": {"field": "shop"}}}
DAYS = {"day": {"date_histogram": {"field": "time", "calendar_interval": "day"}}}


def test_keys_are_combinations_in_order() -> None:
    sales = Sales(sale(1, "b", 1), sale(0, "b", 1), sale(0, ["a", "b"], 1))
    found = sales.one("composite", {"sources": [DAYS, SHOP]}, total={"sum": {"field": "price"}})
    assert found == {
        "after_key": {"day": MONDAY + DAY, "shop": "b"},
        "buckets": [
            {"key": {"day": MONDAY, "shop": "a"}, "doc_count": 1, "total": {"value": 1.0}},
            {"key": {"day": MONDAY, "shop": "b"}, "doc_count": 2, "total": {"value": 2.0}},
            {"key": {"day": MONDAY + DAY, "shop": "b"}, "doc_count": 1, "total": {"value": 1.0}},
        ],
    }


def test_an_empty_page_has_no_after_key() -> None:
    assert Sales().one("composite", {"sources": [SHOP]}) == {"buckets": []}


def test_sources_have_orders_of_their_own() -> None:
    sales = Sales(sale(0, "a"), sale(1, "b"), sale(1, "a"))
    sources = [{"shop": {"terms": {"field": "shop", "order": "desc"}}}, DAYS]
    assert sales.keys("composite", {"sources": sources}) == [
        {"shop": "b", "day": MONDAY + DAY},
        {"shop": "a", "day": MONDAY},
        {"shop": "a", "day": MONDAY + DAY},
    ]


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({}, ["a"]),
        ({"missing_bucket": True}, [None, "a"]),
        ({"missing_bucket": True, "order": "desc"}, ["a", None]),
        ({"missing_bucket": True, "missing_order": "last"}, ["a", None]),
        ({"missing_bucket": True, "missing_order": "first", "order": "desc"}, [None, "a"]),
    ],
)
def test_documents_without_a_value(options: dict[str, Any], keys: list[Any]) -> None:
    source = {"shop": {"terms": {"field": "shop", **options}}}
    found = Sales(sale(0, "a"), sale(0, None)).keys("composite", {"sources": [source]})
    assert [key["shop"] for key in found] == keys


def test_numbers_booleans_and_formatted_dates() -> None:
    sources = [
        {"price": {"histogram": {"field": "price", "interval": 5}}},
        {"paid": {"terms": {"field": "paid"}}},
        {"day": {"date_histogram": {"field": "time", "fixed_interval": "1d", "format": "yyyy-MM-dd"}}},
    ]
    sales = Sales(sale(0, "a", 7, paid=True))
    key = {"price": 5.0, "paid": True, "day": "2024-01-01"}
    assert sales.keys("composite", {"sources": sources}) == [key]
    assert sales.keys("composite", {"sources": sources, "after": key}) == []


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 3)), max_size=20),
    st.integers(1, 5),
    st.sampled_from(["asc", "desc"]),
)
def test_pages_together_are_the_whole(documents: list[tuple[str, int]], size: int, order: str) -> None:
    sales = Sales(*(sale(0, shop, items=items) for shop, items in documents))
    sources = [{"shop": {"terms": {"field": "shop", "order": order}}}, {"items": {"terms": {"field": "items"}}}]
    options: dict[str, Any] = {"sources": sources, "size": size}
    pages = []
    while True:
        page = sales.one("composite", options)
        assert len(page["buckets"]) <= size
        if not page["buckets"]:
            break
        pages += [(bucket["key"]["shop"], bucket["key"]["items"]) for bucket in page["buckets"]]
        options["after"] = page["after_key"]
    shops = sorted("abcd", reverse=order == "desc")
    assert pages == [key for key in product(shops, range(4)) if key in documents]


def test_after_may_name_a_key_that_is_not_there() -> None:
    sales = Sales(sale(0, "a"), sale(0, "c"))
    assert sales.keys("composite", {"sources": [SHOP], "after": {"shop": "b"}}) == [{"shop": "c"}]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"sources": []}, "Composite [sources] cannot be null or empty"),
        ({"sources": [SHOP], "size": 0}, "[size] must be greater than 0. Found [0] in [it]"),
        ({"sources": [SHOP, SHOP]}, "Composite source names must be unique, found duplicates: [shop]"),
        ({"sources": [SHOP], "after": {}}, "[after] has 0 value(s) but [sources] has 1"),
        ({"sources": [SHOP], "after": {"ware": "x"}}, "Missing value for [after.shop]"),
        ({"sources": [SHOP], "after": {"shop": {}}}, "invalid value for [shop]: {}"),
        ({"sources": [DAYS], "after": {"day": "tea"}}, 'For input string: "tea"'),
    ],
)
def test_requests_that_are_refused(options: dict[str, Any], reason: str) -> None:
    error = Sales(sale(0, "a")).refusal(it={"composite": options})
    assert (error.type, error.reason) == ("illegal_argument_exception", reason)


def test_composite_stands_at_the_top() -> None:
    inner = {"composite": {"sources": [SHOP]}}
    error = Sales().refusal(it={"terms": {"field": "shop"}, "aggs": {"inner": inner}})
    assert error.reason == "[composite] aggregation cannot be used with a parent aggregation of type: [TermsAggregatorFactory]"
    assert Sales().one("filter", {"match_all": {}}, inner=inner) == {"doc_count": 0, "inner": {"buckets": []}}


def test_composite_came_with_6_1_and_its_after_key_with_6_3() -> None:
    assert Sales(version="6.0").refusal(it={"composite": {"sources": [SHOP]}}).type == "unknown_named_object_exception"
    assert "after_key" not in Sales(sale(0, "a"), version="6.2").one("composite", {"sources": [SHOP]})
    assert "after_key" in Sales(sale(0, "a"), version="6.3").one("composite", {"sources": [SHOP]})
