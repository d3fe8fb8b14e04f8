"""Forecasts: asked for, computed, counted and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import VirtualClock
from tests.api.stored import HOUR, emulator, sources
from tests.support import Http

START_S = 1_403_481_600
FIRST_FREE = (START_S + 100 * 3600) * 1000


def learnt(version: str = "9.5", **settings: Any) -> Http:
    """An emulator whose open job "x" has had a hundred buckets."""
    fake = emulator(version, clock=VirtualClock(start="2017-04-11T08:30:00Z"), **settings)
    config = {"bucket_span": "1h", "detectors": [{"function": "mean", "field_name": "f", "by_field_name": "foo"}]}
    fake.put("x", {"analysis_config": config, "data_description": {"time_format": "epoch"}})
    fake.job("x", "_open")
    records = "\n".join(f'{{"time":{START_S + hour * 3600},"foo":"a","f":{50 + hour % 5}}}' for hour in range(101))
    fake.raw("POST", f"{fake.prefix}/anomaly_detectors/x/_data", records.encode(), content_type="application/json")
    return fake


def asked(fake: Http, query: str = "", body: Any = None) -> str:
    reply = fake.job("x", f"_forecast{query}", body)
    assert reply.status == 200, reply.body
    assert reply.body["acknowledged"] is True
    return str(reply.body["forecast_id"])


def points(fake: Http, forecast_id: str) -> list[dict[str, Any]]:
    found = sources(fake, ".ml-anomalies-x", result_type="model_forecast", forecast_id=forecast_id)
    return sorted(found, key=lambda point: int(point["timestamp"]))


def test_a_forecast_is_there_once_it_is_finished() -> None:
    fake = learnt()
    forecast_id = asked(fake, "?duration=3h")
    assert fake.stats("x")["forecasts_stats"]["status"] == {"started": 1}
    assert points(fake, forecast_id) == []
    fake.fake.clock.advance("1m")
    found = points(fake, forecast_id)
    assert [point["timestamp"] for point in found] == [FIRST_FREE + hour * HOUR for hour in range(3)]
    assert all(point["forecast_lower"] <= point["forecast_prediction"] <= point["forecast_upper"] for point in found)
    assert all(45 < point["forecast_prediction"] < 60 for point in found)
    assert {(point["by_field_name"], point["by_field_value"]) for point in found} == {("foo", "a")}


def test_what_is_known_of_a_forecast() -> None:
    fake = learnt()
    now = fake.fake.clock.now()
    forecast_id = asked(fake, body={"duration": "2h", "expires_in": "1d", "max_model_memory": "30mb"})
    fake.fake.clock.advance("1m")
    [stats] = sources(fake, ".ml-anomalies-x", result_type="model_forecast_request_stats")
    expected = {
        "job_id": "x",
        "forecast_id": forecast_id,
        "processed_record_count": 2,
        "forecast_messages": [],
        "timestamp": FIRST_FREE,
        "forecast_start_timestamp": FIRST_FREE,
        "forecast_end_timestamp": FIRST_FREE + 2 * HOUR,
        "forecast_create_timestamp": now,
        "forecast_expiry_timestamp": now + 24 * HOUR,
        "forecast_progress": 1.0,
        "forecast_status": "finished",
    }
    assert {name: stats[name] for name in expected} == expected
    assert stats["processing_time_ms"] > 0


def test_one_that_never_expires() -> None:
    fake = learnt()
    asked(fake, "?expires_in=0")
    [stats] = sources(fake, ".ml-anomalies-x", result_type="model_forecast_request_stats")
    assert "forecast_expiry_timestamp" not in stats


def test_how_long_it_takes_is_a_matter_of_delays() -> None:
    fake = learnt(delays={"forecast": "5m"})
    asked(fake)
    fake.fake.clock.advance("4m")
    assert fake.stats("x")["forecasts_stats"]["status"] == {"started": 1}
    fake.fake.clock.advance("1m")
    stats = fake.stats("x")["forecasts_stats"]
    assert stats["status"] == {"finished": 1}
    assert stats["processing_time_ms"] == {"total": 300_000.0, "min": 300_000.0, "avg": 300_000.0, "max": 300_000.0}
    assert stats["records"]["total"] == 24.0


def test_jobs_without_forecasts_have_none_in_their_statistics() -> None:
    assert learnt().stats("x")["forecasts_stats"] == {"total": 0, "forecasted_jobs": 0}


def test_what_a_closed_process_left_fails_at_the_next_opening() -> None:
    fake = learnt(delays={"forecast": "5m"})
    forecast_id = asked(fake)
    fake.job("x", "_close")
    fake.fake.clock.advance("10m")
    fake.job("x", "_open")
    [stats] = sources(fake, ".ml-anomalies-x", result_type="model_forecast_request_stats")
    assert (stats["forecast_status"], points(fake, forecast_id)) == ("failed", [])
    assert stats["forecast_messages"] == ["forecast unable to complete as native process was killed."]


@pytest.mark.parametrize(
    ("query", "kind", "reason"),
    [
        ("?duration=0", "illegal_argument_exception", "[duration] must be positive: [0ms]"),
        ("?duration=3651d", "illegal_argument_exception", "[duration] must be 3650d or less: [3651d]"),
        ("?duration=30m", "status_exception", "[duration] must be greater or equal to the bucket span: [30m/1h]"),
        ("?duration=long", "illegal_argument_exception", "failed to parse setting [duration] with value [long]"),
        ("?expires_in=-1", "illegal_argument_exception", "[expires_in] must be non-negative: [-1"),
        ("?max_model_memory=1kb", "illegal_argument_exception", "[max_model_memory] must be at least 1mb."),
        ("?max_model_memory=500mb", "status_exception", "[max_model_memory] must be less than 500mb"),
    ],
)
def test_refusals(query: str, kind: str, reason: str) -> None:
    reply = learnt().job("x", f"_forecast{query}")
    assert (reply.status, reply.type) == (400, kind)
    assert reason in reply.reason


@pytest.mark.parametrize(
    ("detector", "why"),
    [
        ({"function": "count"}, "Forecast cannot be executed as job requires data to have been processed and modeled"),
        ({"function": "count", "over_field_name": "o"}, "Forecast is not supported for population analysis"),
        ({"function": "rare", "by_field_name": "b"}, "Forecast is not supported for the used functions"),
    ],
)
def test_what_the_process_refuses(detector: dict[str, Any], why: str) -> None:
    fake = emulator()
    fake.put("x", {"analysis_config": {"detectors": [detector]}, "data_description": {}})
    fake.job("x", "_open")
    reply = fake.job("x", "_forecast")
    assert (reply.status, reply.reason) == (400, f"Cannot run forecast: {why}")


@pytest.mark.parametrize(
    ("version", "reason"),
    [("6.2", "Cannot perform requested action because job [x] is not open"), ("9.5", "because job [x] is not open")],
)
def test_a_job_that_is_not_open(version: str, reason: str) -> None:
    fake = learnt(version)
    fake.job("x", "_close")
    reply = fake.job("x", "_forecast")
    assert reply.status == 409
    assert reason in reply.reason


def test_memory_beyond_that_of_the_job_is_cut() -> None:
    fake = emulator()
    config = {"detectors": [{"function": "count"}], "bucket_span": "1h"}
    limits = {"model_memory_limit": "11mb"}
    fake.put("x", {"analysis_config": config, "analysis_limits": limits, "data_description": {"time_format": "epoch"}})
    fake.job("x", "_open")
    records = "\n".join(f'{{"time":{START_S + hour * 3600}}}' for hour in range(20))
    fake.job("x", "_data", records)
    asked(fake, "?max_model_memory=20mb")
    messages = [source["message"] for source in sources(fake, ".ml-notifications-000002", level="warning")]
    assert messages == [
        "requested forecast memory limit [20971520] bytes is greater than or equal to [4613734] bytes"
        " (40% of the job memory limit). Reducing to [4613733]."
    ]


def test_deleting() -> None:
    fake = learnt()
    first, second, third = (asked(fake, "?duration=2h") for _ in range(3))
    fake.fake.clock.advance("1m")
    assert fake.job("x", f"_forecast/{first},{second}", method="DELETE").body == {"acknowledged": True}
    assert [stats["forecast_id"] for stats in sources(fake, ".ml-anomalies-x", result_type="model_forecast_request_stats")] == [
        third
    ]
    assert (points(fake, first), len(points(fake, third))) == ([], 2)
    assert fake.job("x", "_forecast", method="DELETE").body == {"acknowledged": True}
    assert fake.stats("x")["forecasts_stats"]["total"] == 0


def test_one_that_runs_is_not_deleted() -> None:
    fake = learnt()
    forecast_id = asked(fake)
    reply = fake.job("x", "_forecast/_all", method="DELETE")
    assert reply.status == 409
    assert reply.reason == f"Forecast(s) [[{forecast_id}]] for job [x] needs to be either FAILED or FINISHED to be deleted"


@pytest.mark.parametrize(
    ("path", "status"),
    [("_forecast/nope", 404), ("_forecast/_all", 200), ("_forecast", 200), ("_forecast/*?allow_no_forecasts=false", 404)],
)
def test_forecasts_that_are_not_there(path: str, status: int) -> None:
    fake = learnt()
    assert fake.job("x", path, method="DELETE").status == status
    assert fake.job("no-such-job", path, method="DELETE").status == status
    if status == 404:
        assert "exists for job [x]" in fake.job("x", path, method="DELETE").reason
