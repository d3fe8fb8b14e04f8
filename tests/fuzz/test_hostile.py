"""While any of the hostile requests is under way, others are answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from fake_es.wire.render import Response
from tests.fuzz.answers import check_shape
from tests.fuzz.hostile import Hostile, hostile
from tests.fuzz.requests import Sent
from tests.support import Http, http

# What another request may have to wait, and how long the hostile one may take: seconds.
OTHERS, ITSELF = 1.0, 60.0


def _ready(each: Hostile) -> Http:
    fake = http(each.release)
    for method, path, body in each.setup:
        assert fake(method, path, body).status < 300, (each.name, path)
    return fake


def _waits(fake: Http, thread: threading.Thread) -> Iterator[float]:
    """How long each of the requests takes that are made while the thread runs."""
    started = time.monotonic()
    while thread.is_alive():
        assert time.monotonic() - started < ITSELF, "it does not end"
        # Time of the processor: what this machine does besides is no fault of a request's.
        before = time.process_time()
        assert fake("GET", "/").status == 200
        yield time.process_time() - before
        thread.join(0.01)


def _again(each: Hostile) -> bool:
    """Whether another of the list asks nearly the same: at the newest release, or with a ``verbose`` answer."""
    return each.release != "9.5" or each.name.endswith("verbose false")


def _each() -> list[Any]:
    return [
        pytest.param(each, id=f"{each.name}, {each.release}", marks=pytest.mark.nightly if _again(each) else ())
        for each in hostile()
    ]


@pytest.mark.parametrize("each", _each())
def test_others_are_answered_meanwhile(each: Hostile, caplog: pytest.LogCaptureFixture) -> None:
    fake, answers = _ready(each), list[Response]()
    path = each.path.replace("{ml}", fake.prefix)
    body = each.body()
    thread = threading.Thread(
        target=lambda: answers.append(fake.fake.handle(each.method, path, each.headers, body)), daemon=True
    )
    thread.start()
    longest = max(_waits(fake, thread), default=0.0)
    assert longest < OTHERS
    (answer,) = answers
    check_shape(Sent(each.method, path, dict(each.headers), b""), answer)
    assert "Traceback" not in caplog.text
