"""Queries on words, query strings, and scores."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.analysis.analyzers import ANALYZERS
from tests.documents.support import Store
from tests.documents.test_queries import BOOKS, MAPPING


@pytest.fixture(scope="module")
def store() -> Store:
    """Four books."""
    store = Store("8.19", **MAPPING)
    store.put(*BOOKS)
    return store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"match": {"title": "QUICK"}}, ["3", "0", "1"]),
        ({"match": {"title": {"query": "quick brown", "operator": "and"}}}, ["0"]),
        ({"match": {"title": {"query": "quick brown lazy", "minimum_should_match": 2}}}, ["1", "0"]),
        ({"match": {"title": {"query": "brwn", "fuzziness": "AUTO"}}}, ["0", "2"]),
        ({"match": {"title": ""}}, []),
        ({"match": {"title": {"query": "", "zero_terms_query": "all"}}}, ["0", "1", "2", "3"]),
        ({"match": {"tag": "a"}}, ["0", "1"]),
        ({"match": {"n": {"query": "x", "lenient": True}}}, []),
        ({"match": {"nothing": "x"}}, []),
        ({"match_phrase": {"title": "quick brown"}}, ["0"]),
        ({"match_phrase": {"title": "brown quick"}}, []),
        ({"match_phrase": {"title": {"query": "quick fox", "slop": 1}}}, ["0"]),
        ({"match_phrase_prefix": {"title": "quick f"}}, ["1"]),
        ({"match_phrase_prefix": {"title": "sug"}}, ["2"]),
        ({"match_phrase_prefix": {"tag": "A"}}, ["3"]),
        ({"match_bool_prefix": {"title": "brown qu"}}, ["0", "2", "3", "1"]),
        ({"multi_match": {"query": "brown"}}, ["2", "0"]),
        ({"multi_match": {"query": "a", "fields": ["tag^3", "title"]}}, ["0", "1"]),
        ({"multi_match": {"query": "quick fox", "fields": ["title"], "type": "phrase"}}, []),
        ({"multi_match": {"query": "sugar brown", "fields": ["ti*"], "type": "cross_fields", "operator": "and"}}, ["2"]),
        ({"multi_match": {"query": "qui", "fields": ["title"], "type": "phrase_prefix"}}, ["3", "0", "1"]),
    ],
)
def test_words(store: Store, query: dict[str, Any], found: list[str]) -> None:
    assert sorted(store.ids(query)) == sorted(found)
    if len(found) > 1 and "match" in query:
        assert store.ids(query) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quick AND NOT brown", "13"),
        ("quick && !brown", "13"),
        ("sugar || jump", "12"),
        ("quick -lazy", "03"),
        ("+quick brown", "013"),
        ("NOT quick", "2"),
        ("tag:a AND n:>1", "1"),
        ("tag:(b OR AB)", "13"),
        ("n:[1 TO 3}", "01"),
        ("n:{1 TO *}", "123"),
        ("n:<=1", "0"),
        ("tag:a*", "01"),
        ("title:QUI*", "013"),
        ("tag:/A./", "3"),
        ('"quick brown" OR sugar', "02"),
        ('title:"quick fox"~1', "0"),
        ("title:quikc~", "013"),
        ("title:quikc~1", ""),
        ("_exists_:tag", "013"),
        ("tag:*", "013"),
        ("*:*", "0123"),
        ("*", "0123"),
        ("when:[2024-02-01 TO 2024-02-01]", "12"),
        ("when:[now-1d TO *]", ""),
        ("ip:10.0.0.1", "0"),
        ("title:(quick AND (brown OR jump))^2", "01"),
        ("o.x:out", "1"),
        ("nothing:1", ""),
        ("", ""),
    ],
)
def test_query_strings(store: Store, text: str, found: str) -> None:
    assert "".join(sorted(store.ids({"query_string": {"query": text}}))) == found


def test_options_of_query_strings(store: Store) -> None:
    def ids(query: str, **options: Any) -> str:
        return "".join(sorted(store.ids({"query_string": {"query": query, **options}})))

    assert ids("quick brown", default_operator="AND") == "0"
    assert ids("a", default_field="tag") == "01"
    assert ids("a", fields=["tag", "title^2"]) == "01"
    assert ids("when:[2024-01-01T01:00:00 TO 2024-01-01T01:00:00]", time_zone="+01:00") == "0"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quick + -lazy", "03"),
        ("sugar | jump", "12"),
        ("(sugar | jump) + brown", "2"),
        ('"brown fox" sugar', "02"),
        ('"quick fox"~1', "0"),
        ("sug*", "2"),
        ("quick (", "013"),
        ("*", "0123"),
        ("", ""),
        ("+ | )", ""),
    ],
)
def test_simple_query_strings(store: Store, text: str, found: str) -> None:
    assert "".join(sorted(store.ids({"simple_query_string": {"query": text, "fields": ["title"]}}))) == found


def scores(store: Store, query: dict[str, Any]) -> dict[str, float | None]:
    """Scores by id."""
    return {hit.document.id: hit.score for hit in store.search(query).hits}


def test_scores(store: Store) -> None:
    assert scores(store, {"term": {"tag": "a"}}) == {"0": 1.0, "1": 1.0}
    assert scores(store, {"term": {"tag": {"value": "b", "boost": 3}}}) == {"1": 3.0}
    assert scores(store, {"bool": {"filter": {"term": {"tag": "b"}}}}) == {"1": 0.0}
    assert scores(store, {"constant_score": {"filter": {"match": {"title": "sugar"}}, "boost": 2}}) == {"2": 2.0}
    both = {"bool": {"must": {"term": {"tag": "a"}}, "should": {"term": {"tag": "b"}}}}
    assert scores(store, both) == {"1": 2.0, "0": 1.0}
    best = {"dis_max": {"queries": [{"term": {"tag": "a"}}, {"term": {"tag": "b"}}], "tie_breaker": 0.5}}
    assert scores(store, best) == {"1": 1.5, "0": 1.0}
    assert store.search({"match": {"title": "quick"}}).max_score == scores(store, {"match": {"title": "quick"}})["3"]
    assert store.ids({"match": {"title": "quick"}}, min_score=0.3) == ["3", "0"]


def test_a_score_as_lucene_has_it() -> None:
    store = Store("8.19", t={"type": "text"})
    store.put({"t": "one two"}, {"t": "one one three four"})
    # ln(1 + (2 - 1 + 0.5) / (1 + 0.5)) * 2.2 * 1 / (1 + 1.2 * (0.25 + 0.75 * 2 / 3))
    assert scores(store, {"match": {"t": "two"}})["0"] == pytest.approx(0.80259, abs=1e-5)


@pytest.mark.parametrize(
    ("analyzer", "words"),
    [
        ("standard", ["it's", "3.14", "o'neil_x", "a", "b", "example.com", "über"]),
        ("simple", ["it", "s", "o", "neil", "x", "a", "b", "example", "com", "über"]),
        ("whitespace", ["It's", "3.14", "O'Neil_x", "a-b", "example.com,", "Über"]),
        ("keyword", ["It's 3.14 O'Neil_x a-b example.com, Über"]),
        ("stop", ["s", "o", "neil", "x", "b", "example", "com", "über"]),
    ],
)
def test_analyzers(analyzer: str, words: list[str]) -> None:
    assert ANALYZERS[analyzer]("It's 3.14 O'Neil_x a-b example.com, Über") == words
