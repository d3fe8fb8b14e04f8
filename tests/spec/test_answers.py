"""Answers of the job APIs and of buckets, held against the specification."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.spec.answering import Checked, checked
from tests.spec.validator import check, needs_specification
from tests.support import JOB

pytestmark = needs_specification

HOUR = 3600
START = 1_403_481_600
JOB_APIS = {
    "ml.put_job", "ml.get_jobs", "ml.update_job", "ml.delete_job", "ml.open_job", "ml.close_job", "ml.flush_job",
    "ml.post_data", "ml.get_job_stats", "ml.get_buckets",
}  # fmt: skip

# A job in which every part of a configuration occurs.
FULL_JOB: dict[str, Any] = {
    "description": "All there is",
    "groups": ["flights"],
    "analysis_config": {
        "bucket_span": "15m",
        "latency": "1m",
        "summary_count_field_name": "n",
        "influencers": ["airline"],
        "categorization_field_name": "message",
        "per_partition_categorization": {"enabled": True, "stop_on_warn": True},
        "detectors": [
            {
                "function": "high_mean",
                "field_name": "responsetime",
                "partition_field_name": "airline",
                "use_null": True,
                "custom_rules": [
                    {
                        "actions": ["skip_result"],
                        "conditions": [{"applies_to": "actual", "operator": "lt", "value": 5.0}],
                        "scope": {"airline": {"filter_id": "safe", "filter_type": "include"}},
                    }
                ],
            },
            {"function": "count", "by_field_name": "mlcategory", "partition_field_name": "airline", "exclude_frequent": "by"},
        ],
    },
    "analysis_limits": {"model_memory_limit": "64mb", "categorization_examples_limit": 5},
    "data_description": {"time_field": "time", "time_format": "yyyy-MM-dd HH:mm:ssX"},
    "model_plot_config": {"enabled": True, "annotations_enabled": True, "terms": "AAL"},
    "background_persist_interval": "2h",
    "renormalization_window_days": 30,
    "model_snapshot_retention_days": 7,
    "daily_model_snapshot_retention_after_days": 3,
    "results_retention_days": 60,
    "custom_settings": {"team": {"name": "ops"}},
    "results_index_name": "flights",
    "allow_lazy_open": True,
}


def records(hours: int) -> str:
    """A record for every hour."""
    return "\n".join(
        json.dumps({"time": START + hour * HOUR, "airline": "AAL", "responsetime": 1.5 + hour}) for hour in range(hours)
    )


@pytest.mark.parametrize("release", ["9.0", "9.5"])
def test_the_life_of_a_job(release: str) -> None:
    fake = checked(release)
    assert fake.put("x").status == 200
    assert fake.job("x", "_open").status == 200
    assert fake.job("x", "_data", records(12)).status == 202
    assert fake.job("x", "_flush", {"calc_interim": True}).status == 200
    assert fake.stats("x")["state"] == "opened"
    assert fake.job("x", "_update", {"description": "Flights"}).status == 200
    assert fake.job("x", "_close").status == 200
    assert fake.job("x", method="GET").body["jobs"][0]["model_snapshot_id"]
    assert fake.stats("x")["state"] == "closed"
    assert fake.job("x", "results/buckets", method="GET").body["count"] > 0
    assert fake.job("x", method="DELETE").status == 200
    assert fake.seen.keys() == JOB_APIS


@pytest.mark.parametrize("release", ["9.0", "9.5"])
def test_a_job_with_everything(release: str) -> None:
    fake = checked(release)
    check("ml.put_job", FULL_JOB, part="request")
    assert fake.put("full", FULL_JOB).status == 200
    assert fake.job("full", method="GET").body["count"] == 1
    assert fake("GET", "{ml}/anomaly_detectors/full?exclude_generated=true").status == 200
    assert fake("GET", "{ml}/anomaly_detectors/full?human=true").status == 200
    assert fake("GET", "{ml}/anomaly_detectors/_stats?human=true").status == 200


@pytest.fixture(scope="module")
def analysed() -> Checked:
    """An emulator whose job "x" has been through twelve hours."""
    fake = checked("9.5")
    fake.put("x", {**JOB, "results_index_name": "x"})
    fake.job("x", "_open")
    fake.job("x", "_data", records(12))
    fake.job("x", "_flush", {"calc_interim": True})
    return fake


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?expand=true",
        "?size=1",
        "?sort=anomaly_score&desc=true",
        "?exclude_interim=true",
        "?anomaly_score=90",
        "?human=true",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_buckets(analysed: Checked, method: str, query: str) -> None:
    before = analysed.seen.get("ml.get_buckets", 0)
    assert analysed(method, f"{{ml}}/anomaly_detectors/x/results/buckets{query}").status == 200
    assert analysed.seen["ml.get_buckets"] == before + 1


def test_one_bucket(analysed: Checked) -> None:
    assert analysed("GET", f"{{ml}}/anomaly_detectors/x/results/buckets/{START * 1000}").body["count"] == 1


def test_records_that_are_explained() -> None:
    fake = checked("9.5")
    detectors = [{"function": "rare", "by_field_name": "airline"}, {"function": "mean", "field_name": "responsetime"}]
    analysis = {"bucket_span": "1h", "detectors": detectors}
    fake.put("x", {"analysis_config": analysis, "data_description": {"time_format": "epoch"}})
    fake.job("x", "_open")
    hours = [{"time": START + hour * HOUR, "airline": "AAL", "responsetime": 1.5 + hour % 3} for hour in range(60)]
    odd = {"time": START + 60 * HOUR, "airline": "KLM", "responsetime": 90}
    fake.job("x", "_data", "\n".join(map(json.dumps, [*hours, odd, odd | {"time": START + 61 * HOUR}])))
    found = fake.job("x", "results/records", {"sort": "record_score"}).body["records"]
    explained = {record["detector_index"]: record["anomaly_score_explanation"] for record in found}
    assert explained[0]["by_field_first_occurrence"] is True
    assert explained[1]["anomaly_type"] == "spike"


def test_closing_and_failed_jobs_are_described_as_well() -> None:
    fake = checked("9.5", delays={"close": "4m"})
    fake.put("x")
    fake.job("x", "_open")
    assert fake.job("x", "_close?timeout=1s").status == 500
    assert fake.state("x") == "closing"
    fake("POST", "/_fake/jobs/x/_fail")
    assert fake.state("x") == "failed"
    assert fake.seen["ml.get_job_stats"] == 2


def test_a_deletion_behind_the_answer() -> None:
    fake = checked("9.5")
    fake.put("x")
    assert "task" in fake("DELETE", "{ml}/anomaly_detectors/x?wait_for_completion=false").body
    assert fake.job("x", method="GET").body["jobs"][0]["blocked"]["reason"] == "delete"


def test_an_answer_that_does_not_fit_is_named() -> None:
    with pytest.raises(AssertionError, match=r"ml\.close_job: response \$: 'closed' is a required property"):
        check("ml.close_job", {})
    with pytest.raises(AssertionError, match=r"ml\.close_job: response \$\.closed: 'yes' is not of type 'boolean'"):
        check("ml.close_job", {"closed": "yes"})
