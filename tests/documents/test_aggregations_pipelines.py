"""Pipelines: aggregations over the results of others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.aggregated import DAY, MONDAY, Sales, sale

DAILY: dict[str, Any] = {"field": "time", "calendar_interval": "day"}
TOTAL: dict[str, Any] = {"sum": {"field": "price"}}
MEAN: dict[str, Any] = {"avg": {"field": "price"}}


def week(*prices: float | None) -> Sales:
    """One sale a day at these prices; None is a day without a sale."""
    return Sales(*(sale(day, "a", price) for day, price in enumerate(prices) if price is not None))


def piped(sales: Sales, pipeline: dict[str, Any], over: dict[str, Any] = TOTAL) -> list[Any]:
    """What a pipeline shows in each daily bucket; None where it shows nothing."""
    buckets = sales.one("date_histogram", DAILY, number=over, pipe=pipeline)["buckets"]
    return [bucket["pipe"]["value"] if "pipe" in bucket else None for bucket in buckets]


def beside(sales: Sales, kind: str, **options: Any) -> Any:
    """What a sibling pipeline shows of the daily totals."""
    daily = {"date_histogram": DAILY, "aggs": {"number": TOTAL}}
    return sales.all(daily=daily, it={kind: {"buckets_path": "daily>number", **options}})["it"]


def test_derivative() -> None:
    assert piped(week(1, 4, 2), {"derivative": {"buckets_path": "number"}}) == [None, 3.0, -2.0]
    assert piped(week(1, 4), {"derivative": {"buckets_path": "_count"}}) == [None, 0.0]


def test_derivative_by_unit() -> None:
    pipe = {"derivative": {"buckets_path": "number", "unit": "hour"}}
    buckets = week(1, 25).one("date_histogram", DAILY, number=TOTAL, pipe=pipe)["buckets"]
    assert buckets[1]["pipe"] == {"value": 24.0, "normalized_value": 1.0}


def test_gaps_are_skipped_or_filled() -> None:
    sales = week(1, None, 4)
    assert piped(sales, {"derivative": {"buckets_path": "number"}}, MEAN) == [None, None, None]
    filled = {"derivative": {"buckets_path": "number", "gap_policy": "insert_zeros"}}
    assert piped(sales, filled, MEAN) == [None, -1.0, 4.0]


def test_cumulative_sum() -> None:
    assert piped(week(1, None, 4, 2), {"cumulative_sum": {"buckets_path": "number"}}) == [1.0, 1.0, 5.0, 7.0]


def test_serial_difference() -> None:
    assert piped(week(1, 4, 2), {"serial_diff": {"buckets_path": "number", "lag": 2}}) == [None, None, 1.0]


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ("MovingFunctions.max(values)", [None, 1.0, 4.0, 4.0]),
        ("MovingFunctions.min(values)", [None, 1.0, 1.0, 2.0]),
        ("MovingFunctions.sum(values)", [0.0, 1.0, 5.0, 6.0]),
        ("MovingFunctions.unweightedAvg(values)", [None, 1.0, 2.5, 3.0]),
        ("MovingFunctions.linearWeightedAvg(values)", [None, 0.5, 2.25, 2.0]),
        ("MovingFunctions.ewma(values, 0.5)", [None, 1.0, 2.5, 3.0]),
        ("MovingFunctions.stdDev(values, MovingFunctions.unweightedAvg(values))", [None, 0.0, 1.5, 1.0]),
        ("return values.length > 1 ? values[1] : -1", [-1.0, -1.0, 4.0, 2.0]),
    ],
)
def test_moving_functions_look_at_the_buckets_before(script: str, values: list[float | None]) -> None:
    pipe = {"moving_fn": {"buckets_path": "number", "window": 2, "script": script}}
    assert piped(week(1, 4, 2, 9), pipe) == values


def test_a_shift_takes_the_bucket_itself_in() -> None:
    pipe = {"moving_fn": {"buckets_path": "number", "window": 2, "shift": 1, "script": "MovingFunctions.sum(values)"}}
    assert piped(week(1, 4, 2), pipe) == [1.0, 5.0, 6.0]


def test_bucket_script() -> None:
    script = {"source": "params.total / params.count * params.factor", "params": {"factor": 10}}
    pipe = {"bucket_script": {"buckets_path": {"total": "number", "count": "_count"}, "script": script}}
    assert piped(week(1, None, 4), pipe) == [10.0, None, 40.0]


def test_bucket_script_up_to_6_knows_its_numbers_as_variables() -> None:
    sales = Sales(sale(0, "a", 2.0), version="6.8")
    options = {"field": "time", "interval": "day"}
    pipe = {"bucket_script": {"buckets_path": {"total": "number"}, "script": {"inline": "total + params.total"}}}
    assert sales.one("date_histogram", options, number=TOTAL, pipe=pipe)["buckets"][0]["pipe"] == {"value": 4.0}


def test_bucket_selector() -> None:
    pick = {"bucket_selector": {"buckets_path": {"total": "number"}, "script": "params.total > 1 && params.total < 9"}}
    assert week(1, 4, 9).keys("date_histogram", DAILY, number=TOTAL, pick=pick) == [MONDAY + DAY]


@pytest.mark.parametrize(
    ("options", "days"),
    [
        ({"sort": [{"number": {"order": "desc"}}]}, [1, 2, 0]),
        ({"sort": ["number"], "size": 2}, [0, 2]),
        ({"from": 1, "size": 1}, [1]),
        ({"sort": [{"_key": "desc"}]}, [2, 1, 0]),
        ({"sort": [{"_count": "desc"}, {"_key": "desc"}]}, [2, 1, 0]),
    ],
)
def test_bucket_sort(options: dict[str, Any], days: list[int]) -> None:
    keys = week(1, 4, 2).keys("date_histogram", DAILY, number=TOTAL, pipe={"bucket_sort": options})
    assert keys == [MONDAY + day * DAY for day in days]


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("avg_bucket", {"value": 3.0}),
        ("sum_bucket", {"value": 9.0}),
        ("max_bucket", {"value": 4.0, "keys": ["2024-01-02T00:00:00.000Z", "2024-01-04T00:00:00.000Z"]}),
        ("min_bucket", {"value": 1.0, "keys": ["2024-01-01T00:00:00.000Z"]}),
        ("stats_bucket", {"count": 3, "min": 1.0, "max": 4.0, "avg": 3.0, "sum": 9.0}),
    ],
)
def test_siblings_leave_gaps_out(kind: str, shown: Any) -> None:
    assert beside(week(1, 4, None, 4), kind) == shown


def test_siblings_of_nothing() -> None:
    assert beside(Sales(), "avg_bucket") == {"value": None}
    assert beside(Sales(), "sum_bucket") == {"value": 0.0}
    assert beside(Sales(), "max_bucket") == {"value": None, "keys": []}


def test_percentiles_of_buckets_are_the_nearest_values() -> None:
    found = beside(week(1, 2, 3, 4), "percentiles_bucket", percents=[0, 40, 50, 100])
    assert found == {"values": {"0.0": 1.0, "40.0": 2.0, "50.0": 3.0, "100.0": 4.0}}


def test_extended_stats_of_buckets() -> None:
    assert beside(week(1, 3), "extended_stats_bucket")["std_deviation"] == 1.0


def test_a_sibling_inside_another_aggregation_works_bucket_by_bucket() -> None:
    sales = Sales(sale(0, "a", 1), sale(1, "a", 3), sale(0, "b", 5))
    daily = {"date_histogram": DAILY, "aggs": {"number": TOTAL}}
    best = {"max_bucket": {"buckets_path": "daily>number"}}
    buckets = sales.one("terms", {"field": "shop"}, daily=daily, best=best)["buckets"]
    assert [bucket["best"]["value"] for bucket in buckets] == [3.0, 5.0]
    alone = sales.one("filter", {"term": {"shop": "a"}}, daily=daily, best=best)
    assert alone["best"]["value"] == 3.0


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("shops['a']>number", 1.0),
        ("shops['a']>_count", 1.0),
        ("shops._bucket_count", 2.0),
        ("spread.max", 5.0),
        ("middle[50.0]", 3.0),
        ("middle.50", 3.0),
        ("dear>number", 5.0),
        ("best", 5.0),
        ("_count", 2.0),
    ],
)
def test_paths(path: str, value: float) -> None:
    sales = Sales(sale(0, "a", 1), sale(0, "b", 5))
    subs = {
        "shops": {"terms": {"field": "shop"}, "aggs": {"number": TOTAL}},
        "spread": {"stats": {"field": "price"}},
        "middle": {"percentiles": {"field": "price"}},
        "dear": {"filter": {"range": {"price": {"gt": 2}}}, "aggs": {"number": TOTAL}},
        # Stands before what it needs: order in the request does not matter.
        "it": {"bucket_script": {"buckets_path": {"x": path}, "script": "params.x"}},
        "best": {"max_bucket": {"buckets_path": "shops>number"}},
    }
    assert sales.one("date_histogram", DAILY, **subs)["buckets"][0]["it"] == {"value": value}


def test_a_format_writes_the_number() -> None:
    assert beside(week(1, 4), "avg_bucket", format="0.00") == {"value": 2.5, "value_as_string": "2.50"}


NEEDS = "aggregation [pipe] must have a histogram, date_histogram or auto_date_histogram as parent"


@pytest.mark.parametrize(
    ("parent", "options", "pipe", "failure"),
    [
        ("terms", {"field": "shop"}, {"derivative": {"buckets_path": "number"}}, f"derivative {NEEDS}"),
        ("terms", {"field": "shop"}, {"cumulative_sum": {"buckets_path": "x"}}, "No aggregation found for path [x]"),
        (
            "date_histogram",
            {**DAILY, "min_doc_count": 1},
            {"serial_diff": {"buckets_path": "number"}},
            "parent histogram of serial_diff aggregation [pipe] must have min_doc_count of 0",
        ),
        (
            "terms",
            {"field": "shop"},
            {"bucket_sort": {}},
            "[pipe] is configured to perform nothing. Please set either of [sort, size, from] to use bucket_sort",
        ),
        (
            "terms",
            {"field": "shop"},
            {"max_bucket": {"buckets_path": "number"}},
            "Unable to find unqualified multi-bucket aggregation in buckets_path. Path must include a multi-bucket aggregation "
            "for aggregation [pipe] found :sum for buckets path: number",
        ),
    ],
)
def test_pipelines_in_the_wrong_place(parent: str, options: Any, pipe: Any, failure: str) -> None:
    error = Sales().refusal(it={parent: options, "aggs": {"number": TOTAL, "pipe": pipe}})
    assert (error.type, error.reason) == ("action_request_validation_exception", f"Validation Failed: 1: {failure};")


def test_siblings_look_through_single_buckets_and_keys_from_8_3() -> None:
    daily = {"date_histogram": {"field": "time", "fixed_interval": "1d"}, "aggs": {"number": TOTAL}}
    shops = {"terms": {"field": "shop"}, "aggs": {"daily": daily}}
    paid = {"filter": {"match_all": {}}, "aggs": {"shops": shops}}
    best = {"max_bucket": {"buckets_path": "paid>shops['a']>daily>number"}}
    documents = (sale(0, "a", 1), sale(1, "a", 3), sale(0, "b", 5))
    assert Sales(*documents).all(paid=paid, best=best)["best"]["value"] == 3.0
    error = Sales(*documents, version="8.2").refusal(paid=paid, best=best)
    assert "The first aggregation in buckets_path must be a multi-bucket aggregation" in str(error.reason)


def test_a_key_that_is_not_there_is_a_gap() -> None:
    subs = {
        "shops": {"terms": {"field": "shop"}, "aggs": {"number": TOTAL}},
        "it": {"bucket_script": {"buckets_path": {"x": "shops['b']>number"}, "script": "params.x"}},
    }
    buckets = Sales(sale(0, "a", 1), sale(1, "b", 2)).one("date_histogram", DAILY, **subs)["buckets"]
    assert "it" not in buckets[0]
    assert buckets[1]["it"] == {"value": 2.0}


@pytest.mark.parametrize("pipe", [{"bucket_sort": {"size": 1}}, {"bucket_script": {"buckets_path": "_count", "script": "1"}}])
def test_a_parent_pipeline_in_a_single_bucket(pipe: dict[str, Any]) -> None:
    error = Sales().refusal(it={"filter": {"match_all": {}}, "aggs": {"pipe": pipe}})
    assert error.reason == "Expected a multi bucket aggregation but got [InternalFilter] for aggregation [pipe]"


def test_a_parent_pipeline_at_the_top() -> None:
    error = Sales().refusal(shops={"terms": {"field": "shop"}}, it={"derivative": {"buckets_path": "shops"}})
    assert error.reason == "Validation Failed: 1: derivative aggregation [it] must be declared inside of another aggregation;"


def test_pipelines_that_wait_for_each_other() -> None:
    first, second = ({"bucket_script": {"buckets_path": {"x": name}, "script": "params.x"}} for name in ("second", "first"))
    error = Sales().refusal(it={"terms": {"field": "shop"}, "aggs": {"first": first, "second": second}})
    assert "Cyclical dependency found" in str(error.reason)


def test_a_path_to_several_numbers() -> None:
    script = {"bucket_script": {"buckets_path": {"x": "spread"}, "script": "params.x"}}
    error = week(1).refusal(it={"terms": {"field": "shop"}, "aggs": {"spread": {"stats": {"field": "price"}}, "pipe": script}})
    assert "contains multiple values. Please specify which to use." in str(error.reason)
