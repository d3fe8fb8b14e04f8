"""What each detector function sees, and on which side it looks."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.engine.support import HOUR, START, Document, engine, results

_SPIKE_AT = 80


def noisy(make: Any, odd: Any, seed: int = 7) -> list[dict[str, Any]]:
    """Eighty-two hours of records; those of the eightieth are ``odd``."""
    source = random.Random(seed)
    hours = [odd(source) if hour == _SPIKE_AT else make(source) for hour in range(_SPIKE_AT + 2)]
    return [
        {"time": START + hour * HOUR + at, **record} for hour, records in enumerate(hours) for at, record in enumerate(records)
    ]


def numbers(low: float, high: float, often: int = 10) -> Any:
    return lambda source: [{"value": source.uniform(low, high)} for _ in range(often)]


def words(many: int) -> Any:
    return lambda source: [{"value": f"word {source.randrange(many)}"} for _ in range(40)]


def at_spike(records: list[dict[str, Any]], function: str, **fields: Any) -> list[Document]:
    found = results(engine({"function": function, **fields}), records)
    return [record for record in found.get("record", ()) if record["timestamp"] == START + _SPIKE_AT * HOUR]


@pytest.mark.parametrize(
    ("function", "actual"),
    [("mean", 1000), ("avg", 1000), ("median", 1000), ("min", 1000), ("max", 1000), ("sum", 10_000), ("non_null_sum", 10_000)],
)
@pytest.mark.parametrize("side", ["", "high_"])
def test_values_that_rise(function: str, actual: float, side: str) -> None:
    if side and function in ("min", "max"):
        pytest.skip("there is no such function")
    odd = lambda source: [{"value": 1000}] * 10  # noqa: E731
    (record,) = at_spike(noisy(numbers(90, 110), odd), side + function, field_name="value")
    assert record["actual"] == [actual]
    assert record["typical"][0] == pytest.approx(actual / 10, rel=0.1)
    assert record["function"] == side + function
    assert record["function_description"] == ("mean" if function == "avg" else function.removeprefix("non_null_"))
    assert record["field_name"] == "value"
    assert record["record_score"] > 75
    assert record["anomaly_score_explanation"]["anomaly_type"] == "spike"


@pytest.mark.parametrize("function", ["mean", "median", "sum"])
def test_the_other_side_is_not_looked_at(function: str) -> None:
    odd = lambda source: [{"value": 1}] * 10  # noqa: E731
    records = noisy(numbers(90, 110), odd)
    assert at_spike(records, f"high_{function}", field_name="value") == []
    (record,) = at_spike(records, f"low_{function}", field_name="value")
    assert record["anomaly_score_explanation"]["anomaly_type"] == "dip"


def test_metric_looks_at_mean_least_and_greatest() -> None:
    odd = lambda source: [{"value": 100}] * 9 + [{"value": 1000}]  # noqa: E731
    found = at_spike(noisy(numbers(90, 110), odd), "metric", field_name="value")
    assert {record["function_description"] for record in found if record["record_score"] > 25} == {"mean", "max"}


def test_scatter_is_a_value_too() -> None:
    records = noisy(numbers(90, 110), numbers(0, 1000))
    (record,) = at_spike(records, "high_varp", field_name="value")
    assert record["actual"][0] > 20 * record["typical"][0]


@pytest.mark.parametrize(("function", "side"), [("distinct_count", "high_"), ("info_content", "")])
def test_kinds_of_texts(function: str, side: str) -> None:
    (record,) = at_spike(noisy(words(4), words(1000)), side + function, field_name="value")
    assert record["actual"][0] > 3 * record["typical"][0]


@pytest.mark.parametrize("function", ["count", "high_count", "non_zero_count", "high_non_zero_count"])
def test_many_events(function: str) -> None:
    (record,) = at_spike(noisy(numbers(0, 1), numbers(0, 1, 100)), function)
    assert record["actual"] == [100.0]
    assert "field_name" not in record


def test_no_events_are_a_count_but_no_value() -> None:
    records = noisy(numbers(90, 110, 40), numbers(0, 0, 0))
    assert at_spike(records, "low_count")[0]["actual"] == [0.0]
    assert at_spike(records, "sum", field_name="value")[0]["actual"] == [0.0]
    assert at_spike(records, "non_zero_count") == []
    assert at_spike(records, "mean", field_name="value") == []


@pytest.mark.parametrize("seed", range(5))
def test_a_value_never_seen_is_rare(seed: int) -> None:
    ordinary: Any = lambda source: [{"value": f"v{source.randrange(3)}"} for _ in range(10)]  # noqa: E731
    odd = lambda source: [*ordinary(source), {"value": "new"}]  # noqa: E731
    (record,) = at_spike(noisy(ordinary, odd, seed), "rare", by_field_name="value")
    assert record["by_field_value"] == "new"
    assert record["actual"] == [1.0]
    assert record["record_score"] > 50


def test_what_only_one_of_many_does_often() -> None:
    members = [f"m{number}" for number in range(30)]
    ordinary: Any = lambda source: [{"who": who, "value": f"v{source.randrange(3)}"} for who in members for _ in range(3)]  # noqa: E731
    odd = lambda source: ordinary(source) + [{"who": "m7", "value": "secret"}] * 50  # noqa: E731
    records = noisy(ordinary, odd)
    for function in ("rare", "freq_rare"):
        (record,) = at_spike(records, function, by_field_name="value", over_field_name="who")
        assert record["over_field_value"] == "m7"
        assert record["causes"][0]["by_field_value"] == "secret"
        assert record["record_score"] > 25


@pytest.mark.parametrize("function", ["time_of_day", "time_of_week"])
def test_an_event_in_the_night(function: str) -> None:
    working = [
        {"time": START + day * 24 * HOUR + hour * HOUR + 600_000}
        for day in range(28)
        for hour in range(9, 18)
        for _ in range(3)
        if day % 7 < 5
    ]
    night = START + 28 * 24 * HOUR + 3 * HOUR
    found = results(engine({"function": function}), [*working, {"time": night}, {"time": night + 2 * HOUR}])
    odd = [record for record in found["record"] if record["timestamp"] == night]
    assert [record["function_description"] for record in odd] == ["time"]
    assert odd[0]["record_score"] > 25
    assert odd[0]["anomaly_score_explanation"].keys() == {"single_bucket_impact"}
    assert all(record["record_score"] < 25 for record in found["record"] if record["timestamp"] < night)


def test_a_place_far_away() -> None:
    home: Any = lambda source: [{"value": f"{40.7 + source.gauss(0, 0.05)},{-74 + source.gauss(0, 0.05)}"} for _ in range(5)]  # noqa: E731
    odd = lambda source: [*home(source), {"value": "35.7,139.7"}, {"value": "nowhere"}]  # noqa: E731
    (record,) = at_spike(noisy(home, odd), "lat_long", field_name="value")
    assert record["actual"] == [35.7, 139.7]
    assert record["typical"] == pytest.approx([40.7, -74], abs=0.2)
    assert record["geo_results"]["actual_point"] == "35.7,139.7"
    assert record["anomaly_score_explanation"] == {}
    assert record["record_score"] > 75


def test_values_that_are_none_are_left_out() -> None:
    odd = lambda source: [{"value": "nothing"}, {"value": None}, {}, {"value": float("nan")}, {"value": "101"}]  # noqa: E731
    assert at_spike(noisy(numbers(90, 110), odd), "mean", field_name="value") == []
