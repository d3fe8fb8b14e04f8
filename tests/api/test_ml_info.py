"""What ML takes by default, what it may use, and the setting that bounds the models of jobs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.answering import checked
from tests.spec.validator import needs_specification
from tests.support import JOB, Http, http

MIB = 1024 * 1024


def info(fake: Http) -> Any:
    return fake("GET", "{ml}/info").body


def bound_models(fake: Http, most: str | None) -> None:
    """Set what the cluster allows a model."""
    body = {"persistent": {"xpack.ml.max_model_memory_limit": most}}
    assert fake("PUT", "/_cluster/settings", body).status == 200


def memory(fake: Http) -> Any:
    (node,) = fake("GET", "{ml}/memory/_stats").body["nodes"].values()
    return node["mem"]["ml"]


def with_limit(limit: Any) -> dict[str, Any]:
    return {**JOB, "analysis_limits": {"model_memory_limit": limit}}


@pytest.mark.parametrize(
    ("release", "fields", "limits"),
    [
        ("6.3", {"defaults", "limits"}, set()),
        ("6.8", {"defaults", "upgrade_mode", "native_code", "limits"}, set()),
        ("7.8", {"defaults", "upgrade_mode", "native_code", "limits"}, {"effective_max_model_memory_limit"}),
        ("7.10", {"defaults", "upgrade_mode", "native_code", "limits"}, {"effective_max_model_memory_limit"}),
        (
            "7.11",
            {"defaults", "upgrade_mode", "native_code", "limits"},
            {"effective_max_model_memory_limit", "total_ml_memory"},
        ),
    ],
)
def test_fields_by_release(release: str, fields: set[str], limits: set[str]) -> None:
    shown = info(http(release))
    assert shown.keys() == fields
    assert shown["limits"].keys() == limits
    assert shown["defaults"]["datafeeds"] == {"scroll_size": 1000}


def test_the_analyzer_of_categorization_is_shown_from_7_6() -> None:
    for release, shown in (("7.5", False), ("7.6", True)):
        assert ("categorization_analyzer" in info(http(release))["defaults"]["anomaly_detectors"]) is shown


@pytest.mark.parametrize(("release", "days", "tokenizer"), [("7.7", 1, "ml_classic"), ("7.14", 10, "ml_standard")])
def test_defaults_by_release(release: str, days: int, tokenizer: str) -> None:
    defaults = info(http(release))["defaults"]["anomaly_detectors"]
    assert defaults["model_snapshot_retention_days"] == days
    assert defaults["categorization_analyzer"]["tokenizer"] == tokenizer
    assert (defaults["model_memory_limit"], defaults["categorization_examples_limit"]) == ("1gb", 4)


def test_info_came_with_6_3() -> None:
    assert http("6.2")("GET", "{ml}/info").status == 400


@pytest.mark.parametrize(
    ("most", "default", "shown", "effective"), [("1mb", "1mb", "1mb", "1mb"), ("10gb", "1gb", "10gb", "4875mb")]
)
def test_info_shows_the_bound(most: str, default: str, shown: str, effective: str) -> None:
    fake = http()
    bound_models(fake, most)
    found = info(fake)
    assert found["defaults"]["anomaly_detectors"]["model_memory_limit"] == default
    assert found["limits"]["max_model_memory_limit"] == shown
    assert found["limits"]["effective_max_model_memory_limit"] == effective


# --- jobs


def test_no_job_may_have_more_than_the_setting_allows() -> None:
    fake = http()
    bound_models(fake, "9gb")
    refused = fake.put("x", with_limit("10gb"))
    assert (refused.status, refused.type) == (400, "status_exception")
    assert refused.reason == (
        "model_memory_limit [10gb] must be less than the value of the xpack.ml.max_model_memory_limit setting [9gb]"
    )
    assert fake.put("x", with_limit("9gb")).status == 200
    assert fake.job("x", "_update", {"analysis_limits": {"model_memory_limit": "9217mb"}}).reason.startswith(
        "model_memory_limit [9gb] must be less than the value"
    )
    bound_models(fake, None)
    assert fake.job("x", "_update", {"analysis_limits": {"model_memory_limit": "9217mb"}}).status == 200


def test_a_setting_below_the_default_is_the_default() -> None:
    fake = http()
    bound_models(fake, "500mb")
    assert fake.put("x").body["analysis_limits"]["model_memory_limit"] == "500mb"
    assert "analysis_limits" not in http("5.6").put("x").body


# --- memory


def test_memory_moves_with_open_jobs() -> None:
    fake = http()
    fake.put("x", with_limit("100mb"))
    fake.put("y")
    assert (memory(fake)["anomaly_detectors_in_bytes"], memory(fake)["native_code_overhead_in_bytes"]) == (0, 0)
    fake.job("x", "_open")
    assert memory(fake)["anomaly_detectors_in_bytes"] == 110 * MIB
    fake.job("y", "_open")
    assert memory(fake)["anomaly_detectors_in_bytes"] == (110 + 1034) * MIB
    assert memory(fake)["native_code_overhead_in_bytes"] == 30 * MIB
    fake.job("y", "_close")
    assert memory(fake)["anomaly_detectors_in_bytes"] == 110 * MIB


def test_memory_of_some_nodes() -> None:
    fake = http()
    (node,) = fake("GET", "{ml}/memory/_stats").body["nodes"]
    assert fake("GET", f"{{ml}}/memory/{node}/_stats").body["_nodes"]["total"] == 1
    assert fake("GET", "{ml}/memory/ml:true/_stats?timeout=1s&master_timeout=1s").body["_nodes"]["total"] == 1
    assert fake("GET", "{ml}/memory/other/_stats").body["nodes"] == {}
    readable = fake("GET", "{ml}/memory/_stats?human=true").body["nodes"][node]
    assert list(readable["mem"])[:2] == ["total", "total_in_bytes"]
    assert readable["jvm"]["heap_max"] == "8gb"
    assert http("8.1")("GET", "{ml}/memory/_stats").status in (400, 405)


@needs_specification
def test_answers_of_the_newest_release() -> None:
    fake = checked("9.5")
    bound_models(fake, "2gb")
    info(fake)
    fake("GET", "{ml}/memory/_stats?human=true")
    memory(fake)
    assert fake.seen["ml.info"] == 1
    assert fake.seen["ml.get_memory_stats"] == 2
