"""Configurations of jobs and detectors checked without creating anything."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.answering import checked
from tests.spec.validator import needs_specification
from tests.support import JOB, RELEASES, Reply, http

DETECTOR = {"function": "mean", "field_name": "responsetime"}


def validate(release: str | None, body: Any) -> Reply:
    return http(release)("POST", "{ml}/anomaly_detectors/_validate", body)


@pytest.mark.parametrize("release", RELEASES)
def test_what_could_be_created_is_acknowledged(release: str) -> None:
    fake = http(release)
    reply = fake("POST", "{ml}/anomaly_detectors/_validate", JOB)
    assert (reply.status, reply.body) == (200, {"acknowledged": True})
    reply = fake("POST", "{ml}/anomaly_detectors/_validate/detector", DETECTOR)
    assert (reply.status, reply.body) == (200, {"acknowledged": True})
    assert fake("GET", "{ml}/anomaly_detectors").body["count"] == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"analysis_config": None}, "[job_details] analysis_config doesn't support values of type: VALUE_NULL"),
        ({"job_id": "Big"}, "Invalid job_id; 'Big' can contain lowercase alphanumeric"),
        ({"create_time": 1}, "[job_details] unknown field [create_time]"),
        ({"colour": "red"}, "[job_details] unknown field [colour]"),
        ({"model_snapshot_retention_days": -1}, "model_snapshot_retention_days cannot be less than 0. Value = -1"),
    ],
)
def test_what_could_not_is_refused_as_its_creation_would_be(changes: dict[str, Any], reason: str) -> None:
    reply = validate(None, {**JOB, **changes})
    assert reply.status == 400
    assert reason in reply.reason


def test_it_does_not_matter_what_exists() -> None:
    fake = http()
    fake.put("x")
    assert fake("POST", "{ml}/anomaly_detectors/_validate", {**JOB, "job_id": "x"}).status == 200


@pytest.mark.parametrize(
    ("detector", "reason"),
    [
        ({"function": "median"}, "Unless a count or temporal function is used one of field_name, by_field_name or over_field"),
        ({"function": "rare", "over_field_name": "x"}, "by_field_name must be set when the 'rare' function is used"),
        ({"function": "fly"}, "[detector] failed to parse field [function]"),
        ({**DETECTOR, "colour": "red"}, "[detector] unknown field [colour]"),
    ],
)
def test_detectors_that_cannot_be(detector: dict[str, Any], reason: str) -> None:
    reply = http()("POST", "{ml}/anomaly_detectors/_validate/detector", detector)
    assert reply.status == 400
    assert reason in reply.reason


@pytest.mark.parametrize("path", ["_validate", "_validate/detector"])
def test_there_must_be_a_body(path: str) -> None:
    reply = http()("POST", f"{{ml}}/anomaly_detectors/{path}")
    assert (reply.status, reply.reason) == (400, "request body is required")


@needs_specification
def test_answers_of_the_newest_release() -> None:
    fake = checked("9.5")
    fake("POST", "{ml}/anomaly_detectors/_validate", JOB)
    fake("POST", "{ml}/anomaly_detectors/_validate/detector", DETECTOR)
    assert fake.seen == {"ml.validate": 1, "ml.validate_detector": 1}
