"""Who may do what with which index."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.secured import Secured
from tests.support import Reply

ROLE = {"indices": [{"names": ["log-*"], "privileges": ["read", "index", "create_index"]}]}


class Guest(Secured):
    """An emulator with a user who reads and writes ``log-*`` and nothing else."""

    def __init__(self, release: str | None = None) -> None:
        super().__init__(release)
        self.by("elastic", "PUT", "{security}/role/logs", ROLE)
        self.by("elastic", "PUT", "{security}/user/guest", {"password": "secret-guest", "roles": ["logs"]})

    def ask(self, method: str, target: str, body: Any = None) -> Reply:
        return self.by("guest", method, target, body)


@pytest.fixture
def es() -> Guest:
    fake = Guest()
    fake.by("elastic", "PUT", "/other/_doc/1", {"a": 1})
    assert fake.ask("PUT", "/log-1/_doc/1", {"a": 1}).status == 201
    return fake


def test_a_role_grants_actions_on_the_indices_it_names(es: Guest) -> None:
    assert es.ask("GET", "/log-*/_search").body["hits"]["total"]["value"] == 1
    assert es.ask("GET", "/log-1/_doc/1").status == 200


@pytest.mark.parametrize(
    ("method", "target", "action", "granted_by"),
    [
        ("GET", "/other/_search", "indices:data/read/search", "read,all"),
        ("GET", "/other/_doc/1", "indices:data/read/get", "read,all"),
        ("GET", "/other/_field_caps?fields=*", "indices:data/read/field_caps", "read,view_index_metadata,manage,all"),
        ("PUT", "/other-2", "indices:admin/create", "create_index,manage,all"),
    ],
)
def test_what_no_role_grants_is_refused(es: Guest, method: str, target: str, action: str, granted_by: str) -> None:
    reply = es.ask(method, target)
    index = target.split("/")[1]
    assert (reply.status, reply.reason) == (
        403,
        f"action [{action}] is unauthorized for user [guest] with effective roles [logs] on indices [{index}],"
        f" this action is granted by the index privileges [{granted_by}]",
    )


@pytest.mark.parametrize(
    ("method", "target", "action", "granted_by"),
    [
        ("DELETE", "/log-1", "indices:admin/delete", "delete_index,manage,all"),
        ("GET", "/other/_stats", "indices:monitor/stats", "monitor,manage,all"),
    ],
)
def test_what_is_granted_on_no_index_is_refused_without_naming_any(
    es: Guest, method: str, target: str, action: str, granted_by: str
) -> None:
    assert es.ask(method, target).reason == (
        f"action [{action}] is unauthorized for user [guest] with effective roles [logs],"
        f" this action is granted by the index privileges [{granted_by}]"
    )


def test_items_of_one_request_are_refused_one_by_one(es: Guest) -> None:
    bulk = es.ask("POST", "/_bulk", '{"index":{"_index":"other"}}\n{}\n{"index":{"_index":"log-2"}}\n{}\n').body
    assert [item["index"]["status"] for item in bulk["items"]] == [403, 201]
    docs = [{"_index": name, "_id": "1"} for name in ("other", "log-1")]
    first, second = es.ask("POST", "/_mget", {"docs": docs}).body["docs"]
    assert (first["error"]["type"], second["found"]) == ("security_exception", True)
    searched = es.ask("POST", "/_msearch", '{"index":"other"}\n{}\n{"index":"log-1"}\n{}\n').body["responses"]
    assert [response["status"] for response in searched] == [403, 200]


def test_names_in_a_body_count(es: Guest) -> None:
    assert es.ask("POST", "/_reindex", {"source": {"index": "other"}, "dest": {"index": "log-3"}}).status == 403
    assert es.ask("POST", "/_aliases", {"actions": [{"add": {"index": "log-1", "alias": "a"}}]}).status == 403


def test_before_7_12_nothing_is_said_of_indices() -> None:
    reply = Guest("7.2").ask("GET", "/other/_search")
    assert reply.reason == "action [indices:data/read/search] is unauthorized for user [guest]"
