"""How results are mapped, release by release, and that searches of these fields find them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.stored import COUNT, START, fresh, results_mapping
from tests.support import RELEASES, Http

GATHERED = {"type": "keyword", "copy_to": ["all_field_values"]}
RECORD: dict[str, Any] = {
    "job_id": "x",
    "result_type": "record",
    "timestamp": START,
    "partition_field_value": "eu west",
    "influencers": [{"influencer_field_name": "host", "influencer_field_values": ["web-1", "web-2"]}],
    "causes": [{"over_field_value": "10.0.0.1", "correlated_by_field_value": "pair"}],
    "model_size_stats": {"memory_status": "hard_limit", "bucket_allocation_failures_count": 7, "log_time": START},
    "raw_anomaly_score": 12.5,
}


def indexed(version: str, **fields: Any) -> Http:
    """An emulator with a job, of which a client has indexed a record."""
    fake = fresh("x", version=version)
    kind = "doc" if fake.fake.version < (7, 0) else "_doc"
    assert fake("PUT", f"/{fake.shared_results}/{kind}/1", RECORD | fields).status == 201
    return fake


def found(fake: Http, query: Any, parameters: str = "") -> list[str]:
    body = None if query is None else {"query": query}
    reply = fake("POST", f"/.ml-anomalies-x/_search{parameters}", body)
    assert reply.status == 200
    return [hit["_id"] for hit in reply.body["hits"]["hits"]]


@pytest.mark.parametrize("version", RELEASES)
def test_values_are_gathered_in_one_field(version: str) -> None:
    fields = results_mapping(version)["properties"]
    assert fields["all_field_values"] == {"type": "text", "analyzer": "whitespace"}
    assert [name for name, field in fields.items() if field == GATHERED] == [
        "by_field_value", "influencer_field_value", "job_id", "over_field_value", "partition_field_value",
    ]  # fmt: skip
    assert [name for name, field in fields["causes"]["properties"].items() if field == GATHERED] == [
        "by_field_value", "correlated_by_field_value", "over_field_value", "partition_field_value",
    ]  # fmt: skip
    assert fields["influencers"]["properties"]["influencer_field_values"] == GATHERED


@pytest.mark.parametrize("version", RELEASES)
@pytest.mark.parametrize("word", ["x", "west", "web-2", "10.0.0.1", "pair"])
def test_a_search_finds_what_is_gathered(version: str, word: str) -> None:
    fake = indexed(version)
    assert found(fake, {"match": {"all_field_values": word}}) == ["1"]
    assert found(fake, {"match": {"all_field_values": "host"}}) == []


def test_a_search_that_names_no_field_looks_there() -> None:
    fake = indexed("9.5")
    assert found(fake, None, "?q=web-2") == ["1"]
    assert found(fake, None, "?q=hard_limit") == []
    (index,) = fake("GET", f"/{fake.shared_results}/_settings").body.values()
    assert index["settings"]["index"]["query"] == {"default_field": "all_field_values"}


def test_what_a_later_job_adds_leaves_it_gathered() -> None:
    fake = indexed("9.5")
    assert fake.put("y", COUNT | {"analysis_config": COUNT["analysis_config"] | {"influencers": ["colour"]}}).status == 200
    assert found(fake, {"match": {"all_field_values": "web-1"}}) == ["1"]


@pytest.mark.parametrize("version", RELEASES)
@pytest.mark.parametrize(
    "query",
    [
        {"range": {"raw_anomaly_score": {"gt": 12}}},
        {"range": {"model_size_stats.bucket_allocation_failures_count": {"gte": 7}}},
        {"term": {"model_size_stats.memory_status": "hard_limit"}},
        {"range": {"model_size_stats.log_time": {"gte": "2016-06-01", "lt": "2016-06-02"}}},
    ],
)
def test_a_search_finds_scores_and_sizes(version: str, query: Any) -> None:
    assert found(indexed(version), query) == ["1"]


SIZES = {
    "assignment_memory_basis": "keyword", "bucket_allocation_failures_count": "long", "job_id": "keyword", "log_time": "date",
    "memory_status": "keyword", "model_bytes": "long", "result_type": "keyword", "timestamp": "date",
    "total_by_field_count": "long", "total_over_field_count": "long", "total_partition_field_count": "long",
}  # fmt: skip


@pytest.mark.parametrize(
    ("version", "more"), [("7.8", {}), ("7.9", {"peak_model_bytes": "long"}), ("9.5", {"peak_model_bytes": "long"})]
)
def test_how_sizes_are_mapped(version: str, more: dict[str, str]) -> None:
    fields = results_mapping(version)["properties"]
    assert {name: field["type"] for name, field in fields["model_size_stats"]["properties"].items()} == SIZES | more
    assert fields["raw_anomaly_score"] == {"type": "double"}


CONTEXT = {
    "properties": {
        "incremental_metric_value_ms": {"type": "double"},
        "latest_timestamp": {"type": "date"},
        "previous_exponential_average_ms": {"type": "double"},
    }
}
ALIAS = {"type": "alias", "path": "timestamp"}
EVENT = {"properties": {"ingested": {"type": "date"}}}


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("exponential_average_calculation_context", "7.3", None),
        ("exponential_average_calculation_context", "7.4", CONTEXT),
        ("@timestamp", "8.5", None),
        ("@timestamp", "8.6", ALIAS),
        ("event", "9.4", None),
        ("event", "9.5", EVENT),
        ("partition_scores", "6.5", None),
    ],
)
def test_what_came_and_went(name: str, version: str, expected: Any) -> None:
    assert results_mapping(version)["properties"].get(name) == expected


def test_a_search_finds_the_context_of_an_average() -> None:
    fake = indexed("7.4", exponential_average_calculation_context={"latest_timestamp": START})
    assert found(fake, {"range": {"exponential_average_calculation_context.latest_timestamp": {"gte": "2016-06-01"}}}) == ["1"]


def test_the_scores_of_partitions_are_nested() -> None:
    fake = indexed("6.4", partition_scores=[{"partition_field_value": "eu", "probability": 0.5}])
    inner = {"range": {"partition_scores.probability": {"gte": 0.5}}}
    assert found(fake, {"nested": {"path": "partition_scores", "query": inner}}) == ["1"]


def test_the_time_goes_by_the_name_of_the_common_schema_as_well() -> None:
    fake = indexed("8.6")
    assert found(fake, {"range": {"@timestamp": {"gte": "2016-06-01", "lt": "2016-06-02"}}}) == ["1"]
    caps = fake("GET", "/.ml-anomalies-x/_field_caps?fields=@timestamp,all_field_values").body["fields"]
    assert {name: list(kinds) for name, kinds in caps.items()} == {"@timestamp": ["date"], "all_field_values": ["text"]}


def test_a_search_finds_when_a_result_was_written() -> None:
    fake = indexed("9.5", event={"ingested": "2016-06-01T01:00:00Z"})
    assert found(fake, {"range": {"event.ingested": {"gt": "2016-06-01T00:30:00Z"}}}) == ["1"]


KEYWORD = {"match": "*", "mapping": {"type": "keyword"}}
STRINGS = [{"strings_as_keywords": KEYWORD}]
OBJECTS = [
    {"map_objects": {"match_mapping_type": "object", "mapping": {"type": "object"}}},
    {"non_objects_as_keywords": KEYWORD},
]


@pytest.mark.parametrize(
    ("version", "meta", "templates"),
    [
        ("5.4.3", None, None),
        ("5.6.7", {"version": "5.6.7"}, STRINGS),
        ("8.9.1", {"version": "8.9.1"}, STRINGS),
        ("8.10.2", {"version": "8.10.2", "managed_index_mappings_version": 1}, STRINGS),
        ("8.17.0", {"version": "8.11.0", "managed_index_mappings_version": 1}, STRINGS),
        ("8.18.0", {"version": "8.11.0", "managed_index_mappings_version": 1}, OBJECTS),
        ("9.5.0", {"version": "8.11.0", "managed_index_mappings_version": 2}, OBJECTS),
    ],
)
def test_what_the_mapping_says_of_itself(version: str, meta: Any, templates: Any) -> None:
    shown = results_mapping(version)
    assert (shown.get("_meta"), shown.get("dynamic_templates")) == (meta, templates)
    assert "date_detection" not in shown


@pytest.mark.parametrize("version", ["5.6", "8.17", "9.5"])
def test_whatever_else_a_result_says_is_a_keyword(version: str) -> None:
    fake = indexed(version, port=80, day="2016-06-01")
    (index,) = fake("GET", f"/{fake.shared_results}/_mapping").body.values()
    fields = index["mappings"].get("doc", index["mappings"])["properties"]
    assert [fields[name] for name in ("port", "day")] == [{"type": "keyword"}] * 2
    assert found(fake, {"term": {"port": "80"}}) == ["1"]


def test_objects_are_taken_from_8_18() -> None:
    fake = fresh("x", version="8.17")
    refused = fake("PUT", f"/{fake.shared_results}/_doc/1", RECORD | {"host": {"name": "web-1"}})
    assert (refused.status, refused.type) == (400, "document_parsing_exception")
    assert found(indexed("8.18", host={"name": "web-1"}), {"term": {"host.name": "web-1"}}) == ["1"]


@pytest.mark.parametrize("version", ["8.17", "9.5"])
def test_an_index_made_anew_has_the_fields_of_the_data(version: str) -> None:
    fake = fresh("x", version=version, influencers=["host.name"])
    fake.job("x", "_open")
    assert fake("DELETE", f"/{fake.shared_results}").status == 200
    assert fake.job("x", "_data", '{"time": 1403800000, "airline": "a", "host.name": "b", "f": 1}').status == 202
    assert fake.job("x", "_close").status == 200
    (index,) = fake("GET", f"/{fake.shared_results}/_mapping").body.values()
    assert index["mappings"]["properties"]["host"] == {"properties": {"name": {"type": "keyword"}}}


def test_fields_of_the_data_that_are_called_as_these_are_left_out() -> None:
    fake = fresh("x", influencers=["all_field_values", "latest_timestamp", "actual_point", "colour"])
    (index,) = fake("GET", f"/{fake.shared_results}/_mapping").body.values()
    fields = index["mappings"]["properties"]
    assert fields["all_field_values"]["type"] == "text"
    assert {"latest_timestamp", "actual_point", "colour"} & fields.keys() == {"colour"}
