"""A long request lets others in between its steps. If they change what it reads, it begins again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import Http, http

DOCUMENTS = 30
CLAUSES: dict[str, Any] = {"bool": {"should": [{"match_all": {}}, *({"term": {"n": number}} for number in range(200))]}}
AGGREGATIONS = {name: {"value_count": {"field": "n"}} for name in "abc"}


def filled(documents: int = DOCUMENTS) -> Http:
    fake = http("9.5")
    for number in range(documents):
        add(fake, number)
    return fake


def add(fake: Http, number: int) -> None:
    assert fake("PUT", f"/x/_doc/{number}", {"n": number}).status == 201


def changed_between_steps(fake: Http, times: int) -> list[int]:
    """Index a document at each of the first ``times`` chances that a long request gives to others. Return their numbers."""
    added = list[int]()

    def let_in() -> bool:
        if len(added) < times:
            added.append(DOCUMENTS + len(added))
            add(fake, added[-1])
        return True

    fake.fake.cluster.let_in = let_in  # type: ignore[method-assign]
    return added


@pytest.mark.parametrize(("changes", "seen"), [(1, 1), (2, 2), (3, 3), (1000, 3)])
def test_a_search_sees_an_index_as_it_is_at_one_moment(changes: int, seen: int) -> None:
    fake = filled()
    added = changed_between_steps(fake, changes)
    found = fake("POST", "/x/_search", {"query": CLAUSES, "aggs": AGGREGATIONS, "size": 1000}).body
    assert len(added) == seen
    assert found["hits"]["total"]["value"] == len(found["hits"]["hits"]) == DOCUMENTS + seen
    assert {name: result["value"] for name, result in found["aggregations"].items()} == dict.fromkeys("abc", DOCUMENTS + seen)


def test_a_search_goes_on_if_nothing_of_its_own_changes() -> None:
    fake = filled()
    calls = list[int]()

    def let_in() -> bool:
        calls.append(fake("PUT", f"/y/_doc/{len(calls)}", {"n": 1}).status)
        return True

    fake.fake.cluster.let_in = let_in  # type: ignore[method-assign]
    assert fake("POST", "/x/_count", {"query": CLAUSES}).body["count"] == DOCUMENTS
    first = len(calls)
    assert first > 10
    assert set(calls) == {201}
    # The same search again is answered from the results that are kept.
    assert fake("POST", "/x/_count", {"query": CLAUSES}).body["count"] == DOCUMENTS
    assert len(calls) == first


def test_items_of_msearch_and_changes_by_query_let_others_in() -> None:
    fake = filled()
    added = changed_between_steps(fake, 1)
    (answer,) = fake("POST", "/x/_msearch", "{}\n" + json.dumps({"query": CLAUSES, "size": 0}) + "\n").body["responses"]
    assert answer["hits"]["total"]["value"] == DOCUMENTS + 1
    assert len(added) == 1
    added = changed_between_steps(fake, 0)
    assert fake("POST", "/x/_delete_by_query", {"query": CLAUSES}).body["deleted"] == DOCUMENTS + 1


@pytest.mark.parametrize("documents", [20, 200])
@pytest.mark.parametrize("kind", ["should", "least", "must_not", "dis_max", "must"])
def test_many_clauses_find_and_score_as_few(kind: str, documents: int) -> None:
    """With many documents and clauses the search goes clause by clause, with few document by document."""
    fake = filled(documents)
    ranges = [{"range": {"n": {"gte": number, "boost": number + 1}}} for number in range(100)]
    queries = {
        "should": {"bool": {"should": ranges}},
        "least": {"bool": {"should": ranges, "minimum_should_match": 3}},
        "must_not": {"bool": {"must_not": [{"term": {"n": number}} for number in range(2, 100)]}},
        "dis_max": {"dis_max": {"queries": ranges, "tie_breaker": 0.5}},
        "must": {"bool": {"must": [{"bool": {"should": ranges}}, {"range": {"n": {"gte": 0}}}]}},
    }
    expected = dict[int, float]()
    for number in range(documents):
        boosts = list(range(1, min(number, 99) + 2))
        if kind == "should" or (kind == "least" and len(boosts) >= 3):
            expected[number] = sum(boosts)
        elif kind == "must_not" and not 2 <= number < 100:
            expected[number] = 0.0
        elif kind == "dis_max":
            expected[number] = boosts[-1] + 0.5 * sum(boosts[:-1])
        elif kind == "must":
            expected[number] = sum(boosts) + 1.0
    found = fake("POST", "/x/_search", {"query": queries[kind], "size": 1000}).body["hits"]["hits"]
    assert {hit["_source"]["n"]: hit["_score"] for hit in found} == expected


def test_many_changes_of_aliases_let_others_in_and_are_made_all_or_not_at_all() -> None:
    fake = filled(1)
    actions: list[Any] = [{"add": {"index": "x", "alias": f"y{number}"}} for number in range(50)]
    added = changed_between_steps(fake, 1)
    assert fake("POST", "/_aliases", {"actions": actions}).status == 200
    assert len(added) == 1
    assert len(fake("GET", "/x/_alias").body["x"]["aliases"]) == 50
    taken = list[int]()

    def let_in() -> bool:
        taken.append(fake("PUT", "/last").status)
        return True

    fake.fake.cluster.let_in = let_in  # type: ignore[method-assign]
    refused = [{"remove": {"index": "x", "alias": "y*"}}, *actions, {"add": {"index": "x", "alias": "last"}}]
    assert fake("POST", "/_aliases", {"actions": refused}).status == 400
    assert taken[0] == 200
    assert len(fake("GET", "/x/_alias").body["x"]["aliases"]) == 50


def test_many_events_of_a_calendar_let_others_in() -> None:
    fake = filled(1)
    assert fake("PUT", "/_ml/calendars/c", {}).status == 200
    added = changed_between_steps(fake, 5)
    events = [{"description": "d", "start_time": number, "end_time": number + 1} for number in range(5)]
    assert len(fake("POST", "/_ml/calendars/c/events", {"events": events}).body["events"]) == 5
    assert len(added) == 5
    assert fake("GET", "/_ml/calendars/c/events").body["count"] == 5


def test_patterns_of_aliases_are_resolved_before_the_first_change() -> None:
    fake = filled(1)
    assert fake("PUT", "/x/_alias/y0").status == 200
    actions = [{"add": {"index": "x", "alias": "y1"}}, {"remove": {"index": "x", "alias": "y*"}}]
    assert fake("POST", "/_aliases", {"actions": actions}).status == 200
    assert list(fake("GET", "/x/_alias").body["x"]["aliases"]) == ["y1"]
