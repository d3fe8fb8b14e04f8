"""What a job's process makes of the engine's results: documents, each where it belongs."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from fake_es.indices.system_indices import SystemIndices
from fake_es.search.system_search import SystemSearch
from tests.engine.support import HOUR, START
from tests.support import Http, http


def job(version: str, detector: dict[str, Any], **config: Any) -> Http:
    fake = http(version)
    tree = {"bucket_span": "1h", "detectors": [detector], **config}
    reply = fake.put("x", {"analysis_config": tree, "data_description": {"time_format": "epoch_ms"}})
    assert reply.status == 200, reply.body
    fake.job("x", "_open")
    return fake


def post(fake: Http, records: list[dict[str, Any]]) -> None:
    assert fake.job("x", "_data", "\n".join(map(json.dumps, records))).status == 202


def written(fake: Http, kind: str) -> list[dict[str, Any]]:
    found = fake.fake.cluster.part(SystemSearch).scan(".ml-anomalies-shared*", {"term": {"result_type": kind}})
    return sorted((document.source for document in found), key=lambda source: source.get("timestamp", 0))


def spiky(spikes: list[int], hours: int = 300) -> list[dict[str, Any]]:
    source = random.Random(4)
    return [
        {"time": START + hour * HOUR, "value": source.gauss(100, 5) * (10 if hour in spikes else 1), "who": "a"}
        for hour in range(hours)
    ]


MEAN = {"function": "mean", "field_name": "value", "partition_field_name": "who"}


@pytest.mark.parametrize(
    ("version", "has", "lacks"),
    [
        ("5.4", set(), {"multi_bucket_impact", "anomaly_score_explanation"}),
        ("6.8", {"multi_bucket_impact"}, {"anomaly_score_explanation"}),
        ("9.5", {"multi_bucket_impact", "anomaly_score_explanation"}, set[str]()),
    ],
)
def test_a_record_has_the_fields_of_its_release(version: str, has: set[str], lacks: set[str]) -> None:
    fake = job(version, MEAN, influencers=["who"])
    post(fake, spiky([100]))
    (record,) = [record for record in written(fake, "record") if record["record_score"] > 75]
    assert has <= record.keys()
    assert not lacks & record.keys()
    assert record["who"] == ["a"]
    assert {influencer["who"] for influencer in written(fake, "influencer")} == {"a"}


@pytest.mark.parametrize(
    ("version", "explained"),
    [("8.7", set()), ("8.8", {"by_field_first_occurrence", "by_field_relative_rarity"})],
)
def test_an_explanation_has_the_fields_of_its_release(version: str, explained: set[str]) -> None:
    fake = job(version, {"function": "rare", "by_field_name": "who"})
    post(fake, [{"time": START + hour * HOUR, "who": "new" if hour == 60 else "a"} for hour in range(62)])
    (record,) = fake.job("x", "results/records", {}).body["records"]
    assert record["by_field_value"] == "new"
    assert record["anomaly_score_explanation"].keys() == explained


def test_interim_results_give_way() -> None:
    fake = job("9.5", MEAN)
    post(fake, spiky([100], 101))
    fake.job("x", "_flush?calc_interim=true")
    assert [record["is_interim"] for record in written(fake, "record") if record["record_score"] > 75] == [True]
    post(fake, [{"time": START + 103 * HOUR, "value": 100, "who": "a"}])
    assert [record["is_interim"] for record in written(fake, "record") if record["record_score"] > 75] == [False]


def test_scores_fall_when_anomalies_become_common() -> None:
    fake, source = job("9.5", MEAN), random.Random(4)
    spikes = {100 + 4 * number: f"s{number}" for number in range(30)}
    records = [
        {"time": START + hour * HOUR, "value": source.gauss(100, 5) * (10 if spikes.get(hour) == who else 1), "who": who}
        for hour in range(230)
        for who in spikes.values()
    ]
    post(fake, records[: 110 * 30])
    (first,) = [record for record in written(fake, "record") if record["record_score"] > 75 and record["who"] == ["s0"]]
    post(fake, records[110 * 30 :])
    (again,) = [
        record for record in written(fake, "record") if record["timestamp"] == first["timestamp"] and record["who"] == ["s0"]
    ]
    assert again["initial_record_score"] == first["initial_record_score"]
    assert again["record_score"] < first["record_score"] - 5
    bucket = next(bucket for bucket in written(fake, "bucket") if bucket["timestamp"] == first["timestamp"])
    assert bucket["anomaly_score"] == bucket["bucket_influencers"][0]["anomaly_score"] < bucket["initial_anomaly_score"]


def test_results_by_hand_are_left_alone() -> None:
    fake = job("9.5", MEAN)
    by_hand = {"job_id": "x", "result_type": "record", "timestamp": START + 90 * HOUR, "record_score": 50.0}
    fake.fake.cluster.part(SystemIndices).put(".ml-anomalies-shared", "by hand", by_hand)
    post(fake, spiky([60 + 5 * number for number in range(30)]))
    assert by_hand in written(fake, "record")


def test_an_index_made_by_others_may_keep_scores_as_words() -> None:
    fake = http("9.5")
    words = {name: {"type": "keyword"} for name in ("record_score", "anomaly_score", "timestamp")}
    fake.fake.cluster.part(SystemIndices).create(".ml-anomalies-shared", mappings={"properties": words})
    assert fake.put("x", {"analysis_config": {"bucket_span": "1h", "detectors": [MEAN]}, "data_description": {}}).status == 200
    fake.job("x", "_open")
    post(fake, spiky([60 + 5 * number for number in range(30)]))
    assert max(record["record_score"] for record in written(fake, "record")) > 75


def test_categories_and_their_statistics() -> None:
    fake = job("9.5", {"function": "count", "by_field_name": "mlcategory"}, categorization_field_name="message")
    post(fake, [{"time": START + at * HOUR, "message": f"Node {at} started"} for at in range(5)])
    fake.job("x", "_close")
    (definition,) = written(fake, "category_definition")
    assert (definition["category_id"], definition["terms"]) == (1, "Node started")
    (stats,) = written(fake, "categorizer_stats")
    assert stats["categorized_doc_count"] == 5
    assert fake.stats("x")["model_size_stats"]["total_category_count"] == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"record_score": "50", "probability": 0.001},
        {"record_score": [50.0], "probability": 0.5},
        {"record_score": 50.0, "bucket_influencers": None},
        {"record_score": 50.0, "bucket_influencers": {"influencer_field_name": "bucket_time"}},
        {"record_score": 50.0, "bucket_influencers": [{"influencer_field_name": "bucket_time"}]},
        {"record_score": 50.0, "result_type": ["record"]},
    ],
)
def test_a_result_of_a_client_that_is_no_result_is_let_be(odd: dict[str, Any]) -> None:
    fake = job("9.5", {"function": "mean", "field_name": "value"})
    records = spiky([*range(50, 200, 9)], hours=200)
    post(fake, records[:60])
    document = {"job_id": "x", "result_type": "record", "timestamp": START + 50 * HOUR} | odd
    assert fake("PUT", "/.ml-anomalies-shared/_doc/by-hand", document).status == 201
    post(fake, records[60:])
    assert fake("GET", "/.ml-anomalies-shared/_doc/by-hand").body["_source"] == document
