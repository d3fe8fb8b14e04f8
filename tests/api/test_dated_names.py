"""Names of indices with date maths, wherever one index is named."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from fake_es import VirtualClock
from tests.support import Http, http

# 2024-03-22T23:30:00Z
NOW = 1_711_150_200_000
NAME, SHOWN = "<logs-{now/d}>", "logs-2024.03.22"
PATH = quote(NAME, safe="")


def at_night(release: str) -> Http:
    return http(release, clock=VirtualClock(start=NOW))


@pytest.mark.parametrize("release", ["5.6", "6.8", "9.5"])
def test_all_that_is_done_with_one_document(release: str) -> None:
    fake = at_night(release)
    kind = "doc" if release < "7" else "_doc"
    typed = {"_type": "doc"} if release < "7" else {}
    for place in range(3):
        done = fake("PUT", f"/{PATH}/{kind}/{place}", {"n": place})
        assert (done.status, done.body["_index"]) == (201, SHOWN)
    update = f"/{PATH}/doc/1/_update" if release < "7" else f"/{PATH}/_update/1"
    assert fake("POST", update, {"doc": {"m": 1}}).body["_index"] == SHOWN
    assert fake("GET", f"/{PATH}/{kind}/1").body["_source"] == {"n": 1, "m": 1}
    assert fake("POST", "/_mget", {"docs": [{"_index": NAME, "_id": "1", **typed}]}).body["docs"][0]["found"]
    assert fake("DELETE", f"/{PATH}/{kind}/2").body["_index"] == SHOWN
    lines = ""
    for action, body in (("index", '{"n":5}'), ("update", '{"doc":{"m":5}}'), ("create", '{"n":6}'), ("delete", None)):
        target = f'{{"{action}":{{"_index":"{NAME}","_id":"{6 if action == "create" else 5}"'
        lines += target + (',"_type":"doc"' if typed else "") + "}}\n" + (f"{body}\n" if body else "")
    items = [
        next(iter(item.values())) for item in fake("POST", "/_bulk", lines, content_type="application/x-ndjson").body["items"]
    ]
    assert [(item["_index"], item["status"]) for item in items] == [(SHOWN, 201), (SHOWN, 200), (SHOWN, 201), (SHOWN, 200)]
    assert fake("GET", f"/{PATH}/_count").body["count"] == 3
    assert fake("GET", "/_cat/indices?h=index").body.split() == [SHOWN]


def test_copies_pipelines_and_aliases() -> None:
    fake = at_night("9.5")
    fake("PUT", f"/{PATH}/_doc/1", {"d": "2016-04-25T00:00:00Z"})
    copy: dict[str, Any] = {"source": {"index": NAME}, "dest": {"index": "<copy-{now/M{yyyy.MM}}>"}}
    assert [fake("POST", "/_reindex", copy).body[key] for key in ("created", "updated")] == [1, 1]
    itself = fake("POST", "/_reindex", {"source": {"index": NAME}, "dest": {"index": NAME}})
    assert "cannot write into an index its reading from" in itself.reason
    by_date = {"field": "d", "index_name_prefix": "x-", "date_rounding": "M", "date_formats": ["ISO8601"]}
    fake("PUT", "/_ingest/pipeline/date", {"processors": [{"date_index_name": by_date}]})
    fake("PUT", "/_ingest/pipeline/set", {"processors": [{"set": {"field": "_index", "value": "<set-{now/d}>"}}]})
    for pipeline, target in (("date", "x-2016-04-01"), ("set", "set-2024.03.22")):
        for place in range(2):
            done = fake("PUT", f"/any/_doc/{place}?pipeline={pipeline}", {"d": "2016-04-25T00:00:00Z"})
            assert (done.status, done.body["_index"]) == (201, target)
    fake("POST", "/_aliases", {"actions": [{"add": {"index": NAME, "alias": "today"}}]})
    assert fake("GET", "/today/_count").body["count"] == 1
    assert fake("PUT", f"/{PATH}/_doc/2?require_alias=true", {}).status == 404


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<a-{now}>", "a-2024.03.22"),
        ("<a-{now/d{yyyy.MM.dd|+12:00}}>", "a-2024.03.23"),
        ("<a-{now/M{yyyy-MM}}-b>", "a-2024-03-b"),
        ("<a-{2016-04-25||/M{yyyy-MM|UTC}}>", "a-2016-04"),
        ("<{now-1d{yyyyMMdd}}-{now{HH}}>", "20240321-23"),
        (r"<\{a\}-{now{yyyy}}>", "{a}-2024"),
        ("<a-{now{yyyy'w'ww}}>", "a-2024w12"),
        ("<a-{now{xxxx.ww}}>", "a-2024.12"),
        ("<a-{now{D}}>", "a-82"),
        ("<plain>", "plain"),
    ],
)
def test_what_names_mean(name: str, shown: str) -> None:
    assert at_night("9.5")("PUT", f"/{quote(name, safe='')}/_doc/1", {}).body["_index"] == shown


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("<a-{now>", "date math placeholder is open ended"),
        ("<a-{now{yyyy>", "date math placeholder is open ended"),
        ("<a-now}>", "invalid character at position [5]. `{` and `}` are reserved characters"),
        ("<a-{soon}>", "failed to parse date field [soon]"),
        ("<a-{now+99999y}>", "failed to parse date field [now+99999y]"),
        ("<a-{now{yyyy|Nowhere}}>", "failed to parse date field [now]"),
        ("<a-{now{yyyy'}}>", "Invalid format: [yyyy']: Pattern ends with an incomplete string literal: yyyy'"),
        ("<a-{now{#}}>", "Invalid format: [#]: Pattern includes reserved character: '#'"),
        ("<a-{now{fff}}>", "Invalid format: [fff]: Unknown pattern letter: f"),
        ("<>", "nothing captured"),
        ("<A-{now}>", "must be lowercase"),
    ],
)
def test_names_that_mean_nothing(name: str, reason: str) -> None:
    fake = at_night("9.5")
    refused = fake("PUT", f"/{quote(name, safe='')}/_doc/1", {})
    assert refused.status == 400
    assert reason in refused.reason
    assert fake("GET", "/_cat/indices?h=index").body == ""


def test_the_privilege_to_make_an_index_is_not_asked_for_one_that_is_there() -> None:
    fake = http("9.5", clock=VirtualClock(start=NOW), security=True)
    admin = {"authorization": "Basic ZWxhc3RpYzpjaGFuZ2VtZQ=="}
    role = {"indices": [{"names": ["logs-*"], "privileges": ["index", "read"]}]}
    fake("PUT", "/_security/role/writer", role, **admin)
    fake("PUT", "/_security/user/bob", {"password": "secret1", "roles": ["writer"]}, **admin)
    bob = {"authorization": "Basic Ym9iOnNlY3JldDE="}
    assert fake("PUT", f"/{PATH}/_doc/1", {}, **bob).status == 403
    assert fake("PUT", f"/{PATH}/_doc/1", {}, **admin).status == 201
    assert fake("PUT", f"/{PATH}/_doc/2", {}, **bob).status == 201
