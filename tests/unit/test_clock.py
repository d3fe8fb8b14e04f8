"""Clocks and the timetable, through the cluster that they serve."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from fake_es import FakeElasticsearch, SystemClock, VirtualClock
from fake_es.clock import ClockError
from fake_es.cluster import Cluster
from fake_es.wire.errors import StatusException


def _write(cluster: Cluster, at: int, log: list[tuple[str, int]], name: str) -> None:
    log.append((name, at))


def test_virtual_clock_stands_still_until_it_is_moved() -> None:
    clock = VirtualClock(start="2017-04-11T08:30:00Z")
    assert clock.now() == 1_491_899_400_000
    clock.advance("5m")
    assert clock.now() == 1_491_899_700_000
    clock.advance(1.5)
    assert clock.now() == 1_491_899_701_500
    clock.set(datetime(2017, 4, 12, tzinfo=timezone.utc))
    assert clock.now() == 1_491_955_200_000


def test_a_naive_start_is_utc() -> None:
    assert VirtualClock(start=datetime(1970, 1, 2)).now() == 86_400_000
    assert VirtualClock(start="1970-01-02").now() == 86_400_000


@pytest.mark.parametrize("duration", ["5", "-5m", "soon", -1, float("nan"), True, None, "5 parsecs", 10**30])
def test_a_bad_duration_is_refused_and_moves_nothing(duration: Any) -> None:
    clock = VirtualClock(start=0)
    with pytest.raises(ClockError, match="is not a duration"):
        clock.advance(duration)
    assert clock.now() == 0


@pytest.mark.parametrize("instant", ["yesterday", -1, 10**20, [], True])
def test_a_bad_instant_is_refused(instant: Any) -> None:
    with pytest.raises(ClockError, match="is not an"):
        VirtualClock(start=0).set(instant)


def test_a_clock_does_not_run_backwards() -> None:
    clock = VirtualClock(start=1000)
    with pytest.raises(ClockError, match=r"backwards: it is 1970-01-01T00:00:01\.000Z, asked for 1970-01-01T00:00:00\.999Z"):
        clock.set(999)


def test_a_clock_serves_one_cluster() -> None:
    clock = VirtualClock()
    FakeElasticsearch(clock=clock)
    with pytest.raises(ClockError, match="belongs to one cluster"):
        FakeElasticsearch(clock=clock)


def test_what_is_planned_happens_in_the_order_of_time_when_the_clock_passes_it() -> None:
    fake = FakeElasticsearch(clock=VirtualClock(start=0))
    log: list[tuple[str, int]] = []
    plan = fake.cluster.timetable.plan
    plan(3000, _write, log, "third")
    plan(1000, _write, log, "first")
    plan(1000, _write, log, "second")
    plan(2000, _write, log, "struck out").cancel()
    fake.clock.advance("2s")
    assert log == [("first", 1000), ("second", 1000)]
    fake.clock.advance("1s")
    assert log[2:] == [("third", 3000)]


def test_what_is_planned_for_one_instant_happens_in_the_order_it_was_planned_in() -> None:
    fake = FakeElasticsearch(clock=VirtualClock(start=0))
    log: list[tuple[str, int]] = []
    for name in "abcdefg":
        fake.cluster.timetable.plan(1000, _write, log, name)
    fake.clock.set(999)
    assert log == []
    fake.clock.set(1000)
    assert [name for name, _ in log] == list("abcdefg")


@pytest.mark.parametrize(("seconds", "carried_out"), [(0.0, "a"), (3600.0, "abc")])
def test_what_is_due_at_once_is_carried_out_as_long_as_there_is_time(seconds: float, carried_out: str) -> None:
    cluster = FakeElasticsearch(clock=VirtualClock(start=0)).cluster
    log: list[tuple[str, int]] = []
    for name in "abc":
        cluster.timetable.plan(1000, _write, log, name)
    assert not cluster.timetable.run_due(cluster, 999, seconds)
    assert cluster.timetable.run_due(cluster, 1000, seconds)
    assert [name for name, _ in log] == list(carried_out)


def test_what_is_struck_out_strikes_out_nothing_else() -> None:
    fake = FakeElasticsearch(clock=VirtualClock(start=0))
    log: list[tuple[str, int]] = []
    plan = fake.cluster.timetable.plan
    plan(500, _write, log, "never").cancel()
    plan(1000, _write, log, "first")
    plan(5000, _write, log, "second")
    plan(9000, _write, log, "never").cancel()
    with fake.cluster.changed:
        assert fake.cluster.wait_until(lambda: bool(log))
    assert (log, fake.clock.now()) == ([("first", 1000)], 1000)
    with fake.cluster.changed:
        assert fake.cluster.wait_until(lambda: len(log) > 1)
    assert (log[1:], fake.clock.now()) == ([("second", 5000)], 5000)
    assert fake.cluster.timetable.next_at() is None


@pytest.mark.parametrize(("at", "timeout", "is_done"), [(1000, 1000, True), (1001, 1000, False), (0, 0, True), (1, 0, False)])
def test_a_wait_has_what_happens_in_its_last_millisecond(at: int, timeout: int, is_done: bool) -> None:
    fake = FakeElasticsearch(clock=VirtualClock(start=0))
    log: list[tuple[str, int]] = []
    fake.cluster.timetable.plan(at, _write, log, "done")
    with fake.cluster.changed:
        assert fake.cluster.wait_until(lambda: bool(log), timeout) is is_done
    assert fake.clock.now() == timeout


def _chain(cluster: Cluster, at: int, log: list[tuple[str, int]]) -> None:
    log.append(("link", at))
    if len(log) < 3:
        cluster.timetable.plan(at + 10, _chain, log)


def test_what_is_planned_meanwhile_happens_in_the_same_move_at_its_own_instant() -> None:
    fake = FakeElasticsearch(clock=VirtualClock(start=0))
    log: list[tuple[str, int]] = []
    fake.cluster.timetable.plan(10, _chain, log)
    fake.clock.advance("1s")
    assert log == [("link", 10), ("link", 20), ("link", 30)]


def test_a_wait_moves_an_automatic_clock_no_further_than_needed() -> None:
    fake = FakeElasticsearch(clock=VirtualClock(start=0))
    log: list[tuple[str, int]] = []
    fake.cluster.timetable.plan(240_000, _write, log, "done")
    with fake.cluster.changed:
        assert fake.cluster.wait_until(lambda: bool(log), 1_800_000)
    assert fake.clock.now() == 240_000


def test_a_wait_that_runs_out_moves_the_clock_by_its_timeout() -> None:
    fake = FakeElasticsearch(clock=VirtualClock(start=0))
    log: list[tuple[str, int]] = []
    fake.cluster.timetable.plan(240_000, _write, log, "done")
    with fake.cluster.changed:
        assert not fake.cluster.wait_until(lambda: bool(log), 1_000)
    assert fake.clock.now() == 1_000
    assert log == []


def _waiter(fake: FakeElasticsearch, log: list[tuple[str, int]], outcome: list[Any], waiting: threading.Event) -> None:
    with fake.cluster.changed:
        waiting.set()
        try:
            outcome.append(fake.cluster.wait_until(lambda: bool(log), 60_000))
        except StatusException as error:
            outcome.append(error.status)


def _start_waiter(fake: FakeElasticsearch, log: list[tuple[str, int]], outcome: list[Any]) -> threading.Thread:
    waiting = threading.Event()
    thread = threading.Thread(target=_waiter, args=(fake, log, outcome, waiting))
    thread.start()
    assert waiting.wait(5)
    return thread


def test_with_a_manual_clock_others_wait_until_somebody_moves_it() -> None:
    fake = FakeElasticsearch(clock=VirtualClock(auto=False, start=0))
    log: list[tuple[str, int]] = []
    outcome: list[Any] = []
    fake.cluster.timetable.plan(5_000, _write, log, "done")
    thread = _start_waiter(fake, log, outcome)
    fake.clock.advance("4s")
    assert thread.is_alive()
    fake.clock.advance("1s")
    thread.join(5)
    assert outcome == [True]


def _wait_without_an_end(fake: FakeElasticsearch, done: Callable[[], bool], outcome: list[bool]) -> threading.Thread:
    waiting = threading.Event()

    def wait() -> None:
        with fake.cluster.lock:
            waiting.set()
            outcome.append(fake.cluster.wait_until(done))

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    assert waiting.wait(5)
    return thread


def test_who_waits_without_an_end_hears_of_time_that_another_wait_has_passed() -> None:
    fake = FakeElasticsearch(clock=VirtualClock(start=0))
    outcome: list[bool] = []
    thread = _wait_without_an_end(fake, lambda: fake.clock.now() >= 1_000, outcome)
    with fake.cluster.lock:
        assert not fake.cluster.wait_until(lambda: False, 1_000)
    thread.join(5)
    assert outcome == [True]


def test_who_waits_in_real_time_hears_of_what_another_wait_has_carried_out() -> None:
    fake = FakeElasticsearch(clock=SystemClock(speed=1000))
    log: list[tuple[str, int]] = []
    outcome: list[bool] = []
    thread = _wait_without_an_end(fake, lambda: bool(log), outcome)
    with fake.cluster.lock:
        fake.cluster.timetable.plan(fake.clock.now() + 1_000, _write, log, "done")
        assert not fake.cluster.wait_until(lambda: False, 5_000)
    thread.join(5)
    assert outcome == [True]


def test_a_reset_ends_waiting_requests_with_503() -> None:
    fake = FakeElasticsearch(clock=VirtualClock(auto=False, start=0))
    outcome: list[Any] = []
    thread = _start_waiter(fake, [], outcome)
    fake.reset()
    thread.join(5)
    assert outcome == [503]


def test_the_system_clock_passes_by_itself_and_can_be_sped_up_and_pushed() -> None:
    clock = SystemClock(speed=1_000_000)
    start = clock.now()
    while clock.now() < start + 1000:
        pass
    before = clock.now()
    clock.advance("10d")
    assert clock.now() >= before + 864_000_000
    with pytest.raises(ClockError, match="must be positive"):
        SystemClock(speed=0)


def test_a_wait_on_the_system_clock_ends_when_its_time_has_come() -> None:
    fake = FakeElasticsearch(clock=SystemClock(speed=1000))
    log: list[tuple[str, int]] = []
    fake.cluster.timetable.plan(fake.clock.now() + 5_000, _write, log, "done")
    with fake.cluster.changed:
        assert fake.cluster.wait_until(lambda: bool(log), 600_000)
        assert not fake.cluster.wait_until(lambda: False, 1_000)


class RealTime:
    """Real time that a test moves, and the waits for it: seconds, None for a wait without an end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1_700_000_000.0
        self.between_readings = 0.0
        self.waits: list[float | None] = []
        monkeypatch.setattr("fake_es.clock.time", self)

    def monotonic(self) -> float:
        self.seconds += self.between_readings
        return self.seconds

    def time_ns(self) -> int:
        return int(self.seconds) * 1_000_000_000

    def wait(self, seconds: float | None = None) -> bool:
        self.waits.append(seconds)
        return True


def test_the_system_clock_to_the_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    real = RealTime(monkeypatch)
    start, clock = 1_700_000_000_000, SystemClock(speed=2)
    assert clock.now() == VirtualClock().now() == start
    real.seconds += 1.5
    assert clock.now() == start + 3_000
    clock.advance(0)
    clock.advance("1ms")
    clock.set(clock.now() + 1)
    assert clock.now() == start + 3_002
    real.seconds += 0.5
    assert clock.now() == start + 4_002
    assert SystemClock().speed == 1.0


def test_the_system_clock_is_not_set_back_to_an_instant_that_has_passed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    real, clock = RealTime(monkeypatch), SystemClock()
    real.between_readings = 1.0
    start = clock.now()
    # Read twice by this, after one and after two seconds.
    clock.set(start + 1_500)
    assert clock.now() == start + 3_000


@pytest.mark.parametrize(("ahead", "seconds"), [(None, None), (-1, 0.001), (0, 0.001), (2, 0.001), (4, 0.002), (3_000, 1.5)])
def test_the_system_clock_waits_at_least_a_millisecond(
    ahead: int | None, seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Any = RealTime(monkeypatch)
    clock = SystemClock(speed=2)
    assert not clock.wait(real, None if ahead is None else clock.now() + ahead)
    assert real.waits == [seconds]


@pytest.mark.parametrize(
    ("auto", "until", "moves"), [(True, 5, True), (True, 0, True), (True, None, False), (False, 5, False), (False, None, False)]
)
def test_only_a_clock_that_moves_by_itself_is_moved_by_a_wait(
    auto: bool, until: int | None, moves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Any = RealTime(monkeypatch)
    clock = VirtualClock(auto=auto, start=3)
    assert clock.wait(real, until) is moves
    assert clock.now() == (max(until or 0, 3) if moves else 3)
    assert real.waits == ([] if moves else [None])


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_clock_runs_forwards(speed: float) -> None:
    with pytest.raises(ClockError, match="must be positive"):
        SystemClock(speed=speed)
    assert SystemClock(speed=0.5).speed == 0.5
