"""Reading a job's anomaly records."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.stored import HOUR, START, fresh, store
from tests.support import Http


@pytest.fixture
def fake() -> Http:
    """Job "x" has four records; another job has one."""
    fake = fresh("x", "y")
    scores = [(60.0, "AAL", False), (80.0, "BAW", True), (60.0, "AMX", False), (5.0, "AAL", False)]
    store(fake, *(made(hour, *each) for hour, each in enumerate(scores)))
    store(fake, made(0, 99.0, "AAL", False), job_id="y")
    return fake


def made(hour: int, score: float, airline: str, interim: bool, **fields: Any) -> dict[str, Any]:
    return {
        "result_type": "record",
        "timestamp": START + hour * HOUR,
        "record_score": score,
        "probability": 0.001,
        "bucket_span": 3600,
        "is_interim": interim,
        "by_field_name": "airline",
        "by_field_value": airline,
    } | fields


def found(fake: Http, query: str = "", body: Any = None) -> list[tuple[float, str]]:
    reply = fake.job("x", f"results/records{query}", body, method="POST" if body is not None else "GET")
    assert reply.status == 200, reply.body
    return [(record["record_score"], record["by_field_value"]) for record in reply.body["records"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [(80.0, "BAW"), (60.0, "AMX"), (60.0, "AAL"), (5.0, "AAL")]),
        ("?desc=false", [(5.0, "AAL"), (60.0, "AAL"), (60.0, "AMX"), (80.0, "BAW")]),
        ("?exclude_interim", [(60.0, "AMX"), (60.0, "AAL"), (5.0, "AAL")]),
        ("?record_score=50&size=2", [(80.0, "BAW"), (60.0, "AMX")]),
        ("?from=3", [(5.0, "AAL")]),
        ("?sort=timestamp&desc=false&size=1", [(60.0, "AAL")]),
        ("?sort=by_field_value&desc=false&from=2", [(60.0, "AMX"), (80.0, "BAW")]),
        ("?start=2016-06-01T02:00:00Z", [(60.0, "AMX"), (5.0, "AAL")]),
        (f"?start={START}&end={START + HOUR}", [(60.0, "AAL")]),
        ("?start=2016-06-02&end=2016-06-01", []),
    ],
)
def test_which_records(fake: Http, query: str, expected: list[Any]) -> None:
    assert found(fake, query) == expected


def test_a_body_in_place_of_parameters(fake: Http) -> None:
    body = {"page": {"from": 1, "size": 1}, "sort": "record_score", "desc": True, "record_score": 10}
    assert found(fake, body=body) == [(60.0, "AMX")]


def test_the_count_is_of_all_that_fit(fake: Http) -> None:
    assert fake.job("x", "results/records?size=1", method="GET").body["count"] == 4


def test_what_a_document_lacks_is_filled_in() -> None:
    fake = fresh()
    store(fake, {"result_type": "record", "timestamp": "2016-06-01T00:00:00Z"})
    assert fake.job("x", "results/records", method="GET").body["records"] == [
        {
            "job_id": "x",
            "result_type": "record",
            "probability": 0.0,
            "record_score": 0.0,
            "initial_record_score": 0.0,
            "bucket_span": 0,
            "detector_index": 0,
            "is_interim": False,
            "timestamp": START,
        }
    ]


def test_fields_of_the_data_stand_under_their_own_names() -> None:
    fake = fresh()
    influencers = [{"influencer_field_name": "airline", "influencer_field_values": ["AAL", "BAW"]}]
    influencers.append({"influencer_field_name": "status", "influencer_field_values": ["ok"]})
    store(fake, made(0, 1.0, "AAL", False, influencers=influencers, over_field_name="probability", over_field_value="z"))
    record = fake.job("x", "results/records", method="GET").body["records"][0]
    assert record["airline"] == ["AAL", "BAW"]
    assert record["status"] == ["ok"]
    assert record["probability"] == 0.001, "names of results are taken"


def test_readable_times(fake: Http) -> None:
    record = fake.job("x", "results/records?human&size=1", method="GET").body["records"][0]
    assert record["timestamp_string"] == "2016-06-01T01:00:00.000Z"


@pytest.mark.parametrize(
    ("query", "status", "kind", "reason"),
    [
        ("?from=-1", 400, "illegal_argument_exception", "Parameter [from] cannot be < 0"),
        ("?size=-1", 400, "illegal_argument_exception", "Parameter [size] cannot be < 0"),
        ("?record_score=high", 400, "illegal_argument_exception", "Failed to parse double parameter [record_score]"),
        ("?anomaly_score=1", 400, "illegal_argument_exception", "unrecognized parameter: [anomaly_score]"),
        ("?start=soon", 400, "search_phase_execution_exception", "all shards failed"),
        ("?from=10000", 400, "search_phase_execution_exception", "all shards failed"),
    ],
)
def test_refusals(fake: Http, query: str, status: int, kind: str, reason: str) -> None:
    reply = fake.job("x", f"results/records{query}", method="GET")
    assert (reply.status, reply.type) == (status, kind)
    assert reason in reply.reason


def test_a_job_that_is_not_there(fake: Http) -> None:
    reply = fake.job("z", "results/records", method="GET")
    assert (reply.status, reply.reason) == (404, "No known job with id 'z'")


def test_records_of_a_bucket_that_is_expanded() -> None:
    fake = fresh()
    influencer = {"influencer_field_name": "bucket_time", "probability": 0.1}
    bucket = {"result_type": "bucket", "bucket_span": 3600, "timestamp": START, "bucket_influencers": [influencer]}
    store(fake, bucket, bucket | {"timestamp": START + HOUR, "bucket_influencers": []})
    store(fake, made(0, 1.0, "AAL", False, probability=0.5), made(0, 2.0, "BAW", True, probability=0.1))
    store(fake, made(1, 3.0, "AMX", False))

    def expanded(query: str) -> list[Any]:
        buckets = json.loads(fake.raw("GET", f"/_ml/anomaly_detectors/x/results/buckets?expand=true{query}").body)["buckets"]
        return [[record["by_field_value"] for record in bucket["records"]] for bucket in buckets if "records" in bucket]

    assert expanded("") == [["BAW", "AAL"]]
    assert expanded("&exclude_interim=true") == [["AAL"]]


def test_buckets_counted_their_records_in_5_x() -> None:
    fake = fresh(version="5.6")
    bucket = {"result_type": "bucket", "bucket_span": 3600, "timestamp": START}
    store(fake, bucket, bucket | {"timestamp": START + HOUR}, made(0, 1.0, "AAL", False), made(0, 2.0, "BAW", False))
    buckets = fake.job("x", "results/buckets", method="GET").body["buckets"]
    assert [shown["record_count"] for shown in buckets] == [2, 0]


@pytest.mark.parametrize("version", ["5.6", "9.5"])
def test_results_that_lack_everything_are_no_reason_to_stumble(version: str) -> None:
    fake = fresh(version=version)
    kinds = ("bucket", "record", "influencer", "model_forecast_request_stats")
    store(fake, *({"result_type": kind} for kind in kinds), {"snapshot_doc_count": 1}, {"category_id": 1})
    store(fake, {"result_type": "bucket", "timestamp": ["2016-06-01T00:00:00Z", 1e12], "bucket_influencers": [{}]})
    paths = ["results/buckets?expand&human", "results/records", "results/influencers", "results/categories", "model_snapshots"]
    paths += ["results/overall_buckets", "_stats"] if version == "9.5" else []
    for path in paths:
        reply = fake.raw("GET", f"{fake.prefix}/anomaly_detectors/x/{path}")
        assert reply.status == 200, (path, reply.body)


@pytest.mark.parametrize(
    ("document", "path", "reason", "cause"),
    [
        (
            {"result_type": "record", "by_field_name": ["a"]},
            "records",
            "[record] by_field_name doesn't support values of type: START_ARRAY",
            None,
        ),
        (
            {"result_type": "record", "influencers": [{"influencer_field_name": "a"}, {"influencer_field_name": 5}]},
            "records",
            "[record] failed to parse field [influencers]",
            "[influence] influencer_field_name doesn't support values of type: VALUE_NUMBER",
        ),
        (
            {"result_type": "record", "influencers": [{"influencer_field_values": [["a"]]}]},
            "records",
            "[record] failed to parse field [influencers]",
            "Can't get text on a START_ARRAY",
        ),
        (
            {"result_type": "influencer", "influencer_field_name": ["a"]},
            "influencers",
            "[influencer] influencer_field_name doesn't support values of type: START_ARRAY",
            None,
        ),
        (
            {"result_type": "bucket", "bucket_influencers": [None]},
            "buckets",
            "[bucket] failed to parse field [bucket_influencers]",
            "[bucket_influencer] Expected START_OBJECT but was: VALUE_NULL",
        ),
        (
            {"category_id": 1, "regex": 5},
            "categories",
            "[category_definition] regex doesn't support values of type: VALUE_NUMBER",
            None,
        ),
    ],
)
def test_what_cannot_be_read_is_refused(document: dict[str, Any], path: str, reason: str, cause: str | None) -> None:
    fake = fresh()
    store(fake, document)
    reply = fake.job("x", f"results/{path}", method="GET")
    assert (reply.status, reply.type) == (400, "x_content_parse_exception")
    assert reply.reason.endswith(reason)
    assert reply.body["error"].get("caused_by", {}).get("reason", cause or "").endswith(cause or "")


def test_one_object_or_text_stands_for_a_list_of_one() -> None:
    fake = fresh()
    influencer = {"influencer_field_name": "a", "influencer_field_values": "b"}
    store(fake, {"result_type": "record", "timestamp": START, "influencers": influencer})
    shown = fake.job("x", "results/records", method="GET").body["records"][0]
    assert shown["influencers"] == [{"influencer_field_name": "a", "influencer_field_values": ["b"]}]
    assert shown["a"] == ["b"]
