"""The indices of ML themselves: what they are called, how they are mapped, and whose aliases they have."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.indices.system_indices import SystemIndices
from fake_es.search.system_search import SystemSearch
from tests.api.stored import COUNT, fresh, results_mapping, sources, store
from tests.api.test_model_snapshots import closed
from tests.support import RELEASES, Http, http

BY_AIRLINE = [{"function": "count", "by_field_name": "airline"}]


def index_names(fake: Http) -> set[str]:
    return {index.name for index in fake.fake.cluster.part(SystemIndices)}


def mapped(fake: Http, field: str, index: str | None = None) -> str | None:
    return fake.fake.cluster.part(SystemIndices).index(index or fake.shared_results).mapping.type_of(field)


def put(fake: Http, job_id: str, **changes: Any) -> Any:
    return fake.put(job_id, COUNT | changes)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("5.4.0", {".ml-anomalies-shared", ".ml-state", ".ml-notifications"}),
        ("6.8", {".ml-anomalies-shared", ".ml-state", ".ml-notifications", ".ml-annotations-6"}),
        ("7.6", {".ml-anomalies-shared", ".ml-state", ".ml-notifications", ".ml-annotations-6"}),
        ("7.10", {".ml-anomalies-shared", ".ml-state-000001", ".ml-notifications-000001", ".ml-annotations-6"}),
        ("9.2", {".ml-anomalies-shared", ".ml-state-000001", ".ml-notifications-000002", ".ml-annotations-000001"}),
        ("9.3", {".ml-anomalies-shared-000001", ".ml-state-000001", ".ml-notifications-000002", ".ml-annotations-000001"}),
    ],
)
def test_a_job_brings_its_indices_with_it(version: str, expected: set[str]) -> None:
    fake = http(version)
    put(fake, "x")
    assert index_names(fake) - {".ml-config"} == expected


@pytest.mark.parametrize("version", RELEASES)
def test_results_can_be_searched_by_the_alias_of_the_job(version: str) -> None:
    fake = closed(version)
    buckets = sources(fake, ".ml-anomalies-x", result_type="bucket")
    assert len(buckets) == 49
    put(fake, "y")
    assert sources(fake, ".ml-anomalies-y") == []
    assert len(sources(fake, fake.shared_results, result_type="bucket")) == 49


@pytest.mark.parametrize("version", RELEASES)
def test_what_a_closed_job_leaves_beside_its_buckets(version: str) -> None:
    fake = closed(version)
    found = fake.fake.cluster.part(SystemSearch).scan(".ml-anomalies-x", {"match_all": {}})
    kinds = {document.id.rstrip("0123456789") for document in found if document.source.get("result_type") != "bucket"}
    timings = {"x_timing_stats"} if fake.fake.version >= (7, 3) else set()
    others = {"x_data_counts", "x_model_snapshot_"} if fake.fake.version >= (5, 5) else {"x-data-counts", "x-"}
    assert kinds == {"x_model_size_stats_"} | others | timings


def test_an_index_of_its_own() -> None:
    fake = http()
    put(fake, "x", results_index_name="mine")
    index = fake.fake.cluster.part(SystemIndices).index(".ml-anomalies-custom-mine-000001")
    assert sorted(index.aliases) == [".ml-anomalies-.write-x", ".ml-anomalies-x"]
    assert index.aliases[".ml-anomalies-x"]["filter"] == {"term": {"job_id": "x"}}
    fake.job("x", "", method="DELETE")
    assert ".ml-anomalies-custom-mine-000001" not in index_names(fake), "nobody else has used it"


def test_an_index_that_others_use_as_well_stays() -> None:
    fake = http()
    put(fake, "x", results_index_name="ours")
    put(fake, "y", results_index_name="ours")
    fake.job("x", "", method="DELETE")
    index = fake.fake.cluster.part(SystemIndices).index(".ml-anomalies-custom-ours-000001")
    assert sorted(index.aliases) == [".ml-anomalies-.write-y", ".ml-anomalies-y"]


@pytest.mark.parametrize(
    ("version", "name", "index"),
    [
        ("9.2", "mine", ".ml-anomalies-custom-mine"),
        ("9.3", "mine", ".ml-anomalies-custom-mine-000001"),
        ("9.3", "mine-000007", ".ml-anomalies-custom-mine-000007"),
        ("9.3", "mine-0000070", ".ml-anomalies-custom-mine-0000070-000001"),
    ],
)
def test_the_name_of_the_index_ends_in_a_generation_from_9_3(version: str, name: str, index: str) -> None:
    fake = http(version)
    assert put(fake, "x", results_index_name=name).body["results_index_name"] == f"custom-{name}"
    assert index in index_names(fake)
    assert set(fake("GET", "/.ml-anomalies-x").body) == {index}


@pytest.mark.parametrize(("version", "generation"), [("8.17", ""), ("8.18", "-000012"), ("9.3", "-000012")])
def test_a_new_job_uses_the_newest_generation(version: str, generation: str) -> None:
    fake = http(version)
    put(fake, "first", results_index_name="mine")
    for name in ("mine-000012", "mine-000002", "mine-2000000", "mine-and-yours-000099"):
        assert fake("PUT", f"/.ml-anomalies-custom-{name}").status == 200
    put(fake, "x", results_index_name="mine")
    assert set(fake("GET", "/.ml-anomalies-x").body) == {f".ml-anomalies-custom-mine{generation}"}


def test_fields_of_the_data_are_mapped_as_keywords() -> None:
    fake = fresh("x", influencers=["clientip", "probability"])
    assert [mapped(fake, field) for field in ("airline", "clientip", "probability")] == ["keyword", "keyword", "double"]
    assert [mapped(fake, field) for field in ("bucket_influencers", "timestamp")] == ["nested", "date"]


EXPLANATION = {
    "anomaly_type": "keyword", "anomaly_length": "integer", "single_bucket_impact": "integer", "multi_bucket_impact": "integer",
    "anomaly_characteristics_impact": "integer", "lower_confidence_bound": "double", "typical_value": "double",
    "upper_confidence_bound": "double", "high_variance_penalty": "boolean", "incomplete_bucket_penalty": "boolean",
}  # fmt: skip
MULTIMODAL = {"multimodal_distribution": "boolean"}
RARITY = {"by_field_first_occurrence": "boolean", "by_field_relative_rarity": "double"}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("5.4.0", {}),
        ("8.5", {}),
        ("8.6", EXPLANATION),
        ("8.7", EXPLANATION | MULTIMODAL),
        ("8.8", EXPLANATION | MULTIMODAL | RARITY),
        ("9.5", EXPLANATION | MULTIMODAL | RARITY),
    ],
)
def test_how_explanations_are_mapped(version: str, expected: dict[str, str]) -> None:
    explained = results_mapping(version)["properties"].get("anomaly_score_explanation", {"properties": {}})
    assert {name: field["type"] for name, field in explained["properties"].items()} == expected


@pytest.mark.parametrize(("version", "has_points"), [("7.5", False), ("7.6", True)])
def test_how_places_are_mapped(version: str, has_points: bool) -> None:
    fields = results_mapping(version)["properties"]
    assert ("geo_results" in fields, "geo_results" in fields["causes"]["properties"]) == (has_points, has_points)


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("9.5", "This job would cause a mapping clash with existing field [airline]"),
        ("5.6", "A field has a different mapping type to an existing field with the same name."),
    ],
)
def test_a_clash_of_mappings(version: str, reason: str) -> None:
    fake = http(version)
    put(fake, "first")
    fake.fake.cluster.part(SystemIndices).index(fake.shared_results).mapping.merge(
        {"properties": {"airline": {"type": "long"}}}
    )
    reply = put(fake, "x", analysis_config={"detectors": BY_AIRLINE})
    assert (reply.status, reply.type) == (400, "status_exception")
    assert reason in reply.reason
    assert fake.job("x", "", method="GET").status == 404
    assert put(fake, "x", analysis_config={"detectors": BY_AIRLINE}, results_index_name="own").status == 200


def test_a_field_inside_one_that_is_a_keyword_clashes_too() -> None:
    fake = http()
    put(fake, "first", analysis_config={"detectors": BY_AIRLINE})
    reply = put(fake, "x", analysis_config={"detectors": [{"function": "count", "by_field_name": "airline.name"}]})
    assert (reply.status, reply.type) == (400, "status_exception")


def test_too_many_fields() -> None:
    fake = http()
    influencers = [f"field-{number}" for number in range(1000)]
    reply = put(fake, "x", analysis_config=COUNT["analysis_config"] | {"influencers": influencers})
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert reply.reason == (
        "Cannot create job in index '.ml-anomalies-shared-000001'"
        " as the index.mapping.total_fields.limit setting will be violated"
    )


def test_left_overs_of_a_job_of_the_same_name() -> None:
    fake = http()
    put(fake, "first")
    store(fake, {"result_type": "bucket", "timestamp": 1}, {"result_type": "record", "timestamp": 1})
    store(fake, {"result_type": "bucket", "timestamp": 1}, job_id="other")
    fake.fake.cluster.part(SystemIndices).put(".ml-state-000001", "x_quantiles", {})
    reply = put(fake, "x")
    assert (reply.status, reply.type) == (409, "status_exception")
    assert reply.reason == (
        "[2] result and [1] state documents exist for a prior job with Id [x]. Please create the job with a different Id"
    )
    assert fake.job("x", "", method="GET").status == 404


def test_a_deleted_job_leaves_nothing_over() -> None:
    fake = closed()
    fake.job("x", "", method="DELETE")
    assert [sources(fake, name, job_id="x") for name in (".ml-anomalies-*", ".ml-annotations-read")] == [[], []]
    assert sources(fake, ".ml-state*") == []
    assert put(fake, "x").status == 200


def test_an_index_that_was_deleted_is_made_anew() -> None:
    fake = closed()
    fake.job("x", "_open")
    assert fake("DELETE", f"/{fake.shared_results}").status == 200
    assert fake.job("x", "_data", '{"time": 1403800000, "foo": "a", "f": 1}').status == 202
    assert fake.job("x", "results/buckets", method="GET").body["count"] > 0
    assert fake.job("x", "_close").status == 200


def test_a_job_may_be_called_as_the_shared_index_is() -> None:
    fake = http()
    put(fake, "other")
    store(fake, {"result_type": "bucket", "timestamp": 1}, job_id="other")
    assert put(fake, "shared").status == 200
    assert fake.job("shared", "results/buckets", method="GET").body["count"] == 0
    assert fake.job("shared", "", method="DELETE").status == 200
    assert fake.job("other", "results/buckets", method="GET").body["count"] == 1


def config_of(fake: Http, job_id: str) -> Any:
    return fake("GET", f"/.ml-config/_doc/anomaly_detector-{job_id}").body.get("_source")


def test_configurations_are_documents() -> None:
    fake = closed()
    assert config_of(fake, "x") == fake.job("x", "", method="GET").body["jobs"][0]
    # The specification of this answer has no room for what names the snapshot.
    update = b'{"description": "of airlines", "groups": ["g"]}'
    fake.raw("POST", "/_ml/anomaly_detectors/x/_update", update, content_type="application/json")
    assert config_of(fake, "x")["description"] == "of airlines"
    assert [found["job_id"] for found in sources(fake, ".ml-config", groups="g")] == ["x"]
    fake.job("x", "_open")
    assert "finished_time" not in config_of(fake, "x")
    fake.job("x", "?force=true", method="DELETE")
    assert config_of(fake, "x") is None


def test_a_search_of_configurations_sees_what_the_server_has_changed() -> None:
    fake = closed()
    snapshot = fake.job("x", "", method="GET").body["jobs"][0]["model_snapshot_id"]
    assert sources(fake, ".ml-config", model_snapshot_id=snapshot)
    fake.job("x", "_reset")
    assert sources(fake, ".ml-config", model_snapshot_id=snapshot) == []


def test_before_6_6_they_were_none() -> None:
    fake = http("6.5")
    put(fake, "x")
    assert ".ml-config" not in index_names(fake)


def test_messages_that_cannot_be_written_are_lost() -> None:
    fake = http("5.4.0")
    put(fake, "x")
    assert fake("POST", "/.ml-notifications/_close").status == 200
    assert fake.job("x", "_open").status == 200
    assert fake.state("x") == "opened"
    assert fake("POST", "/.ml-notifications/_open").status == 200
    assert [source["message"] for source in sources(fake, ".ml-notifications", job_id="x")] == ["Job created"]
