"""Which indices a datafeed needs to start, by release."""

from __future__ import annotations

import pytest

from tests.api.feeding import JOB, counts, datafeed, documents, put, scene, start
from tests.api.test_datafeed_run import refused, until

PATTERNS = {"job_id": "x", "indices": ["logs*", "metrics-*"]}
UNMATCHED = PATTERNS | {"indices": ["audit-*", "metrics-*"]}


@pytest.mark.parametrize("release", ["6.8", "7.9"])
def test_up_to_7_9_each_pattern_needs_an_index(release: str) -> None:
    fake = scene(release, documents(3))
    fake.put("x", JOB)
    put(fake, PATTERNS)
    fake.job("x", "_open")
    said = "cannot start datafeed [d] because index [metrics-*] does not exist, is closed, or is still initializing."
    assert refused(fake) == (409, f"No node found to start datafeed [d], allocation explanation [{said}]")


@pytest.mark.parametrize("release", ["7.10", "9.5"])
def test_from_7_10_one_index_is_enough_for_all_patterns(release: str) -> None:
    fake = scene(release, documents(12))
    fake.put("x", JOB)
    put(fake, PATTERNS)
    fake.job("x", "_open")
    start(fake, until(5))
    assert counts(fake)["processed_record_count"] == 12


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("6.8", "datafeed [d] cannot retrieve field [time] because it has no mappings"),
        ("8.0", "[d] cannot retrieve field [time] because it has no mappings"),
        ("8.1", "datafeed [d] cannot retrieve data because no index matches datafeed's indices [audit-*, metrics-*]"),
        ("9.5", "datafeed [d] cannot retrieve data because no index matches datafeed's indices [audit-*, metrics-*]"),
    ],
)
def test_patterns_without_any_index(release: str, said: str) -> None:
    fake = scene(release)
    fake.put("x", JOB)
    put(fake, UNMATCHED)
    fake.job("x", "_open")
    assert refused(fake) == (400, said)
    preview = datafeed(fake, "_preview", method="GET")
    assert (preview.status, preview.reason) == (400, said)


AGGREGATED = {
    "aggregations": {
        "buckets": {
            "date_histogram": {"field": "time", "interval": "1h"},
            "aggregations": {"time": {"max": {"field": "time"}}, "value": {"avg": {"field": "value"}}},
        }
    }
}


@pytest.mark.parametrize(("release", "named"), [("7.9", "audit-*"), ("7.10", "audit-*,metrics-*")])
def test_patterns_without_any_index_of_a_datafeed_with_aggregations(release: str, named: str) -> None:
    fake = scene(release)
    fake.put("x", {**JOB, "analysis_config": JOB["analysis_config"] | {"summary_count_field_name": "doc_count"}})
    put(fake, UNMATCHED | AGGREGATED)
    fake.job("x", "_open")
    status, said = refused(fake)
    assert (status, f"because index [{named}] does not exist, is closed" in said) == (409, True), said


@pytest.mark.parametrize(("release", "status"), [("6.5", 409), ("6.6", 404), ("9.5", 404)])
def test_an_index_that_is_not_there_of_a_datafeed_with_aggregations(release: str, status: int) -> None:
    fake = scene(release)
    fake.put("x", {**JOB, "analysis_config": JOB["analysis_config"] | {"summary_count_field_name": "doc_count"}})
    aggregations = AGGREGATED
    if release == "9.5":
        histogram = {"field": "time", "fixed_interval": "1h"}
        aggregations = {"aggregations": {"buckets": AGGREGATED["aggregations"]["buckets"] | {"date_histogram": histogram}}}
    put(fake, {"job_id": "x", "indices": ["gone"]} | aggregations)
    fake.job("x", "_open")
    found, said = refused(fake)
    assert found == status
    assert (said == "datafeed [d] cannot retrieve data because index [gone] does not exist") == (status == 404)


def test_patterns_that_must_match() -> None:
    fake = scene("9.5", documents(3))
    fake.put("x", JOB)
    put(fake, PATTERNS | {"indices_options": {"allow_no_indices": False}})
    fake.job("x", "_open")
    assert refused(fake) == (404, "datafeed [d] cannot retrieve data because index [metrics-*] does not exist")
