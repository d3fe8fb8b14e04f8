"""Types of documents: several in one index in 5.x, each with its own ids and mapping; one from 6.0."""

from __future__ import annotations

import pytest

from tests.support import Http, http


def typed(release: str = "5.6") -> Http:
    """An index with a document "1" of each of the types a and b."""
    fake = http(release)
    fake("PUT", "/i/a/1", {"x": 1, "o": {"p": "t"}})
    assert fake("PUT", "/i/b/1", {"y": 2, "x": 3}).status == 201
    return fake


def test_each_type_has_its_own_ids() -> None:
    fake = typed()
    assert fake("GET", "/i/a/1").body["_source"] == {"x": 1, "o": {"p": "t"}}
    assert fake("GET", "/i/b/1").body["_source"] == {"y": 2, "x": 3}
    assert fake("GET", "/i/c/1").status == 404
    assert fake("GET", "/i/_all/1").body["_type"] == "a"
    assert fake("POST", "/i/_count").body["count"] == 2
    assert fake("POST", "/i/b/_count").body["count"] == 1
    assert fake("POST", "/i/_search", {"query": {"ids": {"values": ["1"]}}}).body["hits"]["total"] == 2
    assert fake("PUT", "/i/b/1", {"y": 3}).body["_version"] == 2
    assert fake("GET", "/i/a/1").body["_version"] == 1
    assert fake("POST", "/i/b/1/_update", {"doc": {"y": 4}}).body["_version"] == 3
    reply = fake("PUT", "/i/b/1/_create", {})
    assert (reply.status, reply.reason) == (409, "[b][1]: version conflict, document already exists (current version [3])")
    assert fake("DELETE", "/i/b/1").body["result"] == "deleted"
    assert fake("GET", "/i/b/1").status == 404
    assert fake("GET", "/i/a/1").status == 200


def test_each_type_has_its_own_mapping() -> None:
    fake = typed()
    x, y = {"type": "long"}, {"type": "long"}
    text = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}}
    a, b = {"properties": {"o": {"properties": {"p": text}}, "x": x}}, {"properties": {"x": x, "y": y}}
    assert fake("GET", "/i/_mapping").body == {"i": {"mappings": {"a": a, "b": b}}}
    assert fake("GET", "/i/_mapping/b").body == {"i": {"mappings": {"b": b}}}
    assert fake("GET", "/i").body["i"]["mappings"] == {"a": a, "b": b}
    assert fake("PUT", "/i/_mapping/c", {"properties": {"z": {"type": "date"}}}).status == 200
    assert fake("GET", "/i/_mapping/c").body["i"]["mappings"]["c"] == {"properties": {"z": {"type": "date"}}}
    assert list(fake("GET", "/i/_mapping/field/x").body["i"]["mappings"]) == ["a", "b"]


def test_types_of_a_new_index() -> None:
    body = {"mappings": {"a": {"properties": {"x": {"type": "long"}}}, "b": {"dynamic": "strict"}}}
    fake = http("5.6")
    assert fake("PUT", "/i", body).status == 200
    assert fake("GET", "/i/_mapping").body["i"]["mappings"]["a"] == {"properties": {"x": {"type": "long"}}}
    newer = http("6.0")
    reply = newer("PUT", "/i", body)
    said = "Rejecting mapping update to [i] as the final mapping would have more than 1 type: [a, b]"
    assert (reply.status, reply.reason) == (400, said)
    assert newer("HEAD", "/i").status == 404


def test_a_document_of_another_type_than_the_mappings_is_taken() -> None:
    fake = http("5.4")
    fake("PUT", "/i", {"mappings": {"a": {"properties": {"x": {"type": "long"}}}}})
    assert fake("PUT", "/i/b/1", {"x": 1}).status == 201
    assert fake("GET", "/i/a/1").status == 404


@pytest.mark.parametrize("release", ["6.0", "6.8"])
def test_from_6_0_an_index_has_one_type(release: str) -> None:
    fake = http(release)
    fake("PUT", "/i/a/1", {"x": 1})
    said = "Rejecting mapping update to [i] as the final mapping would have more than 1 type: [a, b]"
    reply = fake("PUT", "/i/b/1", {"x": 1})
    assert (reply.status, reply.reason) == (400, said)


def test_by_query_and_in_bulk() -> None:
    fake = typed()
    lines = '{"delete":{"_index":"i","_type":"a","_id":"1"}}\n{"index":{"_index":"i","_type":"b","_id":"2"}}\n{"y":1}\n'
    assert [next(iter(item.values()))["status"] for item in fake("POST", "/_bulk", lines).body["items"]] == [200, 201]
    docs = {"docs": [{"_index": "i", "_type": "a", "_id": "1"}, {"_index": "i", "_type": "b", "_id": "1"}]}
    assert [found["found"] for found in fake("POST", "/_mget", docs).body["docs"]] == [False, True]
    assert fake("POST", "/i/_delete_by_query", {"query": {"term": {"y": 1}}}).body["deleted"] == 1
    assert fake("GET", "/i/b/2").status == 404
    assert fake("GET", "/i/b/1").status == 200
