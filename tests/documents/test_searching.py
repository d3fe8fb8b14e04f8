"""Searching: order, pages, totals, aggregations, and what is refused."""

from __future__ import annotations

import time
from typing import Any

import pytest

from fake_es.search.system_search import SystemSearch
from fake_es.wire.errors import ElasticsearchError, NotImplementedHere
from tests.documents.support import Store

LONGEST = 2**63 - 1


@pytest.fixture
def store() -> Store:
    """Four documents, one of which lacks most."""
    store = Store(
        "8.19", k={"type": "keyword"}, n={"type": "long"}, d={"type": "double"}, at={"type": "date"}, t={"type": "text"}
    )
    store.put({"k": "b", "n": [1, 9], "at": "2024-01-02"}, {"k": "a", "n": 5, "d": 0.5, "at": 0}, {"k": "b", "n": 3}, {})
    return store


@pytest.mark.parametrize(
    ("sort", "ids", "first"),
    [
        ("n", "0213", (1,)),
        ([{"n": "desc"}], "0123", (9,)),
        ([{"n": {"order": "desc", "mode": "min"}}], "1203", (5,)),
        ([{"n": {"order": "asc", "mode": "avg"}}], "2013", (3,)),
        ([{"n": {"mode": "sum", "order": "desc"}}], "0123", (10,)),
        ([{"n": {"mode": "median"}}], "2013", (3,)),
        ([{"n": {"missing": "_first"}}], "3021", (-LONGEST - 1,)),
        ([{"n": {"missing": 4}}], "0231", (1,)),
        ([{"k": "asc"}, {"n": "desc"}], "1023", ("a", 5)),
        (["k", "n"], "1023", ("a", 5)),
        ([{"d": "asc"}, "_doc"], "1023", (0.5, 1)),
        ([{"at": {"order": "desc"}}], "0123", (1704153600000,)),
        ([{"nothing": {"unmapped_type": "long"}}, {"n": "asc"}], "0213", (None, 1)),
        (["_doc"], "0123", (0,)),
        ([{"_id": "desc"}], "3210", ("3",)),
        (["_score", {"n": "desc"}], "0123", (1.0, 9)),
    ],
)
def test_order(store: Store, sort: Any, ids: str, first: tuple[Any, ...]) -> None:
    assert "".join(store.ids(sort=sort)) == ids
    assert store.search(sort=sort).hits[0].sort == first


@pytest.mark.parametrize(
    ("field", "order", "shown"),
    [
        ("n", "asc", LONGEST),
        ("n", "desc", -LONGEST - 1),
        ("d", "asc", "Infinity"),
        ("d", "desc", "-Infinity"),
        ("k", "asc", None),
    ],
)
def test_what_stands_for_a_missing_value(store: Store, field: str, order: str, shown: Any) -> None:
    hit = store.search(sort=[{field: order}]).hits[-1]
    assert (hit.document.id, hit.sort) == ("3", (shown,))
    assert store.ids(sort=[{field: order}, "_doc"], search_after=[shown, 2]) == ["3"]


def test_pages(store: Store) -> None:
    second: dict[str, Any] = {"from": 1, "size": 2}
    result = store.search(sort="n", **second)
    assert (result.total, [hit.document.id for hit in result.hits]) == (4, ["2", "1"])
    assert result.sources == [{"k": "b", "n": 3}, {"k": "a", "n": 5, "d": 0.5, "at": 0}]
    assert store.search(size=0).hits == []
    assert len(store.search().hits) == 4
    assert store.ids(sort=[{"at": "asc"}], search_after=["1970-01-01"]) == ["0", "2", "3"]


def test_results_follow_changes(store: Store) -> None:
    query = {"term": {"k": "b"}}
    assert store.ids(query) == ["0", "2"]
    store.indices.put("books", "1", {"k": "b"})
    assert store.ids(query) == ["0", "2", "1"]
    store.indices.delete("books", "0")
    assert store.ids(query) == ["2", "1"]
    assert store.indices.cluster.part(SystemSearch).delete_by_query("books", query) == 2
    assert store.ids(query) == []


def test_now_moves() -> None:
    store = Store("8.19", at={"type": "date"})
    store.put({"at": store.fake.clock.now()})
    assert store.ids({"range": {"at": {"gte": "now-1h"}}}) == ["0"]
    store.fake.clock.advance("2h")
    assert store.ids({"range": {"at": {"gte": "now-1h"}}}) == []


def test_several_indices(store: Store) -> None:
    store.indices.create("more", mappings={"properties": {"n": {"type": "long"}, "k": {"type": "text"}}})
    store.indices.put("more", "x", {"n": 4, "k": "b"})
    assert store.ids(index="books,more", sort=[{"n": "asc"}]) == ["0", "2", "x", "1", "3"]
    assert store.ids({"match": {"k": "b"}}, index="books,more", sort=["_id"]) == ["0", "2", "x"]
    result = store.search(index="books,more", sort=["k"])
    assert (result.total, [failure.index.name for failure in result.failures]) == (4, ["more"])


def test_scores_of_several_indices(store: Store) -> None:
    store.indices.create("more", mappings={"properties": {"k": {"type": "text"}}})
    store.indices.put("more", "x", {"k": "b"})
    hits = store.search({"match": {"k": "b"}}, index="books,more").hits
    assert [hit.document.id for hit in hits] == ["0", "2", "x"]
    assert hits[0].score == 1.0
    assert hits[2].score != 1.0
    assert store.search(sort="n").hits[0].score is None
    assert store.search(sort="n", track_scores=True).hits[0].score == 1.0


def test_aggregations_are_of_all_that_match(store: Store) -> None:
    aggregations = {"kinds": {"terms": {"field": "k"}}, "some": {"filter": {"range": {"n": {"gt": 4}}}}}
    result = store.search({"exists": {"field": "k"}}, aggs=aggregations, size=1, post_filter={"term": {"k": "a"}})
    assert (result.total, len(result.hits)) == (1, 1)
    assert result.aggregations is not None
    assert [(bucket["key"], bucket["doc_count"]) for bucket in result.aggregations["kinds"]["buckets"]] == [("b", 2), ("a", 1)]
    assert result.aggregations["some"] == {"doc_count": 2}
    assert store.search().aggregations is None


def test_no_index_at_all() -> None:
    store = Store("8.19")
    result = store.search({"match_all": {}})
    assert (result.total, result.hits, result.max_score) == (0, [], None)
    assert list(store.indices.cluster.part(SystemSearch).scan("books")) == []
    assert store.indices.cluster.part(SystemSearch).count("books") == 0
    with pytest.raises(ElasticsearchError, match=r"no such index \[books\]"):
        store.indices.cluster.part(SystemSearch).search("books", ignore_unavailable=False)


def test_scanning_is_of_one_moment() -> None:
    store = Store("8.19")
    store.put(*({"n": number % 7} for number in range(12)))
    seen = []
    for document in store.indices.cluster.part(SystemSearch).scan("books", {"range": {"n": {"gt": 1}}}, sort=[{"n": "desc"}]):
        seen.append(document.source["n"])
        store.indices.delete("books", document.id)
    assert seen == [6, 5, 4, 4, 3, 3, 2, 2]
    assert len(store.indices.index("books")) == 4


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"foo": 1}, "Unknown key for a VALUE_NUMBER in [foo]."),
        ({"size": -1}, "[size] parameter cannot be negative, found [-1]"),
        ({"from": "x"}, 'For input string: "x"'),
        ({"search_after": [1]}, "Sort must contain at least one field."),
        ({"search_after": [1, 2], "sort": "n"}, "search_after has 2 value(s) but sort has 1."),
        ({"search_after": [1], "sort": "n", "from": 1}, "`from` parameter must be set to 0 when `search_after` is used."),
        ({"sort": [{"n": {"foo": 1}}]}, "[field_sort] unknown field [foo]"),
        ({"sort": [{"n": "up"}]}, "No enum constant org.elasticsearch.search.sort.SortOrder.UP"),
        ({"sort": [{"n": {"mode": "most"}}]}, "Unknown SortMode [most]"),
    ],
)
def test_bodies_that_are_refused(store: Store, body: dict[str, Any], reason: str) -> None:
    with pytest.raises(ElasticsearchError) as caught:
        store.search(**body)
    assert caught.value.reason == reason
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("body", "type_", "reason"),
    [
        ({"size": 10_001}, "illegal_argument_exception", "Result window is too large, from + size must be less than or equal"),
        ({"sort": "x"}, "query_shard_exception", "No mapping found for [x] in order to sort on"),
        ({"sort": "t"}, "illegal_argument_exception", "Text fields are not optimised for operations"),
    ],
)
def test_what_the_shards_refuse(store: Store, body: dict[str, Any], type_: str, reason: str) -> None:
    with pytest.raises(ElasticsearchError) as caught:
        store.search(**body)
    error = caught.value.document()["error"]
    assert (error["type"], error["reason"], error["phase"]) == (
        "search_phase_execution_exception",
        "all shards failed",
        "query",
    )
    assert error["root_cause"][0]["type"] == type_
    assert error["root_cause"][0]["reason"].startswith(reason)


@pytest.mark.parametrize(
    "body", [{"collapse": {"field": "k"}}, {"sort": {"_script": {}}}, {"sort": {"a.b": {"nested": {"path": "a"}}}}]
)
def test_what_is_not_here_is_named(store: Store, body: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedHere):
        store.search(**body)


def test_a_wider_window() -> None:
    store = Store("8.19")
    store.indices.create("books", settings={"max_result_window": 3})
    with pytest.raises(ElasticsearchError):
        store.search(size=4)
    assert store.search(size=3).total == 0


def seconds(store: Store, job: str, shift: int) -> float:
    """The least time of a page of one job's documents; ``shift`` makes each search one that was not made before."""
    taken = []
    for turn in range(5):
        conditions = [{"term": {"job": job}}, {"range": {"at": {"gte": shift + turn}}}]
        begun = time.perf_counter()
        store.search({"bool": {"filter": conditions}}, sort=[{"at": "asc"}], size=50)
        taken.append(time.perf_counter() - begun)
    return min(taken)


def test_a_page_does_not_slow_as_documents_of_others_pile_up() -> None:
    store = Store("8.19", job={"type": "keyword"}, at={"type": "date"})
    for number in range(1000):
        store.indices.put("books", None, {"job": "mine", "at": number})
    seconds(store, "mine", 0)
    alone = seconds(store, "mine", 10)
    for number in range(30_000):
        store.indices.put("books", None, {"job": f"other-{number % 30}", "at": number})
    seconds(store, "mine", 20)
    assert seconds(store, "mine", 30) < 4 * alone
