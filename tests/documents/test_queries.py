"""Queries: which documents each finds, and the words of those that are refused."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.search.query.base import QueryContext
from fake_es.search.query.location import locator
from fake_es.search.query.parse import parse_query
from fake_es.wire.errors import ElasticsearchError, NotImplementedHere
from fake_es.wire.object_parser import Body
from tests.documents.support import Store

BOOKS: list[dict[str, Any]] = [
    {"title": "The quick brown fox", "n": 1, "tag": "a", "when": "2024-01-01", "ok": True, "ip": "10.0.0.1",
     "o": {"x": "in", "y": [1, 2]}, "people": [{"n": "al", "age": 3}, {"n": "bo", "age": 5}]},
    {"title": "lazy dogs and quick foxes jump", "n": 2.5, "tag": ["a", "b"], "when": "2024-02-01T10:00:00Z", "ok": "false",
     "o.x": "out", "ip": ["192.168.1.7", "::1"]},
    {"title": "Brown sugar", "n": "3", "tag": None, "when": 1706781600000},
    {"title": "quick quick quick", "n": 4, "tag": "AB"},
]  # fmt: skip
MAPPING: dict[str, Any] = {
    "tag": {"type": "keyword"},
    "when": {"type": "date"},
    "ip": {"type": "ip"},
    "n": {"type": "double"},
    "people": {"type": "nested", "properties": {"n": {"type": "keyword"}, "age": {"type": "long"}}},
    "hidden": {"type": "keyword", "index": False, "doc_values": False},
    "vector": {"type": "dense_vector", "dims": 2},
}


@pytest.fixture(scope="module")
def store() -> Store:
    """Four books."""
    store = Store("8.19", **MAPPING)
    store.fake.clock.advance(0)
    store.put(*BOOKS)
    return store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"match_all": {}}, "0123"),
        ({"match_none": {}}, ""),
        ({"term": {"tag": "a"}}, "01"),
        ({"term": {"tag": {"value": "ab", "case_insensitive": True}}}, "3"),
        ({"term": {"n": "2.5"}}, "1"),
        ({"term": {"ok": "true"}}, "0"),
        ({"term": {"when": "2024-01-01"}}, "0"),
        ({"term": {"title": "fox"}}, "0"),
        ({"term": {"title": "The"}}, ""),
        ({"term": {"ip": "192.168.0.0/16"}}, "1"),
        ({"term": {"ip": "10.0.0.1"}}, "0"),
        ({"term": {"o.x.keyword": "out"}}, "1"),
        ({"term": {"o.y": 2}}, "0"),
        ({"term": {"nothing": 2}}, ""),
        ({"term": {"_id": "2"}}, "2"),
        ({"terms": {"tag": ["b", "AB"]}}, "13"),
        ({"terms": {"when": ["2024-01-01", 1706781600000]}}, "012"),
        ({"terms": {"nothing": [1]}}, ""),
        ({"terms": {"tag": []}}, ""),
        ({"ids": {"values": ["1", "9"]}}, "1"),
        ({"ids": {"values": "1"}}, "1"),
        ({"exists": {"field": "tag"}}, "013"),
        ({"exists": {"field": "o"}}, "01"),
        ({"exists": {"field": "title"}}, "0123"),
        ({"exists": {"field": "o.*"}}, "01"),
        ({"prefix": {"tag": "a"}}, "01"),
        ({"prefix": {"tag": {"value": "A", "case_insensitive": True}}}, "013"),
        ({"prefix": {"title": "sug"}}, "2"),
        ({"wildcard": {"tag": "?B"}}, "3"),
        ({"wildcard": {"tag": {"wildcard": "*"}}}, "013"),
        ({"wildcard": {"title": {"value": "f*x"}}}, "0"),
        ({"regexp": {"tag": "[ab]|AB"}}, "013"),
        ({"fuzzy": {"title": "quik"}}, "013"),
        ({"fuzzy": {"title": {"value": "xuick", "prefix_length": 1}}}, ""),
        ({"constant_score": {"filter": {"term": {"tag": "b"}}}}, "1"),
        ({"dis_max": {"queries": [{"term": {"tag": "b"}}, {"term": {"n": 4}}]}}, "13"),
        ({"nested": {"path": "people", "query": {"term": {"people.n": "al"}}}}, "0"),
        ({"nested": {"path": "people", "query": {"range": {"people.age": {"gt": 5}}}}}, ""),
        ({"nested": {"path": "nothing", "ignore_unmapped": True, "query": {"match_all": {}}}}, ""),
        ({"term": {"people.n": "al"}}, ""),
    ],
)
def test_what_is_found(store: Store, query: dict[str, Any], found: str) -> None:
    assert "".join(sorted(store.ids(query))) == found


def test_conditions_hold_in_one_nested_object(store: Store) -> None:
    def both(age: int) -> dict[str, Any]:
        clauses = [{"term": {"people.n": "al"}}, {"term": {"people.age": age}}]
        return {"nested": {"path": "people", "query": {"bool": {"must": clauses}}}}

    assert store.ids(both(3)) == ["0"]
    assert store.ids(both(5)) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"filter": {"term": {"tag": "a"}}}, "01"),
        ({"must": [{"term": {"tag": "a"}}], "filter": [{"term": {"tag": "b"}}]}, "1"),
        ({"must_not": {"term": {"tag": "a"}}}, "23"),
        ({"must_not": {"exists": {"field": "tag"}}, "must": {"range": {"n": {"gt": 2}}}}, "2"),
        ({"should": [{"term": {"tag": "b"}}, {"term": {"n": 4}}]}, "13"),
        ({"should": [{"term": {"tag": "b"}}], "must": {"term": {"tag": "a"}}}, "01"),
        ({"should": [{"term": {"tag": "a"}}, {"term": {"tag": "b"}}], "minimum_should_match": 2}, "1"),
        ({"should": [{"term": {"tag": "a"}}, {"term": {"tag": "b"}}], "minimum_should_match": "-1"}, "01"),
        ({"should": [{"term": {"tag": "a"}}, {"term": {"tag": "b"}}], "minimum_should_match": "100%"}, "1"),
        ({"should": [{"term": {"tag": "a"}}, {"term": {"tag": "b"}}], "minimum_should_match": "1<100%"}, "1"),
        ({"should": [{"term": {"tag": "a"}}], "minimum_should_match": 2}, ""),
        ({}, "0123"),
    ],
)
def test_bool(store: Store, body: dict[str, Any], found: str) -> None:
    assert "".join(sorted(store.ids({"bool": body}))) == found


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        ({"gte": "2024-02-01||/M", "lt": "2024-02-01||+1M/M"}, "12"),
        ({"gte": "01/02/2024", "format": "dd/MM/yyyy"}, "12"),
        ({"lte": "2024-01"}, "0"),
        ({"gt": "2024-01"}, "12"),
        ({"lt": "2024-01"}, ""),
        ({"gte": 1706781600000}, "12"),
        ({"gte": "1706781600001"}, ""),
        ({"lte": "2024-01-01T23:30:00||/d"}, "0"),
        ({"gte": "2024-01-01", "time_zone": "+01:00"}, "012"),
        ({"gt": "2024-01-01", "time_zone": "-01:00"}, "12"),
        ({"gte": "2024-02-01T11:00:00", "lte": "2024-02-01T11:00:00", "time_zone": "Europe/Paris"}, "12"),
        ({"from": "2024-01-01", "to": "2024-01-01", "include_lower": True}, "0"),
        ({"from": 1706781600000, "include_lower": False}, ""),
        ({"gte": None}, "012"),
        ({"gte": "now-1d/d"}, ""),
        ({"lt": "now+1h"}, "012"),
        ({}, "012"),
    ],
)
def test_ranges_of_dates(store: Store, ends: dict[str, Any], found: str) -> None:
    assert "".join(sorted(store.ids({"range": {"when": ends}}))) == found


@pytest.mark.parametrize(
    ("field", "ends", "found"),
    [
        ("n", {"gt": 1, "lte": "3"}, "12"),
        ("tag", {"gte": "a", "lt": "b"}, "01"),
        ("tag", {"gte": "a", "lt": "ab"}, "01"),
        ("ip", {"gt": "10.0.0.0", "lte": "10.0.0.1"}, "0"),
        ("ip", {"lt": "10.0.0.0"}, "1"),
        ("nothing", {"gt": 1}, ""),
    ],
)
def test_ranges(store: Store, field: str, ends: dict[str, Any], found: str) -> None:
    assert "".join(sorted(store.ids({"range": {field: ends}}))) == found


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"foo": {}}, "unknown query [foo]"),
        ({"matchh": {}}, "unknown query [matchh] did you mean any of [match, match_all]?"),
        ({}, "query malformed, empty clause found"),
        ("x", "[_na] query malformed, must start with start_object"),
        ({"term": "x"}, "[term] query malformed, no start_object after query name"),
        ({"term": {"a": 1}, "ids": {}}, "[term] malformed query, expected [END_OBJECT] but found [FIELD_NAME]"),
        ({"term": {"a": 1, "b": 2}}, "[term] query doesn't support multiple fields, found [a] and [b]"),
        ({"term": {"a": {"value": 1, "x": 2}}}, "[term] query does not support [x]"),
        ({"term": {"a": [1]}}, "[term] query does not support array of values"),
        ({"term": {}}, "field name is null or empty"),
        ({"term": {"a": "b"}, "x": {}}, "[term] malformed query, expected [END_OBJECT] but found [FIELD_NAME]"),
        ({"ids": {}}, "[ids] query, no [values] given"),
        ({"fuzzy": {"tag": {}}}, "value cannot be null"),
        ({"prefix": {"tag": {}}}, "value cannot be null"),
        ({"simple_query_string": {"query": "a", "x": 1}}, "[simple_query_string] query does not support [x]"),
        ({"query_string": {"query": "a", "x": 1}}, "[query_string] query does not support [x]"),
        ({"multi_match": {"query": "a", "x": 1}}, "[multi_match] query does not support [x]"),
        ({"multi_match": {"query": "a", "type": "x"}}, "failed to parse [multi_match] query type [x]. unknown type."),
        ({"match": {"title": {"query": "a", "analyzer": "x"}}}, "[match] analyzer [x] not found"),
        ({"match": {"title": {"query": "a", "fuzziness": 3}}}, "Valid edit distances are [0, 1, 2] but was [3]"),
        ({"range": {"when": {"gte": 1, "time_zone": "x"}}}, "Unknown time-zone ID: x"),
        ({"bool": {"should": [{"match_all": {}}], "minimum_should_match": "x"}}, 'For input string: "x"'),
        ({"term": {"a": None}}, "value cannot be null"),
        ({"terms": {"a": 1}}, "[terms] query does not support [a]"),
        ({"range": {"n": 1}}, "[range] query does not support [n]"),
        ({"range": {"n": {"above": 1}}}, "[range] query does not support [above]"),
        ({"bool": {"musst": []}}, "[bool] unknown field [musst] did you mean [must]?"),
        ({"bool": {"must": {"foo": {}}}}, "[bool] failed to parse field [must]"),
        ({"match_all": {"x": 1}}, "[match_all] unknown field [x]"),
        ({"exists": {}}, "[exists] must be provided with a [field]"),
        ({"nested": {"path": "a"}}, "[nested] requires 'query' field"),
        ({"constant_score": {}}, "[constant_score] requires a 'filter' element"),
        ({"dis_max": {}}, "[dis_max] requires 'queries' field with at least one clause"),
        ({"multi_match": {}}, "No text specified for multi_match query"),
        ({"query_string": {}}, "query_string must be provided with a [query]"),
        ({"simple_query_string": {}}, "[simple_query_string] query text missing"),
        ({"match": {"title": {}}}, "[match] requires query value"),
        (
            {"match": {"title": {"query": "a", "operator": "xor"}}},
            "No enum constant org.elasticsearch.index.query.Operator.XOR",
        ),
        ({"match_all": {"boost": "x"}}, 'For input string: "x"'),
    ],
)
def test_queries_that_cannot_be_read(store: Store, query: Any, reason: str) -> None:
    with pytest.raises(ElasticsearchError) as caught:
        store.search(query)
    assert caught.value.reason == reason
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("query", "type_", "reason"),
    [
        ({"range": {"n": {"gt": "x"}}}, "query_shard_exception", 'failed to create query: For input string: "x"'),
        ({"term": {"n": "x"}}, "query_shard_exception", 'failed to create query: For input string: "x"'),
        (
            {"range": {"when": {"gt": "x"}}},
            "parse_exception",
            "failed to parse date field [x] with format [strict_date_optional_time||epoch_millis]",
        ),
        ({"query_string": {"query": "(("}}, "query_shard_exception", "Failed to parse query [((]"),
        (
            {"nested": {"path": "title", "query": {"match_all": {}}}},
            "query_shard_exception",
            "failed to create query: [nested] failed to find nested object under path [title]",
        ),
        (
            {"term": {"hidden": "x"}},
            "query_shard_exception",
            "Cannot search on field [hidden] since it is not indexed nor has doc values.",
        ),
    ],
)
def test_queries_that_the_fields_do_not_allow(store: Store, query: Any, type_: str, reason: str) -> None:
    with pytest.raises(ElasticsearchError) as caught:
        store.search(query)
    document = caught.value.document()
    assert (document["error"]["type"], document["status"]) == ("search_phase_execution_exception", 400)
    assert document["error"]["root_cause"][0]["type"] == type_
    assert document["error"]["root_cause"][0]["reason"] == reason
    (failed,) = document["error"]["failed_shards"]
    assert (failed["shard"], failed["index"], failed["reason"]["reason"]) == (0, "books", reason)


@pytest.mark.parametrize(
    "query",
    [
        {"geo_shape": {}},
        {"terms": {"tag": {"index": "x", "id": "1", "path": "a"}}},
        {"term": {"vector": 1}},
        {"function_score": {}},
    ],
)
def test_what_is_not_here_is_named(store: Store, query: Any) -> None:
    with pytest.raises(NotImplementedHere):
        store.search(query)


def test_clauses_that_cannot_be_read(store: Store) -> None:
    with pytest.raises(ElasticsearchError) as caught:
        store.search({"bool": {"must": [{"bool": {"filter": {"foo": {}}}}]}})
    error = caught.value.document()["error"]
    assert error["root_cause"][0]["reason"] == "unknown query [foo]"
    assert error["type"] == "x_content_parse_exception"
    assert error["caused_by"]["reason"] == "[bool] failed to parse field [filter]"
    for version, reason in (("7.6", "unknown query [foo]"), ("6.2", "no [query] registered for [foo]")):
        with pytest.raises(ElasticsearchError) as caught:
            Store(version, a={"type": "keyword"}).search({"bool": {"must": {"foo": {}}}})
        assert caught.value.reason == reason
    with pytest.raises(ElasticsearchError, match=r"^\[bool\] query does not support \[x\]$"):
        Store("7.6", a={"type": "keyword"}).search({"bool": {"x": {}}})
    with pytest.raises(ElasticsearchError, match=r"^\[match_all\] unknown field \[x\], parser not found$"):
        Store("6.2", a={"type": "keyword"}).search({"match_all": {"x": {}}})
    assert Store("5.6", a={"type": "keyword"}).ids({}) == []


def test_older_releases_know_fewer_queries() -> None:
    for version, known in (("7.0", False), ("7.2", True)):
        store = Store(version, a={"type": "text"})
        with pytest.raises(ElasticsearchError) as caught:
            store.search({"match_bool_prefix": {}})
        assert str(caught.value.reason).startswith("unknown query [match_bool_prefix]") is not known


def test_older_words() -> None:
    store = Store("6.2", a={"type": "keyword"})
    with pytest.raises(ElasticsearchError, match=r"^no \[query\] registered for \[foo\]$"):
        store.search({"foo": {}})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"foo": {}}', (1, 9)),
        ('{"range": {"a": \n1}}', (2, 1)),
        ('{"term": {"a": {"value": 1,\n "x": 2}}}', (2, 7)),
        ('{"term": {"a": 1}, "ids": {}}', (1, 20)),
    ],
)
def test_refusals_name_places(store: Store, text: str, place: tuple[int, int]) -> None:
    body = Body(text, (8, 19))
    tree = body.tree()
    context = QueryContext(store.indices.index("books"), 0, (8, 19), locator(body, tree))
    with pytest.raises(ElasticsearchError) as caught:
        parse_query(tree, context)
    assert (caught.value.metadata["line"], caught.value.metadata["col"]) == place
