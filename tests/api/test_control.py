"""``/_fake``: what a test in any language may do to the cluster."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import SystemClock, VirtualClock
from tests.support import Http, http


@pytest.fixture
def fake() -> Http:
    return http(clock=VirtualClock(start="2017-04-11T08:30:00Z"))


def test_it_says_what_it_is(fake: Http) -> None:
    body = fake("GET", "/_fake").body
    assert body["name"] == "fake-es"
    assert body["elasticsearch"] == str(fake.fake.version)
    assert body["jobs"] == 0


def test_the_clock_is_read_and_moved(fake: Http) -> None:
    now = {"now": "2017-04-11T08:30:00.000Z", "epoch_ms": 1_491_899_400_000, "mode": "virtual", "auto": True, "speed": None}
    assert fake("GET", "/_fake/clock").body == now
    assert fake("POST", "/_fake/clock", {"advance": "5m"}).body["now"] == "2017-04-11T08:35:00.000Z"
    assert fake("POST", "/_fake/clock", {"set": "2017-05-01T00:00:00Z"}).body["now"] == "2017-05-01T00:00:00.000Z"
    assert fake("POST", "/_fake/clock", {"auto": False}).body["auto"] is False
    assert fake.fake.clock.auto is False


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"advance": "soon"}, "[soon] is not a duration such as 5m, 90s or 250ms"),
        ({"advance": {"minutes": 5}}, "is not a duration"),
        ({"set": "2016-01-01T00:00:00Z"}, "the clock cannot run backwards"),
        ({"set": "noon"}, "[noon] is not an ISO time such as 2017-04-11T08:30:00Z"),
        ({"set": None}, "is not an instant"),
        ({"auto": "yes"}, "[auto] must be true or false, not [yes]"),
        ({"fast": True}, "unknown setting [fast]: there are advance, set, auto"),
        ([], "the body must be a JSON object"),
    ],
)
def test_bad_values_are_refused_and_change_nothing(fake: Http, body: Any, said: str) -> None:
    before = fake("GET", "/_fake/clock").body
    reply = fake("POST", "/_fake/clock", body)
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert said in reply.reason
    assert fake("GET", "/_fake/clock").body == before


def test_a_bad_move_does_not_take_the_good_half_of_the_request(fake: Http) -> None:
    assert fake("POST", "/_fake/clock", {"set": "2018-01-01T00:00:00Z", "advance": "never"}).status == 400
    assert fake("GET", "/_fake/clock").body["now"] == "2017-04-11T08:30:00.000Z"


def test_a_system_clock_says_how_fast_it_is() -> None:
    body = http(clock=SystemClock(speed=3))("GET", "/_fake/clock").body
    assert (body["mode"], body["auto"], body["speed"]) == ("system", False, 3.0)


def test_a_system_clock_cannot_be_told_to_wait() -> None:
    reply = http(clock=SystemClock())("POST", "/_fake/clock", {"auto": True})
    assert reply.reason == "only a virtual clock can be told whether to move by itself; this one is [system]"


def test_delays_are_read_and_set(fake: Http) -> None:
    assert fake("GET", "/_fake/delays").body == {"profile": "realistic"}
    assert fake("PUT", "/_fake/delays", {"close": "4m", "jobs": {"a": {"open": "90s"}}}).body == {
        "profile": "realistic",
        "close": "240000ms",
        "jobs": {"a": {"open": "90000ms"}},
    }
    assert fake("PUT", "/_fake/delays", {"jobs": {"a": {"close": 1}}}).body["jobs"] == {
        "a": {"open": "90000ms", "close": "1000ms"}
    }
    assert fake("PUT", "/_fake/delays", {"profile": "none"}).body == {"profile": "none"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"profile": "slow"}, "unknown delay profile [slow]: there are realistic, none"),
        ({"profile": []}, "unknown delay profile"),
        ({"zzz": "4m", "clsoe": "4m"}, "unknown delay [clsoe]: there are open, close, delete"),
        ({"close": "a while"}, "[a while] is not a duration"),
        ({"close": None}, "is not a duration"),
        ({"open": "1m", "jobs": {"a": {"close": -1}}}, "is not a duration"),
        ({"jobs": []}, "[jobs] must be an object"),
        ({"jobs": {"a": "4m"}}, "delays must be an object"),
        ("[]", "the body must be a JSON object"),
    ],
)
def test_bad_delays_are_refused_and_change_nothing(fake: Http, body: Any, said: str) -> None:
    reply = fake("PUT", "/_fake/delays", body)
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert said in reply.reason
    assert fake("GET", "/_fake/delays").body == {"profile": "realistic"}


def test_reset_forgets_the_jobs_but_not_the_time(fake: Http) -> None:
    fake.put("a")
    fake("POST", "/_fake/clock", {"advance": "1h"})
    now = fake("GET", "/_fake/clock").body["now"]
    assert fake("POST", "/_fake/reset").body == {"acknowledged": True}
    assert fake("GET", "{ml}/anomaly_detectors").body["count"] == 0
    assert fake("GET", "/_fake/clock").body["now"] == now


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "7.17", "8.19"])
def test_every_release_has_it(release: str) -> None:
    assert http(release)("GET", "/_fake").body["elasticsearch"].startswith(release)


def test_only_a_superuser_may_use_it() -> None:
    import base64

    users = [("root", "secret-root", ["superuser"]), ("admin", "secret-admin", ["machine_learning_admin"])]
    fake = http(security=True, users=users)

    def basic(name: str) -> str:
        return "Basic " + base64.b64encode(f"{name}:secret-{name}".encode()).decode()

    assert fake("GET", "/_fake/clock").status == 401
    assert fake("GET", "/_fake/clock", authorization=basic("admin")).status == 403
    assert fake("GET", "/_fake/clock", authorization=basic("root")).status == 200
