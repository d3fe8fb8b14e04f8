"""Fault rules: which requests they hit, when, and what happens then, through every door."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from fake_es import FakeElasticsearch, VirtualClock
from fake_es.control.fault_presets import PRESETS
from tests.support import Http, Reply, http

ERROR: dict[str, Any] = {"status": 503, "type": "x_exception", "reason": "not now"}
BULK = b"".join(b'{"index":{"_index":"logs-%d","_id":"%d"}}\n{"a":1}\n' % (number % 2, number) for number in range(4))
Hits = list[int]


def ready(version: str | None = None, **settings: Any) -> Http:
    """An open job."""
    fake = http(version, delays="none", **settings)
    fake.put("x")
    fake.job("x", "_open")
    return fake


def hits(fake: Http, *requests: tuple[str, str]) -> Hits:
    """The places of the requests that got the error of a rule."""
    replies = [fake(method, target) for method, target in requests]
    return [place for place, reply in enumerate(replies) if reply.status == 503 and reply.type == "x_exception"]


def test_an_exact_error() -> None:
    fake = ready("8.19")
    fake.fake.faults.add("busy", operation="ml.close_job", times=1, headers={"Retry-After": "7"}, **ERROR)
    reply = fake.job("x", "_close")
    assert (reply.status, reply.type, reply.reason) == (503, "x_exception", "not now")
    assert (reply.headers["retry-after"], reply.headers["x-elastic-product"]) == ("7", "Elasticsearch")
    assert reply.body["error"]["root_cause"] == [{"type": "x_exception", "reason": "not now"}]
    assert fake.state("x") == "opened"
    assert fake.job("x", "_close").body == {"closed": True}
    call = fake.fake.calls.of("ml.close_job")[0]
    assert (call.status, call.reason, call.fault) == (503, "not now", "busy")
    assert str(call).endswith("-> 503 (ml.close_job): not now [fault busy]")


PATHS = (("GET", "/"), ("GET", "/_ml/anomaly_detectors/x"), ("DELETE", "/_ml/anomaly_detectors/y"), ("GET", "/logs/_search"))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, [0, 1, 2, 3]),
        ({"operation": "ml.get_jobs"}, [1]),
        ({"operation": "ml.*"}, [1, 2]),
        ({"method": "delete"}, [2]),
        ({"path": "/_ml/*"}, [1, 2]),
        ({"path": "/"}, [0]),
        ({"job": "x"}, [1]),
        ({"job": "*"}, [1, 2]),
        ({"index": "log*"}, [3]),
        ({"index": "other"}, []),
        ({"method": "GET", "operation": "search"}, [3]),
        ({"user": "*"}, []),
    ],
)
def test_which_requests_a_rule_hits(fields: Any, wanted: Hits) -> None:
    fake = http("9.5")
    fake.fake.faults.add("x", **ERROR, **fields)
    assert hits(fake, *PATHS) == wanted


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"times": 2}, [0, 1]),
        ({"nth": 2}, [1]),
        ({"every": 3}, [2, 5]),
        ({"every": 2, "times": 2}, [1, 3]),
        ({"share": 0}, []),
        ({"share": 1.0}, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_when_a_rule_has_its_effect(fields: Any, wanted: Hits) -> None:
    fake = http("9.5")
    fault = fake.fake.faults.add("x", **ERROR, **fields)
    assert hits(fake, *[("GET", "/")] * 6) == wanted
    assert (fault.seen, fault.fired) == (6, len(wanted))


def test_a_share_depends_on_its_seed_alone() -> None:
    def some(seed: int) -> Hits:
        fake = http("9.5")
        fake.fake.faults.add("x", share=0.5, seed=seed, **ERROR)
        return hits(fake, *[("GET", "/")] * 20)

    assert some(1) == some(1) != some(2)
    assert 0 < len(some(1)) < 20


def test_a_span_of_time_of_the_clock() -> None:
    fake = http("9.5", clock=VirtualClock(start="2020-01-01T00:00:00Z"))
    faults = fake.fake.faults
    faults.add("relative", since="1m", until="2m", **ERROR)
    faults.add("absolute", since="2020-01-01T01:00:00Z", until="2020-01-01T02:00:00Z", **ERROR)
    found = []
    for minute in (0, 1, 2, 60, 120):
        fake.fake.clock.set(1_577_836_800_000 + minute * 60_000)
        found += hits(fake, ("GET", "/")) and [minute]
    assert found == [1, 60]


def test_a_rule_for_a_user() -> None:
    fake = http("9.5", security=True, users=[("bob", "secret-1", ["superuser"])])
    fake.fake.faults.add("x", user="bob", **ERROR)
    bob, elastic = "Basic Ym9iOnNlY3JldC0x", "Basic ZWxhc3RpYzpjaGFuZ2VtZQ=="
    assert [fake("GET", "/", authorization=who).status for who in (bob, elastic)] == [503, 200]
    assert fake("GET", "/").status == 401


def test_the_first_rule_that_hits_is_the_only_one() -> None:
    fake = http("9.5")
    for status in (501, 502):
        fake.fake.faults.add(f"with {status}", status=status, times=1)
    assert [fake("GET", "/").status for _ in range(3)] == [501, 502, 200]


def test_a_rule_counts_more_than_a_refusal_and_hits_unknown_routes_too() -> None:
    fake = http("9.5")
    fake.fake.faults.add("x", **ERROR)
    assert hits(fake, ("GET", "/_ml/no/such/path"), ("GET", "/?nonsense=1")) == [0, 1]


def test_the_control_api_is_never_hit() -> None:
    fake = http("9.5")
    fake.fake.faults.add("x", **ERROR)
    assert fake("GET", "/_fake").status == 200
    assert fake("GET", "/_fake/faults").body["faults"][0]["seen"] == 0


@pytest.mark.parametrize(
    ("error", "release", "status", "text"),
    [
        ("no_ml_capacity", "6.8", 429, "Could not open job because no suitable nodes were found, allocation explanation [Not"),
        ("no_ml_capacity", "7.17", 429, "Could not open job because no ML nodes with sufficient capacity were found"),
        ("circuit_breaker", "6.8", 503, "in_flight_requests=506/506b, accounting=0/0b]"),
        ("circuit_breaker", "7.17", 429, "real usage: [1026206768/978.6mb], new bytes reserved: [506/506b], usages [request="),
        ("circuit_breaker", "9.5", 429, "request=0/0b, inflight_requests=506/506b]"),
        ("upgrade_mode", "6.7", 429, "Cannot open jobs when upgrade mode is enabled"),
        ("rejected", "6.0", 429, "EsThreadPoolExecutor[bulk, queue capacity = 200"),
        ("rejected", "9.5", 429, "EsThreadPoolExecutor[name = node-1/write, queue capacity = 10000"),
        ("no_master", "9.5", 503, '"type":"master_not_discovered_exception","reason":null'),
        ("all_shards_failed", "7.10", 503, '{"error":{"root_cause":[],"type":"search_phase_execution_exception"'),
        ("all_shards_failed", "7.11", 503, '"node":null,"reason":{"type":"no_shard_available_action_exception","reason":null}'),
        ("timeout", "8.4", 500, "Opening job [x] timed out after [30m]"),
        ("timeout", "9.5", 408, "Opening job [x] timed out after [30m]"),
        ("version_conflict", "6.6", 409, "[doc][anomaly_detector_x]: version conflict, current version [2] is different than"),
        ("version_conflict", "9.5", 409, "[anomaly_detector_x]: version conflict, required seqNo [0], primary term [1]."),
        ("too_large", "9.5", 413, ""),
        ("expired_licence", "9.5", 403, '"license.expired.feature":"ml"'),
        ("expired_token", "9.5", 401, '"reason":"token expired"'),
        (
            "expired_api_key",
            "7.10",
            401,
            "missing authentication credentials for REST request [/_ml/",
        ),
        ("expired_api_key", "7.11", 401, '"additional_unsuccessful_credentials":"API key: api key is expired"'),
        ("bad_gateway", "9.5", 502, "<center><h1>502 Bad Gateway</h1></center>"),
        ("gateway_timeout", "9.5", 504, "<center><h1>504 Gateway Time-out</h1></center>"),
    ],
)
def test_presets_have_the_words_of_the_release(error: str, release: str, status: int, text: str) -> None:
    fake = http(release)
    fake.fake.faults.add("x", error=error)
    response = fake.raw("POST", f"{fake.prefix}/anomaly_detectors/x/_open")
    assert response.status == status
    assert text in response.body.decode()
    assert ("content-length", str(len(response.body))) in response.headers


@pytest.mark.parametrize("error", PRESETS)
def test_presets_answer_any_request(error: str) -> None:
    fake = http("9.5")
    fake.fake.faults.add("x", error=error)
    paths = ("/", "/no/such/path", "/_ml/datafeeds/d/_start", "/logs/_search", "/logs/_doc/1")
    assert {fake("POST", path).status for path in paths} <= {401, 403, 408, 409, 413, 429, 502, 503, 504}


@pytest.mark.parametrize("error", ["bad_gateway", "no_master"])
def test_the_answer_to_head_has_no_body(error: str) -> None:
    fake = http("9.5")
    fake.fake.faults.add("x", error=error)
    response = fake.raw("HEAD", "/logs")
    assert response.body == b""
    assert int(dict(response.headers)["content-length"]) > 100


def test_requests_about_documents_are_blocked_without_a_master() -> None:
    fake = http("9.5")
    fake.fake.faults.add("x", error="no_master")
    assert fake("GET", "/logs/_search").reason == "blocked by: [SERVICE_UNAVAILABLE/2/no master];"


def bulk(fake: Http) -> Reply:
    return fake("POST", "/_bulk", BULK)


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"items": 1}, [201, 429, 201, 201]),
        ({"items": [0, "3"]}, [429, 201, 201, 429]),
        ({"items": "*"}, [429, 429, 429, 429]),
        ({"items": "*", "index": "logs-1"}, [201, 429, 201, 429]),
        ({"items": 2, "operation": "bulk", "error": "version_conflict"}, [201, 201, 409, 201]),
        ({"items": "0", "status": 507}, [507, 201, 201, 201]),
        ({"items": 9}, [201, 201, 201, 201]),
        ({"items": 1, "operation": "msearch"}, [201, 201, 201, 201]),
    ],
)
def test_single_items_of_a_bulk(fields: Any, wanted: list[int]) -> None:
    fake = http("9.5")
    fake.fake.faults.add("x", times=1, **fields)
    reply = bulk(fake)
    assert [item["index"]["status"] for item in reply.body["items"]] == wanted
    assert reply.body["errors"] is any(status > 299 for status in wanted)
    written = fake("GET", "/logs-*/_count", None).body["count"] if fake("POST", "/_refresh") else 0
    assert written == wanted.count(201)


def test_single_items_of_a_msearch() -> None:
    fake = http("9.5")
    bulk(fake)
    fake.fake.faults.add("x", items=1)
    reply = fake("POST", "/_msearch", '{"index":"logs-0"}\n{}\n{"index":"logs-1"}\n{}\n')
    first, second = reply.body["responses"]
    assert (first["status"], second["status"]) == (200, 429)
    assert second["error"]["type"] == "es_rejected_execution_exception"
    assert "node-1/search, queue capacity = 1000" in second["error"]["reason"]


def test_a_delay_on_the_clock() -> None:
    fake = http("9.5")
    fake.fake.faults.add("slow", delay="30s", times=1)
    fake.fake.faults.add("random", delay=["1s", "3s"], times=20)
    took = []
    for _ in range(22):
        before = fake.fake.clock.now()
        assert fake("GET", "/").status == 200
        took.append(fake.fake.clock.now() - before)
    assert took[0] == 30_000 == fake.fake.calls[0].took
    assert 1000 <= min(took[1:21]) < max(took[1:21]) <= 3000
    assert took[21] == 0


def test_a_real_delay_passes_no_time_of_a_virtual_clock() -> None:
    fake = http("9.5")
    fake.fake.faults.add("slow", delay=0.02, real=True)
    before, started = fake.fake.clock.now(), time.monotonic()
    fake("GET", "/")
    assert time.monotonic() - started >= 0.02
    assert fake.fake.clock.now() == before


@pytest.mark.parametrize(("during", "wanted"), [("opened", "failed"), ("closing", "failed")])
def test_a_job_that_fails(during: str, wanted: str) -> None:
    fake = ready("9.5")
    fake.fake.faults.add("dies", operation="ml.close_job", fail=during, reason="out of memory", times=1)
    assert fake.job("x", "_close").status in (409, 500)
    assert fake.state("x") == wanted


def socket_status(fake: FakeElasticsearch) -> int:
    with fake.serve() as url:
        return requests.get(url, timeout=5).status_code


def bridge_status(fake: FakeElasticsearch) -> int:
    with fake.responses():
        return requests.get("http://localhost:9200/", timeout=5).status_code


def client_status(fake: FakeElasticsearch) -> int:
    client = fake.client("elasticsearch9", max_retries=0)
    with pytest.raises(Exception, match="502") as raised:
        client.info()
    return int(raised.value.status_code)  # type: ignore[attr-defined]


def wsgi_status(fake: FakeElasticsearch) -> int:
    given: list[str] = []
    fake({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda status, headers: given.append(status))
    return int(given[0][:3])


@pytest.mark.parametrize("ask", [socket_status, bridge_status, client_status, wsgi_status])
def test_the_page_of_a_proxy_comes_through_every_door(ask: Callable[[FakeElasticsearch], int]) -> None:
    fake = FakeElasticsearch("9.5", faults=[{"error": "bad_gateway"}])
    assert ask(fake) == 502
    assert fake.faults["fault-1"].fired == 1


def test_rules_are_listed_removed_and_cleared() -> None:
    fake = FakeElasticsearch(faults=[{"name": "a", "error": "no_master"}, {"delay": "1s"}])
    assert [fault.name for fault in fake.faults.list()] == ["a", "fault-2"]
    assert repr(fake.faults["a"]) == "Fault('a', error='no_master')"
    fake.reset()
    assert len(fake.faults) == 2
    fake.faults.remove("a")
    assert [fault.name for fault in fake.faults] == ["fault-2"]
    with pytest.raises(ValueError, match=r"there is no fault \[a\]"):
        fake.faults.remove("a")
    fake.faults.clear()
    assert len(fake.faults) == 0
    faults = fake.faults
    fake.reset(all=True)
    assert [fault.name for fault in faults] == ["a", "fault-2"]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "fault [x] has no effect: give one of error, status, items"),
        ({"operation": "bulk"}, "fault [x] has no effect"),
        ({"error": "nonsense"}, "[error] must be one of no_ml_capacity, circuit_breaker"),
        ({"error": ["no_master"]}, "[error] must be one of"),
        ({"eror": "no_master"}, "unknown field [eror]: there are operation, method"),
        ({"error": "no_master", "status": 500}, "give [error] or [status], not both"),
        ({"error": "no_master", "connection": "reset"}, "give [error] or [connection], not both"),
        ({"status": 200}, "[status] must be a status from 300 to 599, not [200]"),
        ({"status": True}, "[status] must be"),
        ({"type": "x"}, "has no effect"),
        ({"delay": "1s", "type": "x"}, "[type] needs status"),
        ({"delay": "soon"}, "[soon] is not a duration such as 5m"),
        ({"delay": -1}, "is not a duration"),
        ({"delay": ["1s"]}, "[delay] must be a duration such as 30s, or a list of two"),
        ({"status": 500, "times": 0}, "[times] must be a number from 1 on, not [0]"),
        ({"status": 500, "nth": 1, "every": 2}, "give [nth] or [every], not both"),
        ({"status": 500, "share": 1.5}, "[share] must be a number from 0 to 1"),
        ({"status": 500, "seed": 1}, "[seed] needs share or delay"),
        ({"status": 500, "since": "soon"}, "[soon] is not an ISO time"),
        ({"status": 500, "headers": {"a": "b\r\nc: d"}}, "[headers] must be an object of names and texts"),
        ({"items": []}, "[items] must be a place from 0 on, an id, or a list of them"),
        ({"items": 1, "error": "bad_gateway"}, "[bad_gateway] is no error of single items"),
        ({"connection": "slow"}, "[connection] must be one of reset, reset_after"),
        ({"fail": "running"}, "[fail] must be one of opening, opened, closing"),
    ],
)
def test_bad_rules_are_refused_in_one_line(fields: Any, text: str) -> None:
    fake = http("9.5")
    with pytest.raises(ValueError, match="fault") as refused:
        fake.fake.faults.add("x", **fields)
    assert text in str(refused.value)
    reply = fake("PUT", "/_fake/faults/x", fields)
    assert (reply.status, reply.reason) == (400, str(refused.value))
    assert len(fake.fake.faults) == 0


def test_a_preset_needs_its_release() -> None:
    with pytest.raises(ValueError, match=r"\[upgrade_mode\] exists from 6.7 on, and this is 6.6"):
        FakeElasticsearch("6.6", faults=[{"error": "upgrade_mode"}])


@pytest.mark.parametrize("given", ["no_master", {"error": "no_master"}, ["no_master"]])
def test_a_list_of_rules_is_a_list_of_dicts(given: Any) -> None:
    with pytest.raises(ValueError, match="faults must be a list of dicts such as"):
        FakeElasticsearch(faults=given)


def test_a_strict_rule_that_never_fired_says_what_it_may_have_meant() -> None:
    fake = ready("9.5")
    faults = fake.fake.faults
    faults.add("typo", operation="ml.open_jobs", error="no_master", strict=True)
    faults.add("later", operation="ml.open_job", error="no_master", nth=5, strict=True)
    faults.add("other", operation="ml.open_jobs", error="no_master")
    fake.job("x", "_open")
    assert (faults.never_fired() or "").splitlines() == [
        "fault [typo] never fired: 0 of 3 calls fitted it; [ml.open_jobs] was not called, did you mean [ml.open_job]?",
        "fault [later] never fired: 1 of 3 calls fitted it",
    ]
    faults.clear()
    assert faults.never_fired() is None


def test_the_export_of_a_call_that_was_hit_expects_no_status() -> None:
    fake = ready("9.5")
    fake.fake.faults.add("x", times=1, **ERROR)
    hits(fake, ("GET", "/"), ("GET", "/"))
    assert fake.fake.calls.export("pytest").splitlines()[-2:] == [
        "    fake_es.handle('GET', '/', {})",
        "    assert fake_es.handle('GET', '/', {}).status == 200",
    ]


def test_a_name_is_in_use_once() -> None:
    fake = FakeElasticsearch()
    fake.faults.add("x", error="no_master")
    with pytest.raises(ValueError, match=r"there is a fault \[x\] already"):
        fake.faults.add("x", error="no_master")


def test_over_http() -> None:
    fake = http("9.5")
    rule = {"operation": "ml.get_jobs", "error": "no_master", "times": 1}
    reply = fake("PUT", "/_fake/faults/busy", rule)
    shown = {"name": "busy", **rule, "seen": 0, "fired": 0}
    assert (reply.status, reply.body) == (201, shown)
    assert fake("GET", "/_ml/anomaly_detectors").status == 503
    assert fake("GET", "/_ml/anomaly_detectors").status == 200
    assert fake("GET", "/_fake/faults/busy").body == {**shown, "seen": 2, "fired": 1}
    assert fake("PUT", "/_fake/faults/busy", rule).status == 200
    assert fake("GET", "/_fake/faults").body == {"count": 1, "faults": [shown]}
    assert fake("DELETE", "/_fake/faults/busy").body == {"acknowledged": True}
    assert [fake(method, "/_fake/faults/busy").status for method in ("GET", "DELETE")] == [404, 404]
    fake("PUT", "/_fake/faults/a", rule)
    assert fake("DELETE", "/_fake/faults").body == {"acknowledged": True}
    assert fake("GET", "/_fake/faults").body == {"count": 0, "faults": []}
    assert fake("PUT", "/_fake/faults/a", [1]).status == 400


def test_many_threads_fire_a_rule_as_often_as_it_says() -> None:
    fake = http("9.5")
    fault = fake.fake.faults.add("x", times=10, **ERROR)
    statuses: list[int] = []

    def ask() -> None:
        statuses.extend(fake("GET", "/").status for _ in range(25))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert (statuses.count(503), statuses.count(200), fault.seen) == (10, 90, 100)


def test_rules_can_be_written_as_json() -> None:
    fake = FakeElasticsearch()
    fault = fake.faults.add("x", items=[1, "a"], error="rejected", strict=True)
    assert json.loads(json.dumps(fault.to_json())) == fault.to_json()
