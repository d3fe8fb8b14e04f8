"""No request, however bad, makes a fault, hangs, or changes anything when it is refused."""

from __future__ import annotations

import json
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fake_es.wire.render import Response
from tests.fuzz import AMOUNT, GIVEN
from tests.fuzz.requests import Sent, requests
from tests.fuzz.world import World

RELEASES = ("5.4.0", "6.8", "7.17", "8.19", "9.5")
AT_ONCE = 20
SECONDS = 20


class Hung(BaseException):
    """A request was not answered in time."""


@contextmanager
def alarm(seconds: int) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check_shape(sent: Sent, answer: Response) -> None:
    """An answer is whole: JSON where it says so, as long as it says, and no fault of the emulator."""
    headers = {name.lower(): value for name, value in answer.headers}
    assert b"fake_es_internal_exception" not in answer.body, sent
    assert all("\n" not in value and "\r" not in value for value in headers.values()), (sent, headers)
    if sent.method == "HEAD" or "content-encoding" in headers:
        return
    assert int(headers["content-length"]) == len(answer.body), sent
    if "json" in headers.get("content-type", ""):
        document = json.loads(answer.body)
        if answer.status >= 500:
            assert answer.status == 501 or known_fault(document), (sent, document)


def known_fault(document: object) -> bool:
    """Whether Elasticsearch itself calls such a refusal a fault of its own."""
    return isinstance(document, dict) and document["error"]["type"].endswith("_exception")


def may_change(sent: Sent, answer: Response) -> bool:
    """Whether a refusal is of those that leave something: a wait given up, whose end comes all the same; an index made for a
    document that does not fit.
    """
    waited = answer.status in (408, 500, 503) and "timeout" in sent.target
    return waited or b"mapper_parsing_exception" in answer.body or b"document_parsing_exception" in answer.body


@pytest.mark.parametrize("security", [False, True], ids=["open", "secured"])
@pytest.mark.parametrize("release", RELEASES)
def test_no_request_makes_a_fault_or_changes_what_it_may_not(
    release: str, security: bool, caplog: pytest.LogCaptureFixture
) -> None:
    @settings(
        max_examples=max(AMOUNT // AT_ONCE // len(RELEASES) // 2, 3),
        deadline=None,
        database=None,
        derandomize=GIVEN is None,
        suppress_health_check=list(HealthCheck),
        # Making a batch smaller takes minutes; the request at fault is named anyway.
        phases=(Phase.generate,),
    )
    @given(st.lists(requests(release, security), min_size=AT_ONCE, max_size=AT_ONCE))
    def run(batch: list[Sent]) -> None:
        world = World(release, security)
        before = None
        for sent in batch:
            before = before or world.digest()
            now = world.now
            with alarm(SECONDS):
                answer = world.send(sent)
            check_shape(sent, answer)
            if answer.status < 400 or world.now != now or may_change(sent, answer):
                # What is due when time passes is nobody's doing.
                before = None
            elif sent.method not in ("GET", "HEAD"):
                assert world.digest() == before, (sent, answer)

    with caplog.at_level(logging.CRITICAL, "fake_es"):
        run()
