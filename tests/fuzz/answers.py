"""What every answer must be, whatever was asked: whole, soon, JSON that every reader takes, and no fault of the emulator."""

from __future__ import annotations

import json
import logging
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from fake_es.wire.render import Response
from tests.fuzz.requests import Sent

# Of the processor's time of this thread, so that a busy machine is no fault.
SLOW_SECONDS = 2.0
HUNG_SECONDS = 60


class Hung(BaseException):
    """A request was not answered in time."""


class Bad(Exception):
    """An answer that must not be: ``kind`` is the same for the same fault."""

    def __init__(self, kind: str, shown: str) -> None:
        super().__init__(f"{kind}: {shown}")
        self.kind = kind


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise Hung("".join(traceback.format_stack(frame)[-3:]))

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HUNG_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


class Faults(logging.Handler):
    """Keeps where the last fault of the emulator was raised."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.last = "unknown"

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        frames = traceback.extract_tb(error.__traceback__) if error is not None else []
        place = f" at {frames[-1].filename.rpartition('fake_es/')[2]}:{frames[-1].lineno}" if frames else ""
        self.last = f"{type(error).__name__}{place}"


@contextmanager
def watched() -> Iterator[Faults]:
    """Faults are kept, and not written to stderr."""
    log, faults = logging.getLogger("fake_es"), Faults()
    propagated, log.propagate = log.propagate, False
    log.addHandler(faults)
    try:
        yield faults
    finally:
        log.removeHandler(faults)
        log.propagate = propagated


def answered(handle: Callable[..., Response], sent: Sent, faults: Faults) -> Response:
    """Hand a request over, and look at its answer.

    :raises Bad: it came late, is not whole, is not JSON though it says so, or is a fault.
    """
    before = time.thread_time()
    try:
        with _alarm():
            answer = handle(*sent)
    except Hung as error:
        raise Bad("no answer", str(error)) from None
    spent = time.thread_time() - before
    if b"fake_es_internal_exception" in answer.body:
        raise Bad(faults.last, answer.body[:300].decode("utf-8", "replace"))
    if spent > SLOW_SECONDS:
        raise Bad(
            f"slow: {sent.method} {'/'.join(part for part in sent.target.split('/') if part[:1] == '_')}", f"{spent:.1f} s"
        )
    check_shape(sent, answer)
    return answer


def check_shape(sent: Sent, answer: Response) -> None:
    """Look at the form of an answer.

    :raises Bad: it is not whole, or not JSON though it says so, or a fault.
    """
    headers = {name.lower(): value for name, value in answer.headers}
    if any("\n" in value or "\r" in value for value in headers.values()):
        raise Bad("a header of two lines", str(headers))
    if sent.method == "HEAD" or "content-encoding" in headers:
        return
    if int(headers["content-length"]) != len(answer.body):
        raise Bad("a wrong length", headers["content-length"])
    if "json" in headers.get("content-type", ""):
        document = strict_json(answer.body)
        if answer.status >= 500 and answer.status != 501 and not _is_the_servers(document):
            raise Bad(f"status {answer.status}", str(document)[:300])


def strict_json(text: bytes) -> Any:
    """JSON as the most particular reader takes it.

    :raises Bad: it is no UTF-8, or has a word that JSON has not.
    """

    def refuse(word: str) -> Any:
        raise ValueError(word)

    try:
        return json.loads(text.decode("utf-8"), parse_constant=refuse)
    except ValueError as error:
        raise Bad("invalid JSON", f"{error} in {text[:300]!r}") from None


def _is_the_servers(document: Any) -> bool:
    """Whether Elasticsearch itself calls such a refusal a fault of its own."""
    return isinstance(document, dict) and str(document["error"]["type"]).endswith("exception")
