"""What waits, waits to the millisecond of its timeout: open, close, start, stop."""

from __future__ import annotations

import pytest

from tests.api.feeding import ready
from tests.support import Reply

WAITS = ("open", "close", "start_datafeed", "stop_datafeed")
DEFAULTS = {"open": 1_800_000, "close": 1_800_000, "start_datafeed": 20_000, "stop_datafeed": 300_000}
REFUSED = {
    "open": (408, "status_exception", "Opening job [x] timed out after [{timeout}]"),
    "close": (500, "illegal_state_exception", "Timed out when waiting for persistent tasks after {timeout}"),
    "start_datafeed": (500, "exception", "Starting datafeed [d] timed out after [{timeout}]"),
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


@pytest.mark.parametrize(("release", "status"), [("7.17", 500), ("8.0", 408), ("9.5", 408)])
def test_which_status_an_open_that_timed_out_has(release: str, status: int) -> None:
    assert waiting("open", "2s", "1s", release)[0].status == status


@pytest.mark.parametrize("kind", ["open", "start_datafeed"])
@pytest.mark.parametrize(("release", "names_node"), [("7.7", False), ("7.8", True), ("9.5", True)])
def test_which_answers_name_the_node(kind: str, release: str, names_node: bool) -> None:
    assert ("node" in waiting(kind, "0s", None, release)[0].body) is names_node
