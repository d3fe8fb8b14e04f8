"""Parts of an analysis that 7.0 gave up: further bucket spans, overlapping buckets, normalization by partition."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import JOB, http

COUNT = {"function": "count"}
RARE = {"function": "rare", "by_field_name": "b"}
SPLIT = {"function": "count", "partition_field_name": "p"}


def job(*detectors: dict[str, Any], **analysis: Any) -> dict[str, Any]:
    return JOB | {"analysis_config": {"bucket_span": "1h", "detectors": [*detectors], **analysis}}


@pytest.mark.parametrize("release", ["5.4.0", "5.6", "6.2", "6.4"])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            job(COUNT, use_per_partition_normalization=True),
            "If the job is configured with Per-Partition Normalization enabled a detector must have a partition field",
        ),
        (
            job(SPLIT, use_per_partition_normalization=True, influencers=["b"]),
            "A job configured with Per-Partition Normalization cannot use influencers",
        ),
        (job(COUNT, multiple_bucket_spans=["2h", "90m"]), "span '1.5h' must be a multiple of the main bucket_span '1h'"),
        (job(COUNT, multiple_bucket_spans=["1h"]), "Multiple bucket_span '1h' must be a multiple of the main bucket_span '1h'"),
        (job(COUNT, multiple_bucket_spans=["soon"]), "failed to parse setting [multiple_bucket_spans] with value [soon]"),
        (job(COUNT, RARE, overlapping_buckets=True), "Overlapping buckets cannot be used with function '[rare]'"),
        (job(COUNT, result_finalization_window=-1), "result_finalization_window cannot be less than 0. Value = -1"),
    ],
)
def test_what_does_not_go_together(release: str, body: dict[str, Any], said: str) -> None:
    fake = http(release)
    reply = fake.put("x", body)
    assert reply.status == 400
    assert said in str(reply.body)
    assert fake.job("_all", method="GET").body["count"] == 0


@pytest.mark.parametrize("release", ["5.4.0", "6.4"])
def test_what_does_is_shown_as_it_was_given(release: str) -> None:
    given = {
        "multiple_bucket_spans": ["2h", "180m"],
        "overlapping_buckets": True,
        "result_finalization_window": 2,
        "use_per_partition_normalization": True,
    }
    shown = http(release).put("x", job(SPLIT, **given)).body["analysis_config"]
    assert {name: shown[name] for name in given} == given


@pytest.mark.parametrize("name", ["multiple_bucket_spans", "overlapping_buckets", "result_finalization_window"])
def test_from_7_0_they_are_unknown(name: str) -> None:
    assert f"[analysis_config] unknown field [{name}]" in str(http("7.2").put("x", job(COUNT, **{name: 1})).body)
