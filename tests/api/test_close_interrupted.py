"""What becomes of those who wait for a close when somebody kills the job meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from fake_es import VirtualClock
from tests.api.test_close_job import opened
from tests.support import Http, Reply


class Waiting:
    """A request that another thread sends, to a job "x" whose close takes until the clock is moved."""

    def __init__(self, send: Callable[[], Reply]) -> None:
        self._replies: list[Reply] = []
        self._thread = threading.Thread(target=lambda: self._replies.append(send()))
        self._thread.start()

    def reply(self) -> Reply:
        self._thread.join(5)
        return self._replies[0]


def closing_for_another(release: str) -> tuple[Http, Waiting]:
    fake = opened(release, clock=VirtualClock(auto=False), delays={"open": "0s", "close": "4m", "delete": "0s"})
    closer = Waiting(lambda: fake.job("x", "_close"))
    while fake.state("x") != "closing":
        pass
    return fake, closer


@pytest.mark.parametrize("release", ["6.2", "6.8", "7.17", "8.19", "9.5"])
def test_who_began_a_close_hears_that_a_forced_one_overtook_it(release: str) -> None:
    fake, closer = closing_for_another(release)
    assert fake.job("x", "_close?force=true").body == {"closed": True}
    reply = closer.reply()
    assert (reply.status, reply.type, reply.reason) == (409, "status_exception", "Close job interrupted by kill request")
    assert fake.state("x") == "closed"


@pytest.mark.parametrize("release", ["5.6", "6.8", "9.5"])
def test_who_began_a_close_hears_that_the_job_was_deleted(release: str) -> None:
    fake, closer = closing_for_another(release)
    assert fake.job("x?force=true", method="DELETE").status == 200
    assert (closer.reply().status, closer.reply().reason) == (409, "Close job interrupted by kill request")


def test_who_only_joined_a_close_finds_the_job_closed() -> None:
    fake, closer = closing_for_another("9.5")
    joined = Waiting(lambda: fake.job("x", "_close?force=false"))
    fake.job("x", "_close?force=true")
    assert joined.reply().body == {"closed": True}
    assert closer.reply().status == 409


def test_a_cancelled_task_is_a_kill_as_well() -> None:
    fake, closer = closing_for_another("9.5")
    tasks = fake("GET", "/_tasks?actions=xpack/ml/job*").body["nodes"]
    (task_id,) = (task_id for node in tasks.values() for task_id in node["tasks"])
    assert fake("POST", f"/_tasks/{task_id}/_cancel").status == 200
    assert closer.reply().status == 409
