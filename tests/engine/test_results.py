"""Documents: influencers, model plot, forecasts, sizes."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from fake_es.ml.config.job.analysis import analysis_of
from fake_es.ml.engine.engine import Engine
from tests.engine.noise import day
from tests.engine.support import HOUR, START, engine, events, feed, results, values

MEAN = {"function": "mean", "field_name": "value"}


def mixed(odd_host: str | None, function: str) -> list[dict[str, Any]]:
    """Sixty hours of three hosts; at the fiftieth one of them is slow, or sends too much."""
    source, records = random.Random(5), []
    for hour in range(60):
        for host in ("a", "b", "c"):
            is_odd = hour == 50 and host == odd_host
            for at in range(100 if is_odd and function == "count" else 10):
                value = source.gauss(100, 5) * (20 if is_odd else 1)
                records.append({"time": START + hour * HOUR + at, "value": value, "host": host, "zone": "z"})
    return records


@pytest.mark.parametrize("function", ["mean", "max", "sum", "count"])
def test_the_host_to_blame_is_named(function: str) -> None:
    detector = {"function": function} if function == "count" else MEAN | {"function": function}
    found = results(engine(detector, influencers=["host", "zone"]), mixed("b", function))
    record = max(found["record"], key=lambda record: record["record_score"])
    assert record["influencers"][0] == {"influencer_field_name": "host", "influencer_field_values": ["b"]}
    assert record["host"] == ["b"]
    named = {(i["influencer_field_name"], i["influencer_field_value"]): i for i in found["influencer"]}
    assert named["host", "b"]["influencer_score"] == pytest.approx(record["record_score"], abs=1)
    assert named["host", "b"]["host"] == "b"
    assert ("host", "a") not in named
    bucket = next(bucket for bucket in found["bucket"] if bucket["timestamp"] == record["timestamp"])
    assert {part["influencer_field_name"] for part in bucket["bucket_influencers"]} >= {"bucket_time", "host"}


def test_nobody_is_blamed_for_what_is_missing() -> None:
    judge = engine({"function": "low_count"}, influencers=["host"])
    found = results(judge, events([100 + at % 3 for at in range(60)] + [1, 100, 1], host="a"))
    assert found["record"]
    assert "influencer" not in found


def plotting(**plot: Any) -> Engine:
    config = {
        "bucket_span": "1h",
        "influencers": [],
        "detectors": [MEAN | {"detector_description": "", "by_field_name": "who"}],
    }
    return Engine("x", analysis_of({"analysis_config": config, "model_plot_config": plot}))


def test_model_plot() -> None:
    records = [record for who in ("a", "b") for record in values([100 + at % 5 for at in range(50)], who=who)]
    records.sort(key=lambda record: record["time"])
    found = results(plotting(enabled=True, terms="b"), records)["model_plot"]
    assert {plot["by_field_value"] for plot in found} == {"b"}
    last = found[-1]
    assert last["model_lower"] < last["model_median"] < last["model_upper"]
    assert last["actual"] == pytest.approx(102, abs=2)
    assert last["model_feature"] == "'arithmetic mean value by person'"
    assert "model_plot" not in results(plotting(enabled=False), records)


def test_a_forecast_goes_on_with_cycle_and_trend() -> None:
    source = random.Random(2)
    judge = engine(MEAN)
    feed(judge, values([day(hour) + hour * 0.2 + source.gauss(0, 3) for hour in range(28 * 24)]))
    judge.take_results()
    forecast = list(judge.forecast(3 * 24 * HOUR))
    assert len(forecast) == 72
    errors = []
    for ahead, document in enumerate(forecast):
        hour = (document["timestamp"] - START) // HOUR
        assert document["forecast_lower"] < document["forecast_prediction"] < document["forecast_upper"]
        errors.append(abs(document["forecast_prediction"] - day(hour) - hour * 0.2))
        assert ahead == hour - (28 * 24 - 1)
    assert sum(errors) / len(errors) < 15
    width = [document["forecast_upper"] - document["forecast_lower"] for document in (forecast[0], forecast[48])]
    assert width[1] >= width[0]


def test_no_forecast_of_what_was_not_learnt() -> None:
    assert list(engine(MEAN).forecast(HOUR)) == []
    judge = engine({"function": "rare", "by_field_name": "value"})
    feed(judge, values([1.0] * 30))
    assert list(judge.forecast(24 * HOUR)) == []


def test_a_model_that_outgrows_its_limit() -> None:
    judge = engine(MEAN | {"partition_field_name": "who"}, limits={"model_memory_limit": "1mb"})
    seen = []
    for hour in range(40):
        feed(judge, [{"time": START + hour * HOUR, "value": 1, "who": f"{hour} {number}"} for number in range(2)])
        seen.append(judge.model_size()["memory_status"])
    assert list(dict.fromkeys(seen)) == ["ok", "soft_limit", "hard_limit"]
    size = judge.model_size()
    assert size["bucket_allocation_failures_count"] > 0
    assert size["model_bytes"] <= size["peak_model_bytes"] < 1.2 * 1024 * 1024
    assert size["total_partition_field_count"] == 78


def test_series_that_fall_silent_are_forgotten() -> None:
    judge = engine(MEAN | {"partition_field_name": "who"}, model_prune_window="20h")
    feed(judge, [{"time": START + hour * HOUR, "value": 1, "who": "old" if hour < 30 else "new"} for hour in range(60)])
    assert [entry[0][0] for entry in judge.state()["detectors"]["models"][0]] == ["new"]


def test_no_number_is_anything_but_finite() -> None:
    source = random.Random(11)
    judge = engine(MEAN, {"function": "sum", "field_name": "value"}, {"function": "varp", "field_name": "value"})
    wild = [source.choice([0, -1e300, 1e300, 1e-300, 5, -7.5, 2**70]) for _ in range(300)]
    found = results(judge, values(wild))
    numbers = [number for record in found["record"] for key in ("actual", "typical") for number in record[key]]
    assert all(math.isfinite(number) for number in numbers)
    assert all(0 <= bucket["anomaly_score"] <= 100 for bucket in found["bucket"])
