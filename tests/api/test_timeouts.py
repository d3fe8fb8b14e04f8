"""What waits, waits to the millisecond of its timeout: open, close, start, stop."""

from __future__ import annotations

import pytest

from tests.api.feeding import ready
from tests.support import Reply, http

WAITS = ("open", "close", "start_datafeed", "stop_datafeed")
DEFAULTS = {"open": 1_800_000, "close": 1_800_000, "start_datafeed": 20_000, "stop_datafeed": 300_000}
REFUSED = {
    "open": (408, "status_exception", "Opening job [x] timed out after [{timeout}]"),
    "close": (500, "illegal_state_exception", "Timed out when waiting for persistent tasks after {timeout}"),
    "start_datafeed": (408, "status_exception", "Starting datafeed [d] timed out after [{timeout}]"),
    "stop_datafeed": (500, "illegal_state_exception", "Timed out when waiting for persistent tasks after {timeout}"),
}


def waiting(kind: str, takes: str, timeout: str | None, release: str = "9.5") -> tuple[Reply, int]:
    """The answer of an operation that takes so long, and the milliseconds after which it came."""
    fake = ready(release)
    if kind == "stop_datafeed":
        fake("POST", "{ml}/datafeeds/d/_start")
    if kind == "open":
        fake.job("x", "_close")
    assert fake("PUT", "/_fake/delays", {kind: takes}).status == 200
    before = fake.fake.clock.now()
    action = kind.removesuffix("_datafeed")
    path = f"{{ml}}/anomaly_detectors/x/_{action}" if action == kind else f"{{ml}}/datafeeds/d/_{action}"
    reply = fake("POST", path + ("" if timeout is None else f"?timeout={timeout}"))
    return reply, fake.fake.clock.now() - before


@pytest.mark.parametrize("kind", WAITS)
def test_what_is_done_in_the_last_millisecond_of_the_timeout_is_done(kind: str) -> None:
    reply, took = waiting(kind, "1500ms", "1500ms")
    assert (reply.status, took) == (200, 1_500)


@pytest.mark.parametrize("kind", WAITS)
def test_a_millisecond_later_it_has_timed_out(kind: str) -> None:
    status, type_, reason = REFUSED[kind]
    reply, took = waiting(kind, "1501ms", "1500ms")
    assert (reply.status, took) == (status, 1_500)
    assert (reply.type, reply.reason) == (type_, reason.format(timeout="1.5s"))


@pytest.mark.parametrize("kind", WAITS)
@pytest.mark.parametrize("release", ["7.17", "9.5"])
def test_the_default_timeouts(kind: str, release: str) -> None:
    default = DEFAULTS[kind]
    assert waiting(kind, f"{default}ms", None, release)[0].status == 200
    reply, took = waiting(kind, f"{default + 1}ms", None, release)
    assert (reply.status >= 400, took) == (True, default)


@pytest.mark.parametrize("kind", WAITS)
def test_no_time_at_all_and_no_end(kind: str) -> None:
    assert waiting(kind, "0ms", "0")[0].status == 200
    reply, took = waiting(kind, "1ms", "0ms")
    assert (reply.status, took) == (REFUSED[kind][0], 0)
    reply, took = waiting(kind, "40d", "-1")
    assert (reply.status, took) == (200, 40 * 86_400_000)


@pytest.mark.parametrize("kind", ["open", "start_datafeed"])
@pytest.mark.parametrize(("release", "status"), [("7.17", 500), ("8.4", 500), ("8.5", 408), ("9.5", 408)])
def test_which_status_an_open_or_a_start_that_timed_out_has(kind: str, release: str, status: int) -> None:
    assert waiting(kind, "2s", "1s", release)[0].status == status


@pytest.mark.parametrize("kind", ["open", "start_datafeed"])
@pytest.mark.parametrize(("release", "names_node"), [("7.7", False), ("7.8", True), ("9.5", True)])
def test_which_answers_name_the_node(kind: str, release: str, names_node: bool) -> None:
    assert ("node" in waiting(kind, "0s", None, release)[0].body) is names_node


# --- the release in which an answer changed, and the one before it


@pytest.mark.parametrize(("release", "says_why"), [("6.0", False), ("6.1", True), ("9.5", True)])
def test_a_job_that_is_open_already_has_a_cause_from_6_1(release: str, says_why: bool) -> None:
    assert ("caused_by" in ready(release).job("x", "_open").body["error"]) is says_why


@pytest.mark.parametrize(("release", "status"), [("5.4", 200), ("6.0", 200), ("6.1", 500), ("6.8", 500), ("9.5", 500)])
def test_a_job_that_fails_while_opening_is_an_error_from_6_1(release: str, status: int) -> None:
    fake = http(release)
    fake.put("x")
    fake("POST", "/_fake/jobs/x/_fail", {"during": "opening", "reason": "no room"})
    reply = fake.job("x", "_open")
    assert reply.status == status
    assert status == 500 or reply.body == {"opened": False}


@pytest.mark.parametrize(("release", "status"), [("5.4", 200), ("6.8", 200), ("7.0", 400)])
def test_ignore_downtime_was_known_up_to_6_8(release: str, status: int) -> None:
    fake = http(release)
    fake.put("x")
    assert fake.job("x", "_open?ignore_downtime=true").status == status


@pytest.mark.parametrize(("release", "status"), [("6.2", 400), ("6.3", 200), ("7.0", 200)])
def test_a_start_passes_over_what_it_does_not_know_from_6_3(release: str, status: int) -> None:
    assert ready(release)("POST", "{ml}/datafeeds/d/_start", {"nope": 1}).status == status


@pytest.mark.parametrize(("release", "status"), [("5.4", 409), ("5.5", 200), ("6.8", 200)])
def test_a_datafeed_may_wait_for_its_job_to_open_from_5_5(release: str, status: int) -> None:
    fake = ready(release)
    fake.job("x", "_close")
    fake("PUT", "/_fake/delays", {"open": "1m"})
    fake.job("x", "_open?timeout=1s")
    assert fake("POST", "{ml}/datafeeds/d/_start").status == status


@pytest.mark.parametrize(("release", "status"), [("5.4", 500), ("5.5", 409), ("6.8", 409)])
def test_a_datafeed_without_a_ready_index_finds_no_node(release: str, status: int) -> None:
    fake = ready(release)
    fake("DELETE", "{ml}/datafeeds/d")
    wanted = {"job_id": "x", "indices": ["logs", "nothing-*"]}
    assert fake("PUT", "{ml}/datafeeds/d", wanted | ({"types": ["t"]} if release.startswith("5") else {})).status == 200
    reply = fake("POST", "{ml}/datafeeds/d/_start")
    assert (reply.status, "No node found to start datafeed [d]" in reply.reason) == (status, True)


@pytest.mark.parametrize(("release", "status"), [("6.0", 409), ("6.1", 200), ("9.5", 200)])
def test_a_closed_job_may_be_closed_from_6_1(release: str, status: int) -> None:
    fake = ready(release)
    fake.job("x", "_close")
    assert fake.job("x", "_close").status == status


@pytest.mark.parametrize(("release", "status"), [("5.4", 409), ("6.0", 409), ("6.1", 409), ("7.13", 409), ("7.14", 200)])
def test_a_close_stops_the_datafeed_from_7_14(release: str, status: int) -> None:
    fake = ready(release)
    fake("POST", "{ml}/datafeeds/d/_start")
    assert fake.job("x", "_close").status == status


CLOSE, STOP = "{ml}/anomaly_detectors/x/_close", "{ml}/datafeeds/d/_stop"


@pytest.mark.parametrize(
    ("path", "release", "status"),
    [
        (CLOSE, "7.4", 409), (CLOSE, "7.5", 200), (CLOSE, "7.7", 200),
        (STOP, "6.8", 409), (STOP, "7.0", 200), (STOP, "7.7", 200),
    ],
)  # fmt: skip
def test_what_has_no_node_ends_from_some_release_on(path: str, release: str, status: int) -> None:
    fake = ready(release)
    if path.endswith("_stop"):
        fake("POST", "{ml}/datafeeds/d/_start")
    assert fake("POST", "{ml}/set_upgrade_mode?enabled=true").status == 200
    assert fake("POST", path).status == status


@pytest.mark.parametrize(("release", "known"), [("9.2", False), ("9.3", True)])
def test_a_stop_closes_the_job_from_9_3(release: str, known: bool) -> None:
    fake = ready(release)
    fake("POST", "{ml}/datafeeds/d/_start")
    assert fake("POST", "{ml}/datafeeds/d/_stop?close_job=true").status == (200 if known else 400)
    assert fake.state("x") == ("closed" if known else "opened")


@pytest.mark.parametrize(("release", "read"), [("6.8", False), ("7.0", True)])
def test_a_close_has_a_body_from_7_0(release: str, read: bool) -> None:
    reply = ready(release).job("x", "_close", {"timeout": "5s"})
    assert reply.status == 200
    assert ("does not support having a body" in reply.headers.get("warning", "")) is not read
