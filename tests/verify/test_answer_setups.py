"""Snippets that pass once what their answer shows is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fake_es.verify.docs.promotion import apply_advice
from fake_es.verify.outcome import Outcome
from tests.verify.paged import Pages, snippet

BUCKET = {
    "job_id": "kpi", "timestamp": 1454943900000, "anomaly_score": 94.1, "bucket_span": 300, "initial_anomaly_score": 94.1,
    "event_count": 153, "is_interim": False, "bucket_influencers": [], "processing_time_ms": 2, "result_type": "bucket",
}  # fmt: skip
RECORD = {
    "job_id": "kpi", "result_type": "record", "probability": 0.1, "record_score": 72.9, "initial_record_score": 65.7,
    "bucket_span": 300, "detector_index": 0, "is_interim": False, "timestamp": 1454944200000, "function": "low_sum",
    "function_description": "sum", "typical": [1806.48], "actual": [288.0], "field_name": "events_per_min",
    "multi_bucket_impact": -5.0,
}  # fmt: skip
INFLUENCER = {
    "job_id": "kpi", "result_type": "influencer", "influencer_field_name": "shop", "influencer_field_value": "Tea",
    "shop": "Tea", "influencer_score": 94.1, "initial_influencer_score": 94.1, "probability": 0.1, "bucket_span": 300,
    "is_interim": False, "timestamp": 1454943600000,
}  # fmt: skip
OVERALL = {
    "timestamp": 1403532000000, "bucket_span": 3600, "overall_score": 80.0, "is_interim": False,
    "result_type": "overall_bucket",
    "jobs": [{"job_id": "job-1", "max_anomaly_score": 30.0}, {"job_id": "job-2", "max_anomaly_score": 80.0}],
}  # fmt: skip
SNAPSHOT = {
    "job_id": "kpi", "min_version": "6.4.0", "timestamp": 1491852978000, "description": "Snapshot 1",
    "snapshot_id": "1491852978", "snapshot_doc_count": 1, "latest_record_time_stamp": 1455232663000,
    "latest_result_time_stamp": 1455229800000, "retain": True,
}  # fmt: skip
JOB = {
    "job_id": "kpi", "job_type": "anomaly_detector", "job_version": "8.4.0", "create_time": 1655852735889,
    "finished_time": 1655852745980, "model_snapshot_id": "1575402237", "custom_settings": {"made_by": "somebody"},
    "groups": ["shops"], "description": "Who spends much",
    "analysis_config": {
        "bucket_span": "1h", "influencers": ["name"], "model_prune_window": "30d",
        "detectors": [{"detector_description": "High", "function": "high_sum", "field_name": "price", "detector_index": 0}],
    },
    "analysis_limits": {"model_memory_limit": "13mb", "categorization_examples_limit": 4},
    "data_description": {"time_field": "at", "time_format": "epoch_ms"}, "model_snapshot_retention_days": 10,
    "daily_model_snapshot_retention_after_days": 1, "results_index_name": "custom-kpi", "allow_lazy_open": False,
}  # fmt: skip
FEED = {
    "datafeed_id": "feed-kpi", "job_id": "kpi", "authorization": {"roles": ["superuser"]}, "query_delay": "93169ms",
    "chunking_config": {"mode": "auto"}, "query": {"term": {"shop": "Tea"}}, "indices": ["shops"], "scroll_size": 1000,
    "delayed_data_check_config": {"enabled": True},
    "indices_options": {
        "expand_wildcards": ["open"], "ignore_unavailable": False, "allow_no_indices": True, "ignore_throttled": True,
    },
}  # fmt: skip
PAGES: list[tuple[str, dict[str, Any]]] = [
    ("GET _ml/anomaly_detectors/kpi", {"count": 1, "jobs": [JOB]}),
    ('POST _ml/anomaly_detectors/kpi/_update\n{"description": "Who spends much"}', JOB),
    ("GET _ml/datafeeds/feed-kpi", {"count": 1, "datafeeds": [FEED]}),
    ('POST _ml/datafeeds/feed-kpi/_update\n{"query": {"term": {"shop": "Tea"}}}', FEED),
    ('GET _ml/anomaly_detectors/kpi/results/buckets\n{"anomaly_score": 80}', {"count": 1, "buckets": [BUCKET]}),
    ("GET _ml/anomaly_detectors/kpi/results/records", {"count": 6, "records": [RECORD]}),
    ("GET _ml/anomaly_detectors/kpi/results/influencers", {"count": 28, "influencers": [INFLUENCER]}),
    ("GET _ml/anomaly_detectors/job-*/results/overall_buckets\n{}", {"count": 1, "overall_buckets": [OVERALL]}),
    ("GET _ml/anomaly_detectors/kpi/model_snapshots", {"count": 1, "model_snapshots": [SNAPSHOT]}),
    (
        'POST _ml/anomaly_detectors/kpi/model_snapshots/1491852978/_update\n{"description": "Snapshot 1", "retain": true}',
        {"acknowledged": True, "model": SNAPSHOT},
    ),
]


@pytest.mark.parametrize(("request_text", "shown"), PAGES)
def test_what_is_shown(tmp_path: Path, request_text: str, shown: dict[str, Any]) -> None:
    pages = Pages(tmp_path)
    page = snippet(request_text, after="// TEST[skip:todo]") + snippet(json.dumps(shown, indent=2), language="js")
    result = pages.only(page, version="8.19", skipped="try")
    assert result.outcome is Outcome.PROMOTED, result
    assert "// TEST[s/^/PUT _ml\\/anomaly_detectors\\/" in result.advice[0].new


def test_a_field_that_the_release_does_not_have(tmp_path: Path) -> None:
    wrong = {"count": 1, "records": [RECORD | {"score_of_old": 1.0, "normalized_probability": 1}]}
    page = snippet("GET _ml/anomaly_detectors/kpi/results/records", after="// TEST[skip:todo]")
    result = Pages(tmp_path).only(page + snippet(json.dumps(wrong), language="js"), version="8.19", skipped="try")
    assert result.outcome is Outcome.FAILED
    assert "records.0.normalized_probability" in result.reason


def test_a_changed_page_passes(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    body = json.dumps({"count": 1, "buckets": [BUCKET]}, indent=2)
    page = snippet("GET _ml/anomaly_detectors/kpi/results/buckets", after="// TEST[skip:todo]") + snippet(body, language="js")
    result = pages.only(page, version="8.19", skipped="try")
    pages.passes(apply_advice(page, list(result.advice)), version="8.19")


def test_an_error_that_only_the_reason_to_skip_names(tmp_path: Path) -> None:
    page = snippet("DELETE _ml/calendars/outages/events/e1", after="// TEST[skip:catch:missing]")
    shown = page + snippet('{"acknowledged": true}', language="js")
    result = Pages(tmp_path).only(shown, version="7.17", skipped="try")
    assert result.advice[0].new == "// TEST[setup:calendar_event:outages:e1]"
    assert Pages(tmp_path).only(page, version="7.17", skipped="try").advice[0].new == "// TEST[catch:missing]"


def test_figures_of_an_answer_marked_but_never_compared(tmp_path: Path) -> None:
    page = snippet("GET _ml/anomaly_detectors/kpi/results/buckets", after="// TEST[skip:todo]")
    shown = snippet(json.dumps({"count": 7, "buckets": [BUCKET]}), language="console-result")
    result = Pages(tmp_path).only(page + shown, version="8.19", skipped="try")
    assert result.outcome is Outcome.PROMOTED, result
    assert result.advice[-1].new == '// TESTRESPONSE[s/"count": 7/"count": $body.$_path/]'


def test_an_answer_that_would_not_hold_stays_left_out(tmp_path: Path) -> None:
    pages = Pages(tmp_path)
    page = snippet("GET _ml/anomaly_detectors/kpi", after="// TEST[skip:todo]")
    page += snippet(json.dumps({"count": 1, "jobs": [JOB]}, indent=2), language="console-result")
    result = pages.only(page, version="8.19", skipped="try")
    assert result.advice[-1].new == "// TESTRESPONSE[skip:todo]", "a job that was never opened has not finished"
    pages.passes(apply_advice(page, list(result.advice)), version="8.19")
