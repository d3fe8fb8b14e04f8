"""Walks the close-job page aloud: every sentence as a request and the answer it must get, at 5.4.0 and at the newest release.

Only the standard library speaks HTTP here, so that nothing stands between the reader and the wire.
"""

from __future__ import annotations

import base64
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from fake_es import FakeElasticsearch, VirtualClock
from fake_es.scenes import scenes
from fake_es.version import NEWEST

JOB = json.loads((scenes() / "event_rate" / "job.json").read_text())
RECORDS = (scenes() / "event_rate" / "records.ndjson").read_bytes()
USERS = [("writer", "writer-password", ["machine_learning_admin"]), ("reader", "reader-password", ["machine_learning_user"])]

Expected = Callable[[Any], bool]


class Walk:
    """Sends requests, prints them with their answers, and counts the answers that were not as expected."""

    def __init__(self, url: str, prefix: str) -> None:
        self._url = url
        self._prefix = prefix
        self.surprises = 0

    def step(
        self,
        sentence: str,
        method: str,
        path: str,
        *,
        body: bytes | dict[str, Any] | None = None,
        user: str = "writer",
        status: int = 200,
        expected: Expected | dict[str, Any] = bool,
    ) -> Any:
        """One request; ``expected`` is the answer, or a check of it."""
        target = path.replace("{ml}", self._prefix)
        got, answer = self._send(method, target, body, user)
        fits = got == status and (expected(answer) if callable(expected) else answer == expected)
        self.surprises += not fits
        shown = json.dumps(answer)
        print(f"\n# {sentence}\n{method} {target}   (as {user})")
        print(f"{got} {shown if len(shown) < 400 else shown[:400] + ' ...'}")
        print("   as expected" if fits else f"   NOT AS EXPECTED: {status} {'' if callable(expected) else expected}")
        return answer

    def _send(self, method: str, target: str, body: bytes | dict[str, Any] | None, user: str) -> tuple[int, Any]:
        request = urllib.request.Request(self._url + target, method=method)
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{user}-password".encode()).decode())
        if body is not None:
            request.add_header("Content-Type", "application/x-ndjson" if isinstance(body, bytes) else "application/json")
            request.data = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


def reason(text: str) -> Expected:
    """An answer whose error gives this reason."""
    return lambda answer: text in answer["error"]["reason"]


def state(name: str) -> Expected:
    """Statistics of a job in this state."""
    return lambda answer: bool(answer["jobs"][0]["state"] == name)


def walk_the_page(walk: Walk, fake: FakeElasticsearch, version: tuple[int, ...]) -> None:
    """Every sentence of the page."""
    job, close = "{ml}/anomaly_detectors/event_rate", "{ml}/anomaly_detectors/event_rate/_close"
    opened = {"opened": True} if version < (7, 8) else lambda answer: answer["opened"] is True and answer["node"] != ""
    records = len(RECORDS.splitlines())

    walk.step("A job", "PUT", job, body=JOB, expected=lambda answer: answer["job_id"] == "event_rate")
    walk.step("... is opened,", "POST", f"{job}/_open", expected=opened)
    walk.step("receives data,", "POST", f"{job}/_data", body=RECORDS, status=202,
              expected=lambda answer: answer["processed_record_count"] == records)  # fmt: skip
    unauthorized = reason("action [cluster:admin/xpack/ml/job/close] is unauthorized for user [reader]")
    walk.step("You must have manage_ml, or manage, to use this API: a reader is refused.", "POST", close, user="reader",
              status=403, expected=unauthorized)  # fmt: skip
    before = fake.clock.now()
    walk.step("and is closed.", "POST", close, expected={"closed": True})
    print(f"   (the housekeeping took {(fake.clock.now() - before) / 1000:g} s of the cluster's time)")
    walk.step("A closed job cannot receive data,", "POST", f"{job}/_data", body=RECORDS, status=409,
              expected=reason("job [event_rate] is not open"))  # fmt: skip
    walk.step("but you can still explore and navigate results;", "GET", f"{job}/results/buckets?size=1", user="reader",
              expected=lambda answer: answer["count"] > 100)  # fmt: skip
    walk.step("its meta data stay.", "GET", f"{job}/_stats", user="reader", expected=state("closed"))
    if version < (6, 1):
        walk.step("Closing a job that is not open is refused,", "POST", close, status=409,
                  expected=reason("cannot close job, because job [event_rate] is not open"))  # fmt: skip
    else:
        walk.step("Closing a job that is closed changes nothing,", "POST", close, expected={"closed": True})
    walk.step("and closing a job that does not exist is refused.", "POST", "{ml}/anomaly_detectors/nope/_close", status=404,
              expected=reason("nope"))  # fmt: skip

    fake.delays.change({"close": "4m"})
    walk.step("A job can be opened and closed multiple times.", "POST", f"{job}/_open", expected=opened)
    parameter = "close_timeout" if version < (6, 0) else "timeout"
    walk.step(f"It could take several minutes to close; {parameter} controls the time to wait.", "POST",
              f"{close}?{parameter}=1s", status=500, expected=reason("after 1s"))  # fmt: skip
    walk.step("The job goes on closing,", "GET", f"{job}/_stats", expected=state("closing"))
    fake.clock.advance("4m")
    walk.step("and later it is closed.", "GET", f"{job}/_stats", expected=state("closed"))
    walk.step("Once more:", "POST", f"{job}/_open", expected=opened)
    before = fake.clock.now()
    walk.step("a close of several minutes that costs no real time.", "POST", close, expected={"closed": True})
    print(f"   (four minutes for the cluster: {fake.clock.now() - before == 240_000})")
    walk.surprises += fake.clock.now() - before != 240_000


def main() -> int:
    """Walk the page twice; the exit code is the number of surprises, at most 1."""
    surprises = 0
    for version in ("5.4.0", str(NEWEST)):
        fake = FakeElasticsearch(version, security=True, users=USERS, clock=VirtualClock())
        with fake.serve() as url:
            print(f"\n{'=' * 100}\nElasticsearch {version} at {url}\n{'=' * 100}")
            walk = Walk(url, "/_xpack/ml" if fake.version < (7, 0) else "/_ml")
            walk_the_page(walk, fake, fake.version)
            surprises += walk.surprises
    print(f"\n{'Every answer was as expected.' if not surprises else f'{surprises} answers were NOT as expected.'}")
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main())
