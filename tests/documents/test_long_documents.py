"""While a long document is read and checked, others come in between; nothing of theirs is lost or seen half."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from tests.support import Http, Reply, http

Result = TypeVar("Result")
LONG: dict[str, Any] = {"x": [{"a": number} for number in range(12_000)]}


class Meanwhile:
    """Does ``act`` each time a request lets go of the lock, from the time ``first`` on, and counts how often."""

    def __init__(self, fake: Http, act: Callable[[], Reply | None], first: int = 1) -> None:
        self.act = act
        self.first = first
        self.times = 0
        self.inner = False
        self.original = fake.fake.cluster.without_lock
        fake.fake.cluster.without_lock = self  # type: ignore[method-assign]

    def __call__(self, work: Callable[[], Result]) -> Result:
        result = self.original(work)
        if not self.inner:
            self.times += 1
            self.inner = True
            if self.times >= self.first:
                self.act()
            self.inner = False
        return result


def put(fake: Http, document: dict[str, Any], target: str = "/logs/_doc/1") -> Reply:
    return fake("PUT", target, LONG | document)


def mapping(fake: Http) -> dict[str, Any]:
    properties: dict[str, Any] = fake("GET", "/logs/_mapping").body["logs"]["mappings"]["properties"]
    return properties


def test_fields_that_others_add_meanwhile_are_kept_and_checked_against() -> None:
    fake = http("9.5")
    fake("PUT", "/logs")
    meanwhile = Meanwhile(fake, lambda: fake("PUT", "/logs/_doc/2", {"other": 1, "shared": "text"}), 2)
    assert put(fake, {"mine": 1, "shared": 1}).status == 201
    assert meanwhile.times == 3  # read, checked, and checked once more
    assert {name: field["type"] for name, field in mapping(fake).items() if "type" in field} == {
        "mine": "long", "other": "long", "shared": "text",
    }  # fmt: skip
    assert fake("GET", "/logs/_count?q=x.a:7").body["count"] == 1


def test_a_field_of_another_type_that_was_added_meanwhile_refuses_the_document() -> None:
    fake = http("9.5")
    fake("PUT", "/logs")
    Meanwhile(fake, lambda: fake("PUT", "/logs/_doc/2", {"shared": 1}), 2)
    refused = put(fake, {"mine": 1, "shared": "text"})
    assert refused.reason.endswith("failed to parse field [shared] of type [long] in document with id '1'. "
                                   "Preview of field's value: 'text'")  # fmt: skip
    assert mapping(fake) == {"shared": {"type": "long"}}


def test_a_mapping_that_changes_each_time_does_not_keep_a_document_out() -> None:
    fake, names = http("9.5"), iter(range(100))
    fake("PUT", "/logs")
    meanwhile = Meanwhile(fake, lambda: fake("PUT", "/logs/_doc/2", {f"f{next(names)}": 1}))
    assert put(fake, {"mine": 1}).status == 201
    assert meanwhile.times == 4
    assert mapping(fake).keys() == {"x", "mine", "f0", "f1", "f2", "f3"}


@pytest.mark.parametrize(
    ("method", "target", "body", "status"),
    [
        ("DELETE", "/logs", None, 201),
        ("POST", "/logs/_close", None, 400),
        ("PUT", "/logs/_settings", {"index.blocks.write": True}, 403),
        ("PUT", "/logs/_create/1", {"a": 1}, 409),
    ],
)
def test_what_becomes_of_the_index_meanwhile_decides(method: str, target: str, body: Any, status: int) -> None:
    fake = http("9.5")
    fake("PUT", "/logs")
    Meanwhile(fake, lambda: fake(method, target, body))
    assert fake("PUT", "/logs/_create/1", LONG).status == status


def test_an_update_of_a_long_document_loses_no_other_update() -> None:
    fake = http("9.5")
    assert put(fake, {"n": 0}).status == 201
    meanwhile = Meanwhile(fake, lambda: fake("PUT", "/logs/_doc/1", {"n": 7}))
    refused = fake("POST", "/logs/_update/1", {"doc": {"mine": 1}})
    assert (refused.status, refused.type) == (409, "version_conflict_engine_exception")
    assert meanwhile.times == 2  # it is copied, and checked
    assert fake("GET", "/logs/_source/1").body == {"n": 7}


def test_a_long_document_is_copied_to_another_index_and_changed_by_query() -> None:
    fake = http("9.5")
    assert put(fake, {"n": 0}).status == 201
    assert fake("POST", "/_reindex", {"source": {"index": "logs"}, "dest": {"index": "copy"}}).body["created"] == 1
    assert fake("POST", "/copy/_update_by_query").body["updated"] == 1
    assert fake("POST", "/copy/_update/1", {"doc": {"n": 1}}).body["result"] == "updated"
    assert fake("GET", "/copy/_source/1").body == LONG | {"n": 1}
    assert fake("GET", "/logs/_source/1").body == LONG | {"n": 0}


def test_items_of_a_bulk_and_documents_of_pipelines_let_others_in_too() -> None:
    fake = http("9.5")
    meanwhile = Meanwhile(fake, lambda: fake("GET", "/"))
    text = '{"index":{"_index":"logs","_id":"1"}}\n' + json.dumps(LONG) + "\n"
    assert fake("POST", "/_bulk", text).body["errors"] is False
    assert meanwhile.times == 2
    fake("PUT", "/_ingest/pipeline/p", {"processors": [{"set": {"field": "s", "value": 1}}]})
    assert put(fake, {}, "/logs/_doc/2?pipeline=p").status == 201
    assert meanwhile.times == 4


def test_what_is_wrong_with_a_long_document_is_told_as_of_a_short_one() -> None:
    fake = http("9.5")
    fake("PUT", "/logs", {"mappings": {"properties": {"n": {"type": "long"}}}})
    text = '{"n":"bad"' + " " * 70_000 + "}"
    found, short = fake("PUT", "/logs/_doc/1", text), fake("PUT", "/logs/_doc/1", '{"n":"bad"}')
    assert (found.status, found.body) == (short.status, short.body)
    assert fake("POST", "/logs/_doc", text).reason.partition("'")[0] == short.reason.partition("'")[0]
    assert fake("PUT", "/logs/_doc/1", "[]" + " " * 70_000).body == fake("PUT", "/logs/_doc/1", "[]").body
