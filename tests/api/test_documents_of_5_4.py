"""The documents of ML in 5.4 have other types and ids, which later releases still read."""

from __future__ import annotations

import json

import pytest

from tests.support import Http, http

START = 1_403_481_600
CONFIG = {
    "analysis_config": {
        "bucket_span": "1h",
        "detectors": [{"function": "count", "partition_field_name": "p"}],
        "influencers": ["p"],
    },
    "data_description": {"time_field": "time", "time_format": "epoch"},
}
SPIKE = "\n".join(
    json.dumps({"time": START + hour * 3600 + second, "p": "a"})
    for hour in range(40)
    for second in range(200 if hour == 35 else 3)
)


def fed(release: str) -> Http:
    """An emulator with a closed job "x" that has seen a spike."""
    fake = http(release, delays="none")
    fake.put("x", CONFIG)
    fake.job("x", "_open")
    assert fake.job("x", "_data", SPIKE).status == 202
    assert fake.job("x", "_close").status == 200
    return fake


def ids(fake: Http, index: str) -> dict[str, set[str]]:
    hits = fake("POST", f"/{index}/_search?size=1000", {}).body["hits"]["hits"]
    found: dict[str, set[str]] = {}
    for hit in hits:
        found.setdefault(hit["_type"], set()).add(hit["_id"])
    return found


def test_types_and_ids() -> None:
    fake = fed("5.4")
    [snapshot] = fake.job("x", "model_snapshots", method="GET").body["model_snapshots"]
    name = snapshot["snapshot_id"]
    assert "min_version" not in snapshot
    results = ids(fake, ".ml-anomalies-shared")
    assert results["data_counts"] == {"x-data-counts"}
    assert results["model_snapshot"] == {f"x-{name}"}
    at = (START + 35 * 3600) * 1000
    assert {f"x_{at}_3600", f"x_{at}_3600_1", f"x_{at}_3600_2"} <= results["result"]
    assert ids(fake, ".ml-state") == {"model_state": {f"x-{name}#1"}, "quantiles": {"x-quantiles"}}
    assert list(ids(fake, ".ml-notifications")) == ["audit_message"]
    assert fake.stats("x")["data_counts"]["processed_record_count"] == SPIKE.count("\n") + 1
    assert fake.job("x", "_open").status == 200
    assert fake.job("x", "_close").status == 200
    assert fake.job("x", method="DELETE").status == 200
    assert ids(fake, ".ml-state") == {}
    assert ids(fake, ".ml-anomalies-shared") == {}


def test_from_5_5_they_have_one_type() -> None:
    fake = fed("5.5")
    name = fake.job("x", "model_snapshots", method="GET").body["model_snapshots"][0]["snapshot_id"]
    results = ids(fake, ".ml-anomalies-shared")
    assert list(results) == ["doc"]
    assert {"x_data_counts", f"x_model_snapshot_{name}"} <= results["doc"]
    assert ids(fake, ".ml-state") == {"doc": {f"x_model_state_{name}#1", "x_quantiles"}}


def test_results_are_numbered_in_their_bucket() -> None:
    fake = fed("5.4")
    [record] = fake.job("x", "results/records", {"start": str((START + 35 * 3600) * 1000), "page": {"size": 1}}).body["records"]
    at = list(record).index("sequence_num")
    assert (record["sequence_num"], list(record)[at - 1], list(record)[at + 1]) == (1, "detector_index", "is_interim")
    assert fake.job("x", "results/influencers", {}).body["influencers"][0]["sequence_num"] == 2
    bucket = fake.job("x", "results/buckets", {"anomaly_score": 1}).body["buckets"][0]
    assert [found["sequence_num"] for found in bucket["bucket_influencers"]] == [3, 4]
    assert "sequence_num" not in fed("5.5").job("x", "results/records", {}).body["records"][0]


@pytest.mark.parametrize("release", ["5.5", "6.8", None])
def test_later_releases_read_the_older_ids(release: str | None) -> None:
    fake = http(release, delays="none")
    kind = "doc" if fake.fake.version < (7, 0) else "_doc"
    fake.put("x", CONFIG)
    counts = {name: 0 for name in fake.stats("x")["data_counts"] if name not in ("job_id", "latest_record_timestamp")}
    document = {"job_id": "x", **counts, "processed_record_count": 7, "latest_record_timestamp": 5}
    assert fake("PUT", f"/{fake.shared_results}/{kind}/x-data-counts", document).status == 201
    assert fake.stats("x")["data_counts"]["processed_record_count"] == 7
    state = ".ml-state" if fake.fake.version < (7, 0) else ".ml-state-000001"
    for name in ("x-quantiles", "x%231", "x%232", "x_categorizer_state%231", "x_categorizer_state%232"):
        assert fake("PUT", f"/{state}/{kind}/{name}", {"a": 1}).status == 201
    assert fake.job("x", method="DELETE").status == 200
    assert fake("POST", f"/{state}/_count").body["count"] == 0
