"""Time that code under test feels: clocks that tick, ``sleep`` on the clock, and releases and clocks of a whole suite."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from fake_es import FakeElasticsearch, VirtualClock
from fake_es.cli import main
from fake_es.clock import ClockError
from tests.support import Http, http

pytest_plugins = ["pytester"]

START = "2020-01-01T00:00:00Z"
START_MS = 1_577_836_800_000


def closing(clock: VirtualClock) -> Http:
    """A job whose close takes four minutes and has begun."""
    fake = http("9.5", clock=clock, delays={"open": 0, "close": "4m"})
    fake.put("x")
    fake.job("x", "_open")
    assert fake.job("x", "_close?timeout=0s").status == 500
    return fake


def test_a_tick_passes_time_with_every_request() -> None:
    fake = http("9.5", clock=VirtualClock(start=START, tick="1.5s"))
    for _ in range(3):
        fake("GET", "/")
    assert fake.fake.clock.now() == START_MS + 4500
    fake("GET", "/_fake/clock")
    assert fake.fake.clock.now() == START_MS + 4500


def test_code_that_polls_comes_to_an_end_with_a_tick() -> None:
    fake, polls = closing(VirtualClock(tick="1m")), 0
    while fake.state("x") != "closed":
        polls += 1
    assert polls == 3


def test_auto_goes_to_the_next_event_when_the_same_is_asked_again() -> None:
    fake = closing(VirtualClock(tick="auto"))
    before = fake.fake.clock.now()
    assert fake.state("x") == "closing"
    assert fake.fake.clock.now() == before
    assert fake.state("x") == "closed"
    assert fake.fake.clock.now() == before + 240_000


def test_auto_does_not_move_for_another_question() -> None:
    fake = closing(VirtualClock(tick="auto"))
    before = fake.fake.clock.now()
    for path in ("/", "/_cat/indices", "/", "/_cat/indices"):
        fake("GET", path)
    assert fake.fake.clock.now() == before


@pytest.mark.parametrize("tick", ["soon", "-1s", -1, True])
def test_ticks_that_are_refused(tick: str) -> None:
    with pytest.raises(ClockError, match="is not a duration such as 5m"):
        VirtualClock(tick=tick)


def test_the_control_api_shows_the_tick() -> None:
    assert http(clock=VirtualClock(tick="1s"))("GET", "/_fake/clock").body["tick"] == "1000ms"
    assert http(clock=VirtualClock(tick="auto"))("GET", "/_fake/clock").body["tick"] == "auto"
    assert "tick" not in http()("GET", "/_fake/clock").body


def test_a_reset_of_all_resets_clock_delays_and_calls() -> None:
    fake = http("9.5", clock=VirtualClock(start=START), delays={"close": "4m"})
    fake.fake.clock.advance("1h")
    fake.fake.delays.change("none")
    fake.put("x")
    assert fake("POST", "/_fake/reset", {"all": True}).body == {"acknowledged": True}
    assert fake.fake.clock.now() == START_MS
    assert fake.fake.delays.describe() == {"profile": "realistic", "close": "240000ms"}
    assert len(fake.fake.calls) == 0
    assert fake.job("x", method="GET").status == 404


@pytest.mark.parametrize("body", [None, {}, {"all": False}])
def test_a_plain_reset_keeps_them(body: object) -> None:
    fake = http("9.5", clock=VirtualClock(start=START))
    fake.fake.clock.advance("1h")
    fake("GET", "/")
    assert fake("POST", "/_fake/reset", body).status == 200
    assert fake.fake.clock.now() == START_MS + 3_600_000
    assert len(fake.fake.calls) == 1


@pytest.mark.parametrize("body", [{"all": "yes"}, {"every": True}, []])
def test_a_reset_that_is_refused_resets_nothing(body: object) -> None:
    fake = http()
    fake.put("x")
    assert fake("POST", "/_fake/reset", body).status == 400
    assert fake.job("x", method="GET").status == 200


@pytest.mark.fake_es(clock_start=START)
def test_sleep_moves_the_clock(fake_es: FakeElasticsearch, fake_es_sleep: Callable[[float], None]) -> None:
    time.sleep(90)
    fake_es_sleep(0.5)
    asyncio.run(asyncio.sleep(9.5))
    assert fake_es.clock.now() == START_MS + 100_000


SHARED = VirtualClock(start=START)


@pytest.mark.parametrize("_", range(2))
@pytest.mark.fake_es(clock=SHARED)
def test_a_clock_of_a_marker_is_copied_for_each_test(fake_es: FakeElasticsearch, _: int) -> None:
    assert fake_es.clock.now() == START_MS
    fake_es.clock.advance("1h")


@pytest.mark.fake_es(clock_start="2020-01-01", clock_tick="1s")
def test_start_and_tick_of_a_marker_are_texts(fake_es: FakeElasticsearch) -> None:
    fake_es.handle("GET", "/", {})
    assert fake_es.clock.now() == START_MS + 1000


@pytest.mark.fake_es_releases("6.8", "7.17", "9")
def test_a_test_runs_for_each_release(fake_es: FakeElasticsearch, fake_es_release: str) -> None:
    assert str(fake_es.version).startswith(fake_es_release)


def test_releases_need_no_argument_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import json
        import pytest
        from urllib.request import urlopen

        @pytest.mark.fake_es_releases("7.17", "8.19")
        def test_server(fake_es_server):
            assert json.load(urlopen(fake_es_server))["version"]["number"][:2] in ("7.", "8.")

        @pytest.mark.fake_es_releases
        def test_wrong(): ...
    """)
    result = pytester.runpytest_subprocess("-v", "-p", "no:hypothesispytest", "-k", "server")
    result.stdout.fnmatch_lines(["*fake_es_releases takes releases as texts*"])


def test_releases_through_a_server(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import json
        import pytest
        from urllib.request import urlopen

        @pytest.mark.fake_es_releases("7.17", "8.19")
        def test_server(fake_es_server, request):
            assert json.load(urlopen(fake_es_server))["version"]["number"][:4] in request.node.name
    """)
    pytester.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("ini", "options", "shown"),
    [
        ("fake_es_version = 7.17", [], "7.17 realistic"),
        ("fake_es_version = 7.17", ["--fake-es-version", "6.8"], "6.8. realistic"),
        ("fake_es_delays = none", ["--fake-es-clock-start", "2020-01-01"], "9.5. none 1577836800000"),
        ("fake_es_clock = system", [], "SystemClock"),
    ],
)
def test_a_whole_suite_has_its_release_and_clock(pytester: pytest.Pytester, ini: str, options: list[str], shown: str) -> None:
    pytester.makeini(f"[pytest]\n{ini}\n")
    pytester.makepyfile("""
        import pytest

        def test_it(fake_es):
            print(fake_es.version, fake_es.delays.describe()["profile"], fake_es.clock.now(), type(fake_es.clock).__name__)

        @pytest.mark.fake_es(version="8.19")
        def test_marker(fake_es):
            assert fake_es.version[:2] == (8, 19)
    """)
    result = pytester.runpytest_subprocess("-s", "-p", "no:hypothesispytest", *options)
    result.assert_outcomes(passed=2)
    for word in shown.split():
        result.stdout.fnmatch_lines([f"*{word}*"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--delays", "close=soon"], "[soon] is not a duration such as 5m, 90s or 250ms"),
        (["--delays", "fast"], "unknown delay profile [fast]: there are realistic, none"),
        (["--delays", "clse=4m"], "unknown delay [clse]: there are open, close"),
        (["--tick", "1s"], "--tick is for --clock virtual"),
        (["--clock", "virtual", "--tick", "soon"], "[soon] is not a duration"),
    ],
)
def test_delays_and_ticks_of_the_command_line(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", *options]) == 2
    assert capsys.readouterr().err.startswith(f"fake-es serve: {said}")
