"""Searches over HTTP: hits, totals, pages, scrolls, points in time, refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.spec.answering import Checked, checked
from tests.support import RELEASES, Reply, http

DAY = 86_400_000


def fill(fake: Any, path: str = "/logs/_doc") -> None:
    for n in range(5):
        fake("PUT", f"{path}/{n}", {"n": n, "at": n * DAY, "text": "disk full" if n % 2 else "all well"})


@pytest.fixture
def es() -> Checked:
    fake = checked()
    fake("PUT", "/logs", {"mappings": {"properties": {"at": {"type": "date"}}}})
    fill(fake)
    return fake


def ids(reply: Reply) -> list[str]:
    return [hit["_id"] for hit in reply.body["hits"]["hits"]]


@pytest.mark.parametrize("release", RELEASES)
def test_an_answer_is_shaped_by_the_release(release: str) -> None:
    fake = http(release)
    fill(fake, "/logs/_doc" if fake.fake.version >= (6, 2) else "/logs/event")
    body = fake("GET", "/logs/_search?size=1").body
    assert body["hits"]["total"] == (5 if fake.fake.version < (7, 0) else {"value": 5, "relation": "eq"})
    assert ("skipped" in body["_shards"]) is (fake.fake.version >= (5, 6))
    assert ("_type" in body["hits"]["hits"][0]) is (fake.fake.version < (8, 0))


def test_bodies_and_parameters_ask_alike(es: Checked) -> None:
    body = {"query": {"query_string": {"query": "n:[1 TO 3]"}}, "sort": [{"n": {"order": "desc"}}], "size": 2, "from": 1}
    assert ids(es("POST", "/logs/_search", body)) == ["2", "1"]
    assert ids(es("GET", "/logs/_search?q=n:[1+TO+3]&sort=n:desc&size=2&from=1")) == ["2", "1"]
    assert ids(es("GET", "/logs/_search?sort=n:sideways&size=1")) == ["0"]


def test_what_is_shown_of_a_hit(es: Checked) -> None:
    asked = {
        "query": {"term": {"n": 3}}, "_source": ["n"], "fields": ["text", {"field": "at", "format": "yyyy-MM-dd"}],
        "docvalue_fields": [{"field": "n"}], "version": True, "seq_no_primary_term": True, "sort": ["at"],
    }  # fmt: skip
    hit = es("POST", "/logs/_search", asked).body["hits"]["hits"][0]
    assert hit == {
        "_index": "logs", "_id": "3", "_version": 1, "_seq_no": 3, "_primary_term": 1, "_score": None, "_source": {"n": 3},
        "fields": {"n": [3], "text": ["disk full"], "at": ["1970-01-04"]}, "sort": [3 * DAY],
    }  # fmt: skip
    assert "_source" not in es("POST", "/logs/_search", {"stored_fields": ["n"]}).body["hits"]["hits"][0]


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", {"value": 5, "relation": "eq"}),
        ("?track_total_hits=2", {"value": 2, "relation": "gte"}),
        ("?track_total_hits=true", {"value": 5, "relation": "eq"}),
        ("?track_total_hits=false", None),
        ("?rest_total_hits_as_int", 5),
    ],
)
def test_totals(es: Checked, query: str, total: object) -> None:
    assert es("GET", f"/logs/_search{query}").body["hits"].get("total") == total


def test_aggregations_come_with_their_kinds_if_asked(es: Checked) -> None:
    body = {"size": 0, "aggs": {"most": {"max": {"field": "n"}}}}
    reply = es("POST", "/logs/_search", body)
    assert reply.body["aggregations"] == {"most": {"value": 4.0}}
    assert reply.body["hits"]["max_score"] is None
    assert es("POST", "/logs/_search?typed_keys", body).body["aggregations"].keys() == {"max#most"}


@pytest.mark.parametrize(
    ("body", "type_", "reason"),
    [
        ({"query": {"matches": {}}}, "parsing_exception", "unknown query [matches] did you mean any of [match, match_all]?"),
        ({"qwery": {}}, "parsing_exception", None),
        ({"size": 10_001}, "search_phase_execution_exception", "all shards failed"),
        ({"sort": ["text"]}, "search_phase_execution_exception", "all shards failed"),
        ({"aggs": {"a": {"terms": {"field": "text"}}}}, "search_phase_execution_exception", "all shards failed"),
        ({"size": -1}, "illegal_argument_exception", None),
        ({"search_after": [1]}, "illegal_argument_exception", "Sort must contain at least one field."),
        ({"track_total_hits": "some"}, "illegal_argument_exception",
         "[track_total_hits] parameter must be positive or equals to -1, got some"),
    ],
)  # fmt: skip
def test_searches_that_cannot_be_carried_out(es: Checked, body: object, type_: str, reason: str | None) -> None:
    reply = es("POST", "/logs/_search", body)
    assert (reply.status, reply.type) == (400, type_)
    assert reason in (None, reply.reason)


def test_a_failed_search_names_its_shards(es: Checked) -> None:
    error = es("POST", "/logs/_search", {"size": 10_001}).body["error"]
    assert error["root_cause"][0]["type"] == "illegal_argument_exception"
    assert error["failed_shards"][0]["index"] == "logs"
    assert error["phase"] == "query"


def test_a_bad_query_hides_a_missing_index(es: Checked) -> None:
    assert es("POST", "/gone/_search", {"query": {"nonsense": {}}}).type == "parsing_exception"
    assert es("POST", "/gone/_search", {}).type == "index_not_found_exception"
    assert es("GET", "/gone/_search?ignore_unavailable").body["hits"]["hits"] == []
    assert es("GET", "/go*/_search?allow_no_indices=false").status == 404
    assert es("GET", "/_search?expand_wildcards=odd").reason == "No valid expand wildcard value [odd]"


@pytest.mark.parametrize("name", ["highlight", "profile", "explain", "suggest", "collapse", "knn"])
def test_what_is_not_emulated_says_so(es: Checked, name: str) -> None:
    assert es("POST", "/logs/_search", {name: {"a": {}} if name not in ("profile", "explain") else True}).status == 501


def test_counting(es: Checked) -> None:
    assert es("GET", "/logs/_count").body["count"] == 5
    assert es("POST", "/logs/_count", {"query": {"match": {"text": "full"}}}).body["count"] == 2
    assert es("POST", "/logs/_count", {"size": 1}).reason == "request does not support [size]"


def test_a_scroll_hands_out_all_as_it_was(es: Checked) -> None:
    page = es("POST", "/logs/_search?scroll=1m", {"size": 2, "sort": ["n"]})
    es("DELETE", "/logs/_doc/4")
    seen = []
    while ids(page):
        seen += ids(page)
        page = es("POST", "/_search/scroll", {"scroll": "1m", "scroll_id": page.body["_scroll_id"]})
    assert seen == ["0", "1", "2", "3", "4"]
    cleared = {"scroll_id": page.body["_scroll_id"]}
    assert es("DELETE", "/_search/scroll", cleared).body == {"succeeded": True, "num_freed": 1}
    assert es("DELETE", "/_search/scroll", cleared).status == 404
    over = es("POST", "/_search/scroll", cleared)
    assert (over.status, over.type) == (404, "search_context_missing_exception")


def test_a_scroll_ends_when_nobody_asks(es: Checked) -> None:
    first = es("POST", "/logs/_search?scroll=1m", {"size": 1}).body["_scroll_id"]
    es.fake.clock.advance("61s")
    assert es("POST", "/_search/scroll", {"scroll_id": first}).status == 404


@pytest.mark.parametrize(
    ("query", "body", "reason"),
    [
        ("scroll=1m", {"from": 1}, "Validation Failed: 1: using [from] is not allowed in a scroll context;"),
        ("scroll=1m", {"size": 0}, "Validation Failed: 1: [size] cannot be [0] in a scroll context;"),
        ("scroll=2d", {}, "Keep alive for request (2d) is too large. It must be less than (1d). This limit can be set by"
         " changing the [search.max_keep_alive] cluster level setting."),
    ],
)  # fmt: skip
def test_scrolls_that_cannot_begin(es: Checked, query: str, body: object, reason: str) -> None:
    assert es("POST", f"/logs/_search?{query}", body).reason == reason


def test_ids_of_scrolls_that_are_none(es: Checked) -> None:
    assert es("POST", "/_search/scroll", {"scroll_id": "nonsense"}).reason == "Cannot parse scroll id"
    assert es("POST", "/_search/scroll", {}).reason == "Validation Failed: 1: scrollId is missing;"
    es("POST", "/logs/_search?scroll=1m", {})
    assert es("DELETE", "/_search/scroll/_all").body["num_freed"] == 1


def test_a_point_in_time_sees_nothing_later(es: Checked) -> None:
    pit = es("POST", "/logs/_pit?keep_alive=1m").body["id"]
    es("DELETE", "/logs/_doc/0")
    es("PUT", "/logs/_doc/1", {"n": 100})
    body: dict[str, Any] = {"pit": {"id": pit, "keep_alive": "2m"}, "size": 2, "sort": [{"n": "asc"}, "_shard_doc"]}
    seen: list[str] = []
    while ids(page := es("POST", "/_search", body)):
        seen += ids(page)
        body["search_after"] = page.body["hits"]["hits"][-1]["sort"]
    assert seen == ["0", "1", "2", "3", "4"]
    assert es("POST", "/logs/_search", body).reason.startswith(
        "Validation Failed: 1: [indices] cannot be used with point in time"
    )
    assert es("DELETE", "/_pit", {"id": pit}).body["num_freed"] == 1
    assert es("POST", "/_search", body).type == "search_context_missing_exception"


def test_many_searches_at_once(es: Checked) -> None:
    entries: list[Any] = [{"index": "logs"}, {"size": 0}, {"index": "gone"}, {}, {}, {"query": {"nonsense": {}}}]
    text = "".join(json.dumps(entry) + "\n" for entry in entries)
    first, second, third = es("POST", "/_msearch", text).body["responses"]
    assert (first["status"], first["hits"]["total"]["value"]) == (200, 5)
    assert (second["status"], second["error"]["type"]) == (404, "index_not_found_exception")
    assert (third["status"], third["error"]["type"]) == (400, "parsing_exception")
    assert es("POST", "/_msearch", text.rstrip()).reason == "The msearch request must be terminated by a newline [\\n]"


def test_queries_are_validated(es: Checked) -> None:
    assert es("GET", "/logs/_validate/query?q=n:1").body["valid"] is True
    told = es("POST", "/logs/_validate/query?explain", {"query": {"nonsense": {}}}).body
    assert (told["valid"], told["error"]) == (False, "parsing_exception: unknown query [nonsense]")
