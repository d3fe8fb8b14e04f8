"""Before 6.6 a datafeed shows its query and aggregations as the server writes them again; scripts it always shows so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import http

JOB = {"analysis_config": {"bucket_span": "5m", "detectors": [{"function": "count"}]}, "data_description": {}}
SUMMED = {**JOB, "analysis_config": {**JOB["analysis_config"], "summary_count_field_name": "doc_count"}}
MAX = {"max": {"field": "time"}}
ALL, FUZZY_DEFAULTS = {"match_all": {"boost": 1.0}}, {"prefix_length": 0, "max_expansions": 50}


def shown(release: str, **config: Any) -> dict[str, Any]:
    """The configuration of a new datafeed, the same from PUT and from GET."""
    fake = http(release)
    job = SUMMED if "aggs" in config else JOB
    assert fake("PUT", "{ml}/anomaly_detectors/j", job).status == 200
    reply = fake("PUT", "{ml}/datafeeds/d", {"job_id": "j", "indices": ["x"], "types": ["t"], **config})
    assert reply.status == 200, reply.body
    again: dict[str, Any] = fake("GET", "{ml}/datafeeds/d").body["datafeeds"][0]
    assert again == reply.body
    return again


QUERIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("6.5", {"term": {"level": "error"}}, {"term": {"level": {"value": "error", "boost": 1.0}}}),
    (
        "6.5",
        {"term": {"a": {"value": 3, "boost": "2", "_name": "n"}}},
        {"term": {"a": {"value": 3, "boost": 2.0, "_name": "n"}}},
    ),
    ("6.5", {"terms": {"a": [1, "b"]}}, {"terms": {"a": [1, "b"], "boost": 1.0}}),
    ("6.5", {"exists": {"field": "a"}}, {"exists": {"field": "a", "boost": 1.0}}),
    ("6.5", {"ids": {"values": "1"}}, {"ids": {"type": [], "values": ["1"], "boost": 1.0}}),
    ("6.5", {"match_none": {}}, {"match_none": {"boost": 1.0}}),
    (
        "6.5",
        {"range": {"t": {"gte": "now-1d", "lt": 5, "format": "x"}}},
        {"range": {"t": {
            "from": "now-1d", "to": 5, "include_lower": True, "include_upper": False, "format": "x", "boost": 1.0,
        }}},
    ),
    (
        "6.5",
        {"range": {"t": {"gt": 1}}},
        {"range": {"t": {"from": 1, "to": None, "include_lower": False, "include_upper": True, "boost": 1.0}}},
    ),
    ("6.5", {"prefix": {"a": "b"}}, {"prefix": {"a": {"value": "b", "boost": 1.0}}}),
    ("6.5", {"wildcard": {"a": {"value": "b*"}}}, {"wildcard": {"a": {"wildcard": "b*", "boost": 1.0}}}),
    (
        "6.5",
        {"regexp": {"a": "b.*"}},
        {"regexp": {"a": {"value": "b.*", "flags_value": 65535, "max_determinized_states": 10000, "boost": 1.0}}},
    ),
    (
        "6.5",
        {"fuzzy": {"a": "bc"}},
        {"fuzzy": {"a": {"value": "bc", "fuzziness": "AUTO", **FUZZY_DEFAULTS, "transpositions": False, "boost": 1.0}}},
    ),
    (
        "6.0",
        {"match": {"a": {"query": "b c", "operator": "and", "fuzziness": 1}}},
        {"match": {"a": {
            "query": "b c", "operator": "AND", "fuzziness": "1", **FUZZY_DEFAULTS, "fuzzy_transpositions": True,
            "lenient": False, "zero_terms_query": "NONE", "boost": 1.0,
        }}},
    ),
    (
        "6.1",
        {"match": {"a": "b"}},
        {"match": {"a": {
            "query": "b", "operator": "OR", **FUZZY_DEFAULTS, "fuzzy_transpositions": True, "lenient": False,
            "zero_terms_query": "NONE", "auto_generate_synonyms_phrase_query": True, "boost": 1.0,
        }}},
    ),
    ("6.2", {"match_phrase": {"a": "b c"}}, {"match_phrase": {"a": {"query": "b c", "slop": 0, "boost": 1.0}}}),
    (
        "6.3",
        {"match_phrase": {"a": "b c"}},
        {"match_phrase": {"a": {"query": "b c", "slop": 0, "zero_terms_query": "NONE", "boost": 1.0}}},
    ),
    (
        "5.6",
        {"bool": {"must": {"match_all": {}}, "should": [{"term": {"a": 1}}], "minimum_should_match": 1}},
        {"bool": {
            "must": [ALL], "should": [{"term": {"a": {"value": 1, "boost": 1.0}}}], "disable_coord": False,
            "adjust_pure_negative": True, "minimum_should_match": "1", "boost": 1.0,
        }},
    ),
    (
        "6.0",
        {"bool": {"should": [{"match_all": {}}], "must_not": [{"match_all": {}}], "filter": {"match_all": {}}}},
        {"bool": {"filter": [ALL], "must_not": [ALL], "should": [ALL], "adjust_pure_negative": True, "boost": 1.0}},
    ),
    ("6.5", {"constant_score": {"filter": {"match_all": {}}}}, {"constant_score": {"filter": ALL, "boost": 1.0}}),
    ("6.5", {"dis_max": {"queries": [{"match_all": {}}]}}, {"dis_max": {"tie_breaker": 0.0, "queries": [ALL], "boost": 1.0}}),
    (
        "6.5",
        {"nested": {"path": "p", "query": {"match_all": {}}}},
        {"nested": {"query": ALL, "path": "p", "ignore_unmapped": False, "score_mode": "avg", "boost": 1.0}},
    ),
    (
        "5.6",
        {"query_string": {"query": "a:b"}},
        {"query_string": {
            "query": "a:b", "fields": [], "use_dis_max": True, "tie_breaker": 0.0, "default_operator": "or",
            "auto_generate_phrase_queries": False, "max_determinized_states": 10000, "enable_position_increments": True,
            "fuzziness": "AUTO", "fuzzy_prefix_length": 0, "fuzzy_max_expansions": 50, "phrase_slop": 0, "escape": False,
            "split_on_whitespace": True, "boost": 1.0,
        }},
    ),
    (
        "6.1",
        {"query_string": {"query": "a:b", "analyze_wildcard": True}},
        {"query_string": {
            "query": "a:b", "fields": [], "type": "best_fields", "default_operator": "or", "max_determinized_states": 10000,
            "enable_position_increments": True, "fuzziness": "AUTO", "fuzzy_prefix_length": 0, "fuzzy_max_expansions": 50,
            "phrase_slop": 0, "analyze_wildcard": True, "escape": False, "auto_generate_synonyms_phrase_query": True,
            "fuzzy_transpositions": True, "boost": 1.0,
        }},
    ),
    (
        "6.1",
        {"multi_match": {"query": "x", "fields": ["b", "a^2"]}},
        {"multi_match": {
            "query": "x", "fields": ["a^2.0", "b^1.0"], "type": "best_fields", "operator": "OR", "slop": 0, **FUZZY_DEFAULTS,
            "zero_terms_query": "NONE", "auto_generate_synonyms_phrase_query": True, "fuzzy_transpositions": True, "boost": 1.0,
        }},
    ),
    (
        "6.0",
        {"simple_query_string": {"query": "a", "fields": ["b"]}},
        {"simple_query_string": {
            "query": "a", "fields": ["b^1.0"], "flags": -1, "default_operator": "or", "analyze_wildcard": False, "boost": 1.0,
        }},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("release", "query", "rendered"), QUERIES)
def test_a_query_is_shown_with_its_defaults(release: str, query: dict[str, Any], rendered: dict[str, Any]) -> None:
    found = shown(release, query=query)["query"]
    assert found == rendered
    # The order of the fields is that of the server too.
    assert str(found) == str(rendered)
    # A query that was written by the server is shown the same again.
    assert shown(release, query=found)["query"] == rendered


def test_from_6_6_a_query_is_shown_as_it_was_given() -> None:
    assert shown("6.6", query={"term": {"level": "error"}})["query"] == {"term": {"level": "error"}}


def test_an_update_of_another_field_keeps_the_query() -> None:
    fake = http("6.5")
    fake("PUT", "{ml}/anomaly_detectors/j", JOB)
    fake("PUT", "{ml}/datafeeds/d", {"job_id": "j", "indices": ["x"], "types": [], "query": {"term": {"a": 1}}})
    reply = fake("POST", "{ml}/datafeeds/d/_update", {"scroll_size": 5})
    assert reply.body["query"] == {"term": {"a": {"value": 1, "boost": 1.0}}}
    reply = fake("POST", "{ml}/datafeeds/d/_update", {"query": {"match_all": {}}})
    assert reply.body["query"] == ALL


DATES = {"field": "time", "offset": 0, "order": {"_key": "asc"}, "keyed": False, "min_doc_count": 0}
COUNTED = {"min_doc_count": 1, "shard_min_doc_count": 0, "show_term_doc_count_error": False}
SUBS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("6.5", {"avg": {"field": "a"}}, {"avg": {"field": "a"}}),
    (
        "5.6",
        {"terms": {"field": "a"}},
        {"terms": {"field": "a", "size": 10, **COUNTED, "order": [{"_count": "desc"}, {"_term": "asc"}]}},
    ),
    (
        "6.0",
        {"terms": {"field": "a", "size": 5, "order": {"_term": "desc"}}},
        {"terms": {"field": "a", "size": 5, **COUNTED, "order": {"_key": "desc"}}},
    ),
    (
        "6.5",
        {"percentiles": {"field": "a", "percents": [95]}},
        {"percentiles": {"field": "a", "percents": [95.0], "keyed": True, "tdigest": {"compression": 100.0}}},
    ),
    ("6.5", {"extended_stats": {"field": "a"}}, {"extended_stats": {"field": "a", "sigma": 2.0}}),
    ("6.5", {"filter": {"term": {"a": 1}}}, {"filter": {"term": {"a": {"value": 1, "boost": 1.0}}}}),
    (
        "6.5",
        {"filters": {"filters": {"y": {"match_all": {}}, "x": {"match_all": {}}}}},
        {"filters": {"filters": {"x": ALL, "y": ALL}, "other_bucket": False, "other_bucket_key": "_other_"}},
    ),
    (
        "6.5",
        {"bucket_script": {"buckets_path": {"t": "time"}, "script": "params.t / 2"}},
        {"bucket_script": {
            "buckets_path": {"t": "time"}, "script": {"source": "params.t / 2", "lang": "painless"}, "gap_policy": "skip",
        }},
    ),
    ("6.5", {"derivative": {"buckets_path": "time"}}, {"derivative": {"buckets_path": ["time"], "gap_policy": "skip"}}),
]  # fmt: skip


@pytest.mark.parametrize(("release", "sub", "rendered"), SUBS)
def test_aggregations_are_shown_with_their_defaults(release: str, sub: dict[str, Any], rendered: dict[str, Any]) -> None:
    aggs = {"b": {"date_histogram": {"field": "time", "interval": "5m"}, "aggs": {"time": MAX, "sub": sub}}}
    found = shown(release, aggs=aggs)["aggregations"]
    expected = {"b": {"date_histogram": {**DATES, "interval": "5m"}, "aggregations": {"time": MAX, "sub": rendered}}}
    assert found == expected
    assert str(found["b"]["aggregations"]) == str(expected["b"]["aggregations"])
    assert shown(release, aggs=found)["aggregations"] == expected


def test_a_histogram_has_doubles() -> None:
    aggs = {"b": {"histogram": {"field": "time", "interval": 300000}, "aggs": {"time": MAX}}}
    assert str(shown("6.5", aggs=aggs)["aggregations"]["b"]["histogram"]) == str({
        "field": "time", "interval": 300000.0, "offset": 0.0, "order": {"_key": "asc"}, "keyed": False, "min_doc_count": 0,
    })  # fmt: skip
    assert shown("6.6", aggs=aggs)["aggregations"] == aggs


@pytest.mark.parametrize(("release", "source"), [("5.5", "inline"), ("5.6", "source"), ("6.6", "source")])
def test_script_fields_are_shown_with_their_language(release: str, source: str) -> None:
    found = shown(release, script_fields={"x": {"script": "1"}, "a": {"script": {"inline": "2", "params": {}}}})
    assert found["script_fields"] == {
        "a": {"script": {source: "2", "lang": "painless"}, "ignore_failure": False},
        "x": {"script": {source: "1", "lang": "painless"}, "ignore_failure": False},
    }


@pytest.mark.parametrize("release", ["6.5", "6.6", None])
def test_what_only_a_shard_refuses_is_stored(release: str | None) -> None:
    """The query is only parsed: whether a path is nested, or a query string parses, is seen when it searches."""
    fake = http(release)
    fake("PUT", "{ml}/anomaly_detectors/j", JOB)
    for query in (
        {"nested": {"path": "p", "query": {"term": {"p.a": 1}}}},
        {"query_string": {"query": "a:("}},
        {"regexp": {"a": "("}},
    ):
        body = {"job_id": "j", "indices": ["x"], "query": query}
        assert fake("PUT", "{ml}/datafeeds/d", body).status == 200
        assert fake("DELETE", "{ml}/datafeeds/d").status == 200
