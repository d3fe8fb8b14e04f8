"""Requests of many items: whatever becomes of one, the others go on, and each has its own answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import Http, http

# Documents that cannot be indexed, and the reason of the innermost cause.
BAD_DOCUMENTS: list[tuple[str | bytes, str]] = [
    ('{"a":' + "[" * 500 + "]" * 500 + "}", "nesting depth (201) exceeds"),
    ('{"x":' * 5000 + "1" + "}" * 5000, "nesting depth (201) exceeds"),
    ('{"n":1e999}', "Value [Infinity] is out of range for a long"),
    ('{"n":[1,-1e999]}', "Value [-Infinity] is out of range for a long"),
    ('{"f":1e309}', "[float] supports only finite values, but got [Infinity]"),
    ('{"n":' + "9" * 5000 + "}", "Number value length (5000) exceeds"),
    ('{"n":' + "9" * 400 + "}", "is out of range for a long"),
    ('{"n":NaN}', "Unrecognized token 'NaN'"),
    ("[1]", "Malformed content, must start with an object"),
    ("{", "nexpected end"),
    ("", "nexpected end"),
    ('{"a":1,"a":2}', "Duplicate field 'a'"),
    ('{"a":"\xff"}'.encode("latin-1"), "Invalid UTF-8"),
    (".".join(["a"] * 3000).join(('{"', '":1}')), "[20]"),
]  # fmt: skip


def stored(release: str) -> Http:
    fake = http(release)
    mapping: dict[str, Any] = {"properties": {"n": {"type": "long"}}}
    fake("PUT", "/logs", {"mappings": {"doc": mapping} if release < "7" else mapping})
    return fake


def bulk(fake: Http, *lines: str | bytes) -> Any:
    body = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)
    answer = fake(
        "POST", "/_bulk" if fake.fake.version >= (7, 0) else "/logs/doc/_bulk", body, content_type="application/x-ndjson"
    )
    assert answer.status == 200, answer
    return [next(iter(item.values())) for item in answer.body["items"]]


def index(place: int, name: str = "logs") -> str:
    return json.dumps({"index": {"_index": name, "_id": str(place)}})


def innermost(error: dict[str, Any]) -> str:
    while "caused_by" in error:
        error = error["caused_by"]
    return str(error["reason"])


@pytest.mark.parametrize("release", ["5.6", "7.17", "9.5"])
def test_a_bad_document_ends_no_bulk(release: str) -> None:
    fake = stored(release)
    lines: list[str | bytes] = []
    for place, (document, _) in enumerate(BAD_DOCUMENTS):
        lines += [index(place), document, index(100 + place), '{"ok":1}']
    items = bulk(fake, *lines)
    assert [item["status"] for item in items] == [400, 201] * len(BAD_DOCUMENTS)
    for item, (_, reason) in zip(items[::2], BAD_DOCUMENTS):
        assert reason in innermost(item["error"]) or reason in item["error"]["reason"], item
    assert fake("GET", "/logs/_count").body["count"] == len(BAD_DOCUMENTS)


def test_what_is_not_emulated_is_the_answer_of_its_item_alone() -> None:
    fake = stored("9.5")
    fake("PUT", "/places", {"mappings": {"properties": {"at": {"type": "geo_point"}}}})
    items = bulk(fake, index(1), '{"n":1}', index(2, "places"), '{"at":"u4pruyd"}', index(3), '{"n":3}')
    assert [item["status"] for item in items] == [201, 501, 201]


@pytest.mark.parametrize(
    "line", ["{}", "[]", '{"index":[]}', '{"index":{"x":1}}', '{"index":{"version":"x"}}', '{"bad":{}}', "{"]
)
def test_an_action_that_cannot_be_read_ends_a_bulk(line: str) -> None:
    fake = stored("9.5")
    body = f'{index(1)}\n{{"n":1}}\n{line}\n{{"n":2}}\n'
    assert fake("POST", "/_bulk", body, content_type="application/x-ndjson").status == 400
    assert fake("GET", "/logs/_count").body["count"] == 0


@pytest.mark.parametrize("action", ["_id", "_index", "routing", "pipeline"])
def test_a_lone_surrogate_in_an_action(action: str) -> None:
    fake = stored("9.5")
    fields = {"_index": "logs", action: "\ud800"}
    items = bulk(fake, json.dumps({"index": fields}), '{"n":1}', index(2), '{"n":2}')
    assert items[0]["status"] == (201 if action in ("_id", "routing") else 400 if action == "pipeline" else 201)
    assert items[1]["status"] == 201


@pytest.mark.parametrize("release", ["5.6", "7.17", "9.5"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"size":-1}', 400),
        ('{"size":10001}', 400),
        ('{"size":"x"}', 400),
        ('{"from":-5}', 400),
        ('{"query":{"nope":{}}}', 400),
        ('{"nope":1}', 400),
        ("[1]", 400),
        ("{", 400),
        ('{"query":' + '{"bool":{"must":' * 300 + "[]" + "}}" * 300 + "}", 400),
        ('{"highlight":{"fields":{"a":{}}}}', 501),
    ],
)
def test_a_bad_search_ends_no_other(release: str, body: str, status: int) -> None:
    fake = stored(release)
    lines = f'{{"index":"logs"}}\n{body}\n{{"index":"logs"}}\n{{"size":0}}\n{{"index":"missing"}}\n{{}}\n'
    answer = fake("POST", "/_msearch", lines, content_type="application/x-ndjson")
    found = [response["status"] for response in answer.body["responses"]]
    # Up to 7.5 broken JSON is a fault of the server (``Body``).
    known = 500 if release == "5.6" and body.startswith(("{", '{"query":{"bool"')) and found[0] == 500 else status
    assert found == [known, 200, 404]


@pytest.mark.parametrize("header", ["[]", '{"nope":1}', "{"])
def test_a_header_that_cannot_be_read_ends_all_searches(header: str) -> None:
    lines = f'{{"index":"logs"}}\n{{}}\n{header}\n{{}}\n'
    assert stored("9.5")("POST", "/_msearch", lines, content_type="application/x-ndjson").status == 400


def test_each_document_wanted_is_read_by_itself() -> None:
    fake = stored("9.5")
    bulk(fake, index(1), '{"n":1}')
    fake("PUT", "/shut")
    fake("POST", "/shut/_close")
    wanted = [
        ("logs", "1"),
        ("missing", "1"),
        ("shut", "1"),
        ("<a-{>", "1"),
        ("\ud800", "1"),
        ("logs", "\ud800"),
        ("logs", "1"),
    ]
    docs = [{"_index": name, "_id": document} for name, document in wanted]
    found = fake("POST", "/_mget", {"docs": docs}).body["docs"]
    assert [("error" in item, item.get("found")) for item in found] == [
        (False, True), (True, None), (True, None), (True, None), (True, None), (False, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize("by", ["_reindex", "logs/_update_by_query"])
def test_a_document_that_cannot_be_written_is_a_failure_of_many(by: str) -> None:
    """The server stops at the first failure, and says what it has done by then."""
    fake = stored("9.5")
    bulk(fake, *(line for place in range(4) for line in (index(place), f'{{"n":{place}}}')))
    processors = [{"set": {"if": "ctx.n == 2", "field": "n", "value": "many"}}]
    fake("PUT", "/_ingest/pipeline/spoil", {"processors": processors})
    body: dict[str, Any] = {}
    if by == "_reindex":
        fake("PUT", "/copy", {"mappings": {"properties": {"n": {"type": "long"}}}})
        body = {"source": {"index": "logs"}, "dest": {"index": "copy", "pipeline": "spoil"}}
    answer = fake("POST", f"/{by}" if by == "_reindex" else f"/{by}?pipeline=spoil", body)
    assert answer.status == 400
    assert answer.body["created" if by == "_reindex" else "updated"] == 2
    (failure,) = answer.body["failures"]
    assert (failure["id"], failure["status"]) == ("2", 400)
    assert innermost(failure["cause"]) == 'For input string: "many"'
