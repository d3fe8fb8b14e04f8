"""What ML tells of by itself: audit messages and annotations beside the results of a job."""

from __future__ import annotations

import json

import pytest

from fake_es import VirtualClock
from tests.api.stored import emulator, sources
from tests.api.test_model_snapshots import closed
from tests.support import Http

START = 1_403_481_600


@pytest.mark.parametrize(
    ("version", "index", "fields"),
    [
        ("7.2", ".ml-annotations-6", set()),
        ("7.17", ".ml-annotations-6", {"event"}),
        ("9.5", ".ml-annotations-000001", {"event"}),
    ],
)
def test_an_annotation_by_release(version: str, index: str, fields: set[str]) -> None:
    fake = closed(version)
    found = sources(fake, index, job_id="x")
    if not fields:
        assert found == [], "events came with 7.9"
        return
    common = {"annotation", "create_time", "create_username", "timestamp", "end_timestamp", "job_id", "type"}
    assert found[0].keys() == common | {"modified_time", "modified_username"} | fields


def filled(version: str) -> Http:
    """An emulator whose job "x" has a model of more series than its limit allows."""
    fake = emulator(version, clock=VirtualClock(start="2017-04-11T08:30:00Z"))
    config = {"bucket_span": "1h", "detectors": [{"function": "mean", "field_name": "f", "by_field_name": "foo"}]}
    limits = {"model_memory_limit": "1mb"}
    fake.put("x", {"analysis_config": config, "analysis_limits": limits, "data_description": {"time_format": "epoch"}})
    fake.job("x", "_open")
    records = [{"time": START + number * 20, "foo": f"v{number}", "f": 1} for number in range(1000)]
    assert fake.job("x", "_data", "\n".join(map(json.dumps, records))).status == 202
    return fake


@pytest.mark.parametrize(
    ("version", "beginning"),
    [
        ("6.8", "Job memory status changed to hard_limit at "),
        ("9.5", "Job memory status changed to hard_limit; job exceeded model memory limit 1mb by "),
    ],
)
def test_a_job_that_outgrows_its_memory_says_so_once(version: str, beginning: str) -> None:
    fake = filled(version)
    fake.job("x", "_data", json.dumps({"time": START + 40_000, "foo": "v", "f": 1}))
    errors = [source["message"] for source in sources(fake, ".ml-notifications*", job_id="x", level="error")]
    assert len(errors) == 1
    assert errors[0].startswith(beginning)
    assert fake.stats("x")["model_size_stats"]["memory_status"] == "hard_limit"
