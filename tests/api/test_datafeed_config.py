"""What a datafeed may be configured with: defaults, refusals in the server's words, rules against its job."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.feeding import HOURLY, JOB, SUMMARISED, datafeed, put
from tests.support import Http, Reply, http

Tree = dict[str, Any]
MAX = {"max": {"field": "time"}}


def fake_of(release: str = "9.5", job: Tree | None = None) -> Http:
    fake = http(release)
    assert fake.put("x", JOB if job is None else job).status == 200
    return fake


def tried(part: Tree, release: str = "9.5", job: Tree | None = None) -> Reply:
    return put(fake_of(release, job), {"job_id": "x", "indices": ["i"], **part})


def chain(reply: Reply) -> list[str]:
    """Reasons from the outermost error to its last cause."""
    error, found = reply.body["error"], []
    while error is not None:
        found.append(error["reason"])
        error = error.get("caused_by")
    return found


def histogram(inner: Tree | None = None, **options: Any) -> Tree:
    """Aggregations with a histogram of these options."""
    maximum = {"time": MAX} if inner is None else inner
    return {"buckets": {"date_histogram": {"field": "time", **options}, "aggregations": maximum}}


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"indices": []}, "Invalid indices value '[]' in datafeed configuration"),
        ({"indices": ["a", ""]}, "Invalid indices value '[a, ]' in datafeed configuration"),
        (
            {"script_fields": {"f": {"script": "1"}}, "aggregations": histogram(fixed_interval="1h")},
            "script_fields cannot be used in combination with aggregations",
        ),
        ({"job_id": None}, "[1:12] [datafeed_config] job_id doesn't support values of type: VALUE_NULL"),
        ({"headers": {}}, "[1:35] [datafeed_config] unknown field [headers]"),
    ],
)
def test_refusals_of_the_whole(part: Tree, reason: str) -> None:
    reply = tried(part)
    assert (reply.status, reply.reason) == (400, reason)


@pytest.mark.parametrize(
    ("part", "field", "cause"),
    [
        ({"scroll_size": -1}, "scroll_size", "Invalid scroll_size value '-1' in datafeed configuration"),
        ({"max_empty_searches": 0}, "max_empty_searches", "Invalid max_empty_searches value '0' in datafeed configuration"),
        ({"query_delay": "-1"}, "query_delay", "query_delay cannot be less than 0. Value = -1"),
        ({"query_delay": "10micros"}, "query_delay", "query_delay has to be a multiple of 1ms; actual was '10micros'"),
        ({"frequency": "0s"}, "frequency", "frequency cannot be less or equal than 0. Value = 0s"),
        ({"frequency": "1500ms"}, "frequency", "frequency has to be a multiple of 1s; actual was '1.5s'"),
        ({"chunking_config": {"mode": "manual"}}, "chunking_config", "when chunk mode is manual time_span is required"),
        (
            {"chunking_config": {"mode": "auto", "time_span": "1h"}},
            "chunking_config",
            "chunk time_span may only be set when mode is manual",
        ),
        (
            {"delayed_data_check_config": {"enabled": True, "check_window": "25h"}},
            "delayed_data_check_config",
            "check_window [25h] must be less than or equal to [24h]",
        ),
        (
            {"delayed_data_check_config": {"enabled": True, "check_window": "0s"}},
            "delayed_data_check_config",
            "check_window cannot be less or equal than 0. Value = 0s",
        ),
        ({"script_fields": {"f": "x"}}, "script_fields", "Expected [START_OBJECT] in [f] but found [VALUE_STRING]"),
        ({"script_fields": {"f": {"nope": 1}}}, "script_fields", "Unknown key for a VALUE_NUMBER in [nope]."),
        (
            {"runtime_mappings": {"f": "x"}},
            "runtime_mappings",
            "Expected map for runtime field [f] definition but got a String",
        ),
        ({"runtime_mappings": {"f": {}}}, "runtime_mappings", "No type specified for runtime field [f]"),
        ({"aggs": {}, "aggregations": {}}, "aggregations", "Found two aggregation definitions: [aggs] and [aggregations]"),
    ],
)
def test_refusals_of_a_field(part: Tree, field: str, cause: str) -> None:
    reply = tried(part)
    reasons = chain(reply)
    assert reply.status == 400
    assert reasons[0].endswith(f"[datafeed_config] failed to parse field [{field}]")
    assert reasons[-1] == cause


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"query": {"match_all_misspelled": {}}}, "Datafeed query is not parsable"),
        ({"aggregations": {"a": {"nope": {}}}}, "Datafeed aggregations are not parsable"),
    ],
)
def test_what_cannot_be_parsed_says_so_from_6_6(part: Tree, words: str) -> None:
    assert words in chain(tried(part))
    for release in ("5.6", "6.2"):
        old = tried(part, release)
        assert old.status == 400
        assert words not in chain(old)


@pytest.mark.parametrize(
    ("release", "reason"),
    [
        ("5.4.0", "[query] must not be null."),
        ("6.2", "query malformed, empty clause found"),
        ("9.5", "query malformed, empty clause found"),
    ],
)
def test_an_empty_clause_is_no_query(release: str, reason: str) -> None:
    reply = tried({"query": {}}, release)
    assert reply.status == 400
    assert chain(reply)[-1] == reason


def test_what_is_known_and_not_emulated_is_501() -> None:
    parts: list[Tree] = [
        {"query": {"function_score": {}}},
        {"aggregations": histogram({"time": MAX, "r": {"rate": {}}}, fixed_interval="1h")},
        {"script_fields": {"f": {"script": "for (int i = 0; i < 3; i++) {}"}}},
        {"runtime_mappings": {"loud": {"type": "keyword"}}, "query": {"term": {"loud": "x"}}},
    ]
    for part in parts:
        reply = tried(part)
        assert (reply.status, reply.type) == (501, "fake_es_not_implemented_exception")


@pytest.mark.parametrize(
    ("since", "part"),
    [
        ((6, 6), {"delayed_data_check_config": {"enabled": False}}),
        ((7, 5), {"max_empty_searches": 3}),
        ((7, 7), {"indices_options": {"ignore_unavailable": True}}),
        ((7, 11), {"runtime_mappings": {"f": {"type": "keyword"}}}),
    ],
)
def test_fields_by_release(since: tuple[int, int], part: Tree) -> None:
    name = next(iter(part))
    major, minor = since
    shown = tried(part, f"{major}.{minor}").body[name]
    assert shown == part[name] or shown.items() >= part[name].items()
    earlier = tried(part, f"{major}.{minor - 1}")
    assert earlier.status == 400
    assert f"unknown field [{name}]" in earlier.reason


def test_types_and_source_went_with_7_0() -> None:
    shown = tried({"types": ["t"], "_source": True}, "6.8").body
    assert shown["types"] == ["t"]
    assert "_source" not in shown
    assert tried({"types": ["t"]}, "7.0").status == 400


def test_names_that_mean_the_same() -> None:
    shown = put(fake_of(job=SUMMARISED), {"job_id": "x", "indexes": "i", "aggs": histogram(fixed_interval="5m")}).body
    assert shown["indices"] == ["i"]
    assert shown["aggregations"] == histogram(fixed_interval="5m")
    assert shown["chunking_config"] == {"mode": "manual", "time_span": "300000000ms"}


def test_times_are_shown_as_they_were_written() -> None:
    shown = tried({"query_delay": "60s", "frequency": "120s", "chunking_config": {"mode": "MANUAL", "time_span": "3h"}}).body
    assert (shown["query_delay"], shown["frequency"]) == ("60s", "120s")
    assert shown["chunking_config"] == {"mode": "manual", "time_span": "3h"}


def test_options_come_from_the_query_unless_the_body_has_them() -> None:
    fake = fake_of()
    shown = put(fake, query="?ignore_unavailable=true&expand_wildcards=closed,open").body["indices_options"]
    assert shown == {
        "expand_wildcards": ["open", "closed"], "ignore_unavailable": True, "allow_no_indices": True, "ignore_throttled": True,
    }  # fmt: skip
    options = {"indices_options": {"allow_no_indices": False}}
    shown = datafeed(fake, "_update?ignore_unavailable=true", options).body["indices_options"]
    assert (shown["ignore_unavailable"], shown["allow_no_indices"]) == (False, False)
    assert put(fake_of(), query="?expand_wildcards=nope").status == 400


@pytest.mark.parametrize(
    ("aggs", "reason"),
    [
        ({"a": {"terms": {"field": "f"}}}, "A date_histogram (or histogram) aggregation is required"),
        (
            {**histogram(fixed_interval="1h"), "a": {"avg": {"field": "f"}}},
            "The date_histogram (or histogram) aggregation cannot have sibling aggregations",
        ),
        (
            histogram(
                {"time": {"max": {"field": "time"}}, "b": {"histogram": {"field": "f", "interval": 5}}}, fixed_interval="1h"
            ),
            "Aggregations can only have 1 date_histogram or histogram aggregation",
        ),
        (
            histogram({"time": {"max": {"field": "other"}}}, fixed_interval="1h"),
            "Date histogram must have nested max aggregation for time_field [time]",
        ),
        (histogram(), "Must specify an interval for date_histogram"),
        (histogram(fixed_interval="1h", time_zone="Europe/Paris"), "ML requires date_histogram.time_zone to be UTC"),
        (
            histogram(calendar_interval="1M"),
            "When specifying a date_histogram calendar interval [1M], ML does not accept intervals longer than a week"
            " because of variable lengths of periods greater than a week",
        ),
    ],
)
def test_the_shape_of_aggregations(aggs: Tree, reason: str) -> None:
    reply = tried({"aggregations": aggs}, job=SUMMARISED)
    assert (reply.status, reply.reason) == (400, reason)


def composite(**options: Any) -> Tree:
    date = {"date": {"date_histogram": {"field": "time", "fixed_interval": "1h", **options}}}
    return {
        "buckets": {
            "composite": {"sources": [date, {"host": {"terms": {"field": "host"}}}]},
            "aggs": {"time": {"max": {"field": "time"}}},
        }
    }


def test_composite_aggregations() -> None:
    assert tried({"aggregations": composite()}, job=SUMMARISED).body["chunking_config"] == {"mode": "off"}
    for aggs, words in (
        (composite(order="desc"), "date_histogram [date] must be sorted in ascending order"),
        (composite(missing_bucket=True), "date_histogram [date] source does not support missing_buckets"),
        (
            {"buckets": {"composite": {"sources": [{"h": {"terms": {"field": "h"}}}]}, "aggs": {}}},
            "Composite aggregation [buckets] must have exactly one date_histogram source",
        ),
        (
            {**composite(), "other": {"avg": {"field": "f"}}},
            "must be the only composite agg and should be the only top level aggregation",
        ),
    ):
        reply = tried({"aggregations": aggs}, job=SUMMARISED)
        assert reply.status == 400
        assert words in reply.reason


@pytest.mark.parametrize(
    ("part", "job", "reason"),
    [
        (
            {},
            JOB | {"analysis_config": JOB["analysis_config"] | {"latency": "1m"}},
            "A job configured with datafeed cannot support latency",
        ),
        (
            {"aggregations": HOURLY},
            JOB,
            "A job configured with a datafeed with aggregations must set summary_count_field_name;"
            " use doc_count or suitable alternative",
        ),
        (
            {"aggregations": histogram(fixed_interval="2h")},
            SUMMARISED,
            "Aggregation interval [7200000ms] must be less than or equal to the bucket_span [3600000ms]",
        ),
        (
            {"aggregations": histogram(fixed_interval="7m")},
            SUMMARISED,
            "Aggregation interval [420000ms] must be a divisor of the bucket_span [3600000ms]",
        ),
        (
            {"aggregations": histogram(fixed_interval="10m"), "frequency": "15m"},
            SUMMARISED,
            "Datafeed frequency [15m] must be a multiple of the aggregation interval [600000ms]",
        ),
        (
            {"delayed_data_check_config": {"enabled": True, "check_window": "30m"}},
            JOB,
            "delayed_data_check_config: check_window [30m] must be greater than the bucket_span [1h]",
        ),
        (
            {"runtime_mappings": {"time": {"type": "date"}}},
            JOB,
            "data_description.time_field [time] cannot be a runtime field",
        ),
    ],
)
def test_rules_against_the_job(part: Tree, job: Tree, reason: str) -> None:
    reply = tried(part, job=job)
    assert (reply.status, reply.type, reply.reason) == (400, "status_exception", reason)
    fake = fake_of(job=job | {"analysis_config": {**job["analysis_config"], "latency": "0s"}})
    if part and "analysis_config" in job:
        put(fake)
        assert datafeed(fake, "_update", part).reason == reason


@pytest.mark.parametrize("datafeed_id", ["-x", "x-", "X", "a b", "_all"])
def test_ids(datafeed_id: str) -> None:
    reply = put(fake_of(), datafeed_id=datafeed_id.replace(" ", "%20"))
    assert reply.status == 400
    assert reply.reason.startswith(f"Invalid datafeed_id; '{datafeed_id}' can contain lowercase alphanumeric")


def test_the_id_of_the_path_counts() -> None:
    assert put(fake_of(), {"job_id": "x", "indices": ["i"], "datafeed_id": "other"}).body["datafeed_id"] == "d"
