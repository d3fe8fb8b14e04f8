"""Single documents and those in bulk: written, read, updated, refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.spec.answering import Checked, checked
from tests.support import RELEASES, http


@pytest.fixture
def es() -> Checked:
    return checked()


def lines(*entries: object) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in entries)


@pytest.mark.parametrize("release", RELEASES)
def test_a_document_through_its_life(release: str) -> None:
    fake = http(release)
    typed = fake.fake.version < (6, 2)
    path = "/logs/event/1" if typed else "/logs/_doc/1"
    made = fake("PUT", path, {"size": 1})
    assert (made.status, made.body["result"], made.headers["location"]) == (201, "created", path)
    assert made.body.get("created") == (True if release.startswith("5") else None)
    assert made.body.get("_seq_no") == (None if release.startswith("5") else 0)
    assert made.body.get("_type") == (None if fake.fake.version >= (8, 0) else "event" if typed else "_doc")
    assert fake("PUT", path, {"size": 2}).body["result"] == "updated"
    found = fake("GET", path).body
    assert (found["found"], found["_version"], found["_source"]) == (True, 2, {"size": 2})
    assert fake("HEAD", path).status == 200
    gone = fake("DELETE", path)
    assert (gone.status, gone.body["result"], gone.body["_version"]) == (200, "deleted", 3)
    assert fake("GET", path).status == fake("HEAD", path).status == fake("DELETE", path).status == 404


def test_ids_are_drawn(es: Checked) -> None:
    made = es("POST", "/logs/_doc", {}).body
    assert len(made["_id"]) == 20
    assert es("GET", f"/logs/_doc/{made['_id']}").body["found"] is True


def test_an_id_is_created_once(es: Checked) -> None:
    es("PUT", "/logs/_create/1", {})
    for path in ("/logs/_create/1", "/logs/_doc/1?op_type=create"):
        reply = es("PUT", path, {})
        assert (reply.status, reply.type) == (409, "version_conflict_engine_exception")
        assert reply.reason == "[1]: version conflict, document already exists (current version [1])"


def test_writers_say_which_version_they_know(es: Checked) -> None:
    es("PUT", "/logs/_doc/1", {})
    assert es("PUT", "/logs/_doc/1?if_seq_no=0&if_primary_term=1", {}).status == 200
    assert es("PUT", "/logs/_doc/1?if_seq_no=0&if_primary_term=1", {}).reason == (
        "[1]: version conflict, required seqNo [0], primary term [1]. current document has seqNo [1] and primary term [1]"
    )
    assert es("PUT", "/logs/_doc/1?version=7&version_type=external", {}).body["_version"] == 7
    assert es("DELETE", "/logs/_doc/1?version=6&version_type=external").status == 409
    assert es("GET", "/logs/_doc/1?version=3").status == 409


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("_doc/1?version=1", "Validation Failed: 1: internal versioning can not be used for optimistic concurrency control."
         " Please use `if_seq_no` and `if_primary_term` instead;"),
        ("_doc/1?if_seq_no=1", "Validation Failed: 1: ifSeqNo is set, but primary term is [0];"),
        ("_create/1?version=1&version_type=external",
         "Validation Failed: 1: create operations only support internal versioning. use index instead;"),
        ("_doc/1?op_type=upsert", "opType must be 'create' or 'index', found: [upsert]"),
        ("_doc/1?version_type=odd", "No version type match [odd]"),
        ("_doc/1?refresh=maybe", "Unknown value for refresh: [maybe]."),
        (f"_doc/{'x' * 513}",
         f"Validation Failed: 1: id [{'x' * 513}] is too long, must be no longer than 512 bytes but was: 513;"),
        ("_doc/1?pipeline=gone", "pipeline with id [gone] does not exist"),
        ("_doc/1?require_alias",
         "no such index [logs] and [require_alias] request flag is [true] and [logs] is not an alias"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_itself_makes_no_index(es: Checked, path: str, reason: str) -> None:
    assert es("PUT", f"/logs/{path}", {}).reason == reason
    assert es("HEAD", "/logs").status == 404


@pytest.mark.parametrize(
    ("release", "type_", "reason"),
    [
        ("6.8", "mapper_parsing_exception", "failed to parse field [size] of type [long]"),
        ("9.5", "document_parsing_exception",
         "[1:10] failed to parse field [size] of type [long] in document with id '2'. Preview of field's value: 'big'"),
    ],
)  # fmt: skip
def test_a_document_must_fit_its_mapping(release: str, type_: str, reason: str) -> None:
    fake = http(release)
    fake("PUT", "/logs/_doc/1", {"size": 1})
    reply = fake("PUT", "/logs/_doc/2", {"size": "big"})
    assert (reply.status, reply.type, reply.reason) == (400, type_, reason)


@pytest.mark.parametrize("body", ["[1]", "{", "{} x"[:1] + '"a"', "7"])
def test_what_is_no_document(es: Checked, body: str) -> None:
    reply = es("POST", "/logs/_doc", body)
    assert (reply.status, reply.type) == (400, "document_parsing_exception")
    assert es("POST", "/logs/_doc").reason == "request body is required"


def test_parts_of_the_source(es: Checked) -> None:
    es("PUT", "/logs/_doc/1", {"at": {"day": 1, "hour": 2}, "tags": ["a"], "size": 3})
    for query, left in (
        ("_source=at.day,size", {"at": {"day": 1}, "size": 3}),
        ("_source_excludes=at", {"tags": ["a"], "size": 3}),
        ("_source_includes=at,t*&_source_excludes=*.hour", {"at": {"day": 1}, "tags": ["a"]}),
    ):
        assert es("GET", f"/logs/_doc/1?{query}").body["_source"] == left
        assert es("GET", f"/logs/_source/1?{query}").body == left
    assert "_source" not in es("GET", "/logs/_doc/1?_source=false").body
    assert es("HEAD", "/logs/_source/1").status == 200
    assert es("GET", "/logs/_source/2").reason == "Document not found [logs]/[2]"


def test_updates_change_parts(es: Checked) -> None:
    es("PUT", "/logs/_doc/1", {"at": {"day": 1}, "size": 3})
    assert es("POST", "/logs/_update/1", {"doc": {"at": {"hour": 2}}}).body["result"] == "updated"
    assert es("POST", "/logs/_update/1", {"doc": {"size": 3}}).body["result"] == "noop"
    assert es("POST", "/logs/_update/1", {"doc": {"size": 3}, "detect_noop": False}).body["result"] == "updated"
    assert es("GET", "/logs/_source/1").body == {"at": {"day": 1, "hour": 2}, "size": 3}


def test_updates_insert(es: Checked) -> None:
    assert es("POST", "/logs/_update/1", {"doc": {"a": 1}, "upsert": {"b": 1}}).status == 201
    assert es("POST", "/logs/_update/2", {"doc": {"a": 1}, "doc_as_upsert": True}).body["result"] == "created"
    assert es("GET", "/logs/_source/1").body == {"b": 1}
    missing = es("POST", "/logs/_update/3", {"doc": {}})
    assert (missing.status, missing.type, missing.reason) == (404, "document_missing_exception", "[3]: document missing")


@pytest.mark.parametrize(
    ("script", "result", "source"),
    [
        ("ctx._source.n += params.by", "updated", {"n": 5, "tag": "x"}),
        ("ctx._source.n++; ctx._source['tag'] = 'y;z'", "updated", {"n": 4, "tag": "y;z"}),
        ("ctx._source.remove('tag')", "updated", {"n": 3}),
        ("ctx.op = 'none'", "noop", {"n": 3, "tag": "x"}),
        ("ctx.op = 'delete'", "deleted", None),
    ],
)
def test_plain_scripts_update(es: Checked, script: str, result: str, source: Any) -> None:
    es("PUT", "/logs/_doc/1", {"n": 3, "tag": "x"})
    body = {"script": {"source": script, "params": {"by": 2}}}
    assert es("POST", "/logs/_update/1", body).body["result"] == result
    reply = es("GET", "/logs/_source/1")
    assert (reply.body if reply.status == 200 else None) == source


def test_other_scripts_are_not_emulated(es: Checked) -> None:
    es("PUT", "/logs/_doc/1", {"n": 3})
    assert es("POST", "/logs/_update/1", {"script": "for (x in ctx._source.n) { }"}).status == 501
    assert es("GET", "/logs/_doc/1").body["_version"] == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"dac": {}}, "[1:2] [UpdateRequest] unknown field [dac] did you mean [doc]?"),
        ({}, "Validation Failed: 1: script or doc is missing;"),
        ({"doc": {}, "script": "ctx.op = 'none'"}, "Validation Failed: 1: can't provide both script and doc;"),
        (
            {"doc_as_upsert": True},
            "Validation Failed: 1: script or doc is missing;2: doc must be specified if doc_as_upsert is enabled;",
        ),
        (
            {"script": "ctx.op = 'none'", "doc_as_upsert": True},
            "Validation Failed: 1: doc must be specified if doc_as_upsert is enabled;",
        ),
    ],
)
def test_updates_that_say_nothing(es: Checked, body: object, reason: str) -> None:
    reply = es("POST", "/logs/_update/1", body)
    assert (reply.status, reply.reason) == (400, reason)
    assert es("GET", "/logs").status == 404


@pytest.mark.parametrize(
    ("body", "parameters", "reason"),
    [
        ({"doc_as_upsert": True}, "", "compare and write operations can not be used with upsert"),
        ({"upsert": {}}, "", "upsert requests don't support `if_seq_no` and `if_primary_term`"),
        ({}, "&retry_on_conflict=2", "compare and write operations can not be retried"),
    ],
)
def test_updates_that_compare_do_neither_insert_nor_retry(es: Checked, body: Any, parameters: str, reason: str) -> None:
    es("PUT", "/logs/_doc/1", {})
    reply = es("POST", f"/logs/_update/1?if_seq_no=0&if_primary_term=1{parameters}", {"doc": {"a": 1}, **body})
    assert (reply.status, reply.reason) == (400, f"Validation Failed: 1: {reason};")
    assert es("GET", "/logs/_source/1").body == {}


def test_all_that_is_wrong_with_the_updates_of_a_bulk_is_said_at_once(es: Checked) -> None:
    update = '{"update": {"_index": "logs", "_id": "1"}}\n'
    reply = es("POST", "/_bulk", update + '{"doc_as_upsert": true, "script": "ctx.op = \'none\'"}\n' + update + "{}\n")
    assert reply.reason == (
        "Validation Failed: 1: doc must be specified if doc_as_upsert is enabled;2: script or doc is missing;"
    )


def test_pipelines_change_what_is_indexed(es: Checked) -> None:
    es("PUT", "/_ingest/pipeline/mark", {"processors": [{"set": {"field": "seen", "value": True}}]})
    es("PUT", "/_ingest/pipeline/away", {"processors": [{"drop": {}}]})
    es("PUT", "/logs", {"settings": {"default_pipeline": "mark"}})
    es("PUT", "/logs/_doc/1", {})
    es("PUT", "/logs/_doc/2?pipeline=_none", {})
    assert es("PUT", "/logs/_doc/3?pipeline=away", {}).body["result"] == "noop"
    sources = [hit["_source"] for hit in es("GET", "/logs/_search").body["hits"]["hits"]]
    assert sources == [{"seen": True}, {}]


def test_more_copies_than_there_are(es: Checked) -> None:
    reply = es("PUT", "/logs/_doc/1?wait_for_active_shards=2&timeout=3s", {})
    assert (reply.status, reply.type) == (503, "unavailable_shards_exception")
    assert "(have 1, needed 2). Timeout: [3s]" in reply.reason
    assert es("PUT", "/slow?wait_for_active_shards=2").body["shards_acknowledged"] is False


def test_an_index_may_forbid_writing(es: Checked) -> None:
    es("PUT", "/logs", {"settings": {"blocks.write": True}})
    reply = es("PUT", "/logs/_doc/1", {})
    assert (reply.status, reply.reason) == (403, "index [logs] blocked by: [FORBIDDEN/8/index write (api)];")


def test_many_at_once_each_with_its_own_answer(es: Checked) -> None:
    reply = es("POST", "/_bulk", lines(
        {"index": {"_index": "logs", "_id": "1"}}, {"n": 1},
        {"create": {"_index": "logs", "_id": "1"}}, {"n": 2},
        {"update": {"_index": "logs", "_id": "1", "_source": True}}, {"doc": {"n": 3}},
        {"update": {"_index": "logs", "_id": "2"}}, {"doc": {"n": 3}},
        {"delete": {"_index": "logs", "_id": "1"}},
        {"delete": {"_index": "logs", "_id": "1"}},
        {"index": {"_index": "logs"}}, {"n": "many"},
        {"index": {"_index": "Bad"}}, {},
    ))  # fmt: skip
    items = [next(iter(item.values())) for item in reply.body["items"]]
    assert reply.body["errors"] is True
    assert [item["status"] for item in items] == [201, 409, 200, 404, 200, 404, 400, 400]
    assert items[1]["error"]["type"] == "version_conflict_engine_exception"
    assert items[2]["get"]["_source"] == {"n": 3}
    assert items[7]["error"]["reason"] == "Invalid index name [Bad], must be lowercase"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"index":{}}\n{}', "The bulk request must be terminated by a newline [\\n]"),
        ('{"foo":{}}\n{}\n', "Malformed action/metadata line [1], expected field [create], [delete], [index] or [update] but"
         " found [foo]"),
        ("[]\n", "Malformed action/metadata line [1], expected START_OBJECT but found [START_ARRAY]"),
        ('\n{"index":3}\n{}\n',
         "Malformed action/metadata line [2], expected START_OBJECT or END_OBJECT but found [VALUE_NUMBER]"),
        ('{"index":{"_type":"t"}}\n{}\n', "Action/metadata line [1] contains an unknown parameter [_type]"),
        ('{"index":{"_id":["t"]}}\n{}\n',
         "Malformed action/metadata line [1], expected a simple value for field [_id] but found [START_ARRAY]"),
        ('{"index":{}}\n{}\n', "Validation Failed: 1: index is missing;"),
        ('{"delete":{"_index":"x"}}\n', "Validation Failed: 1: id is missing;"),
        ("\n", "request body is required"),
    ],
)  # fmt: skip
def test_lines_that_are_no_actions(es: Checked, body: str, reason: str) -> None:
    reply = es("POST", "/_bulk", body)
    assert (reply.status, reply.reason) == (400, reason)


def test_documents_of_several_indices_are_read_at_once(es: Checked) -> None:
    es("PUT", "/logs/_doc/1", {"a": 1, "b": 2})
    docs = [{"_index": "logs", "_id": "1", "_source": ["a"]}, {"_index": "logs", "_id": "2"}, {"_index": "gone", "_id": "1"}]
    first, second, third = es("POST", "/_mget", {"docs": docs}).body["docs"]
    assert (first["_source"], second["found"], third["error"]["type"]) == ({"a": 1}, False, "index_not_found_exception")
    assert es("POST", "/logs/_mget", {"ids": ["1"]}).body["docs"][0]["found"] is True
    assert es("POST", "/_mget", {"docs": []}).reason == "Validation Failed: 1: no documents to get;"


def test_types_are_of_6_x_and_before() -> None:
    five, six, eight = http("5.6"), http("6.8"), http("8.19")
    for fake in (five, six):
        fake("PUT", "/logs/event/1", {"a": 1})
    assert five("PUT", "/logs/other/2", {"a": 1}).status == 201
    refused = six("PUT", "/logs/other/2", {"a": 1})
    assert (
        refused.reason == "Rejecting mapping update to [logs] as the final mapping would have more than 1 type: [event, other]"
    )
    assert six("GET", "/logs/event/_search").body["hits"]["total"] == 1
    assert six("GET", "/logs/other/_search").body["hits"]["total"] == 0
    assert five("PUT", "/logs/_odd/1", {}).type == "invalid_type_name_exception"
    assert eight("PUT", "/logs/event/1", {"a": 1}).status == 400


def test_documents_are_copied_and_changed_by_query(es: Checked) -> None:
    for n in range(4):
        es("PUT", f"/logs/_doc/{n}", {"n": n})
    copied = es(
        "POST", "/_reindex", {"source": {"index": "logs", "query": {"range": {"n": {"gte": 2}}}}, "dest": {"index": "new"}}
    )
    assert (copied.body["created"], copied.body["total"]) == (2, 2)
    again = {"source": {"index": "logs"}, "dest": {"index": "new", "op_type": "create"}, "conflicts": "proceed"}
    assert es("POST", "/_reindex", again).body["version_conflicts"] == 2
    stopped = es("POST", "/_reindex", {**again, "conflicts": "abort"})
    assert (stopped.status, len(stopped.body["failures"])) == (409, 1)
    assert es("POST", "/_reindex", {"source": {"index": "logs"}, "dest": {"index": "logs"}}).reason == (
        "Validation Failed: 1: reindex cannot write into an index its reading from [logs];"
    )
    assert es("POST", "/logs/_update_by_query", {"script": "ctx._source.n *= 10"}).body["updated"] == 4
    assert es("POST", "/logs/_delete_by_query", {"query": {"term": {"n": 30}}}).body["deleted"] == 1
    assert es("GET", "/logs/_count").body["count"] == 3
    assert es("POST", "/logs/_delete_by_query").reason == "Validation Failed: 1: query is missing;"
