"""A cluster with something of everything in it, and what can be seen of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fake_es import FakeElasticsearch
from fake_es.wire.render import Response
from tests.fuzz.bodies import AGGREGATED_FEED, DOCUMENT, HOUR, JOB, RECORDS, RICH_JOB, START
from tests.fuzz.requests import ELASTIC, Sent

_SEEN = ("{ml}/anomaly_detectors", "{ml}/anomaly_detectors/_stats", "{ml}/datafeeds", "{ml}/datafeeds/_stats")


class World:
    """One emulator. What a release does not know is left out without a word."""

    def __init__(self, release: str, security: bool) -> None:
        self.fake = FakeElasticsearch(release, security=security, users=[("ada", "secret", ["machine_learning_user"])])
        self.prefix = "/_xpack/ml" if self.fake.version < (7, 0) else "/_ml"
        typed = "doc" if self.fake.version < (7, 0) else "_doc"
        for place in range(4):
            self._ask("PUT", f"/logs/{typed}/{place}", {**DOCUMENT, "time": START + place * HOUR})
        for job_id, body in (("a", JOB), ("b", JOB), ("c", RICH_JOB)):
            self._ask("PUT", f"{{ml}}/anomaly_detectors/{job_id}", body)
        self._ask("POST", "{ml}/anomaly_detectors/a/_open")
        self._ask("POST", "{ml}/anomaly_detectors/a/_data", RECORDS)
        self._ask("PUT", "{ml}/datafeeds/feed-a", {"job_id": "a", "indices": ["logs"]})
        self._ask("PUT", "{ml}/datafeeds/feed-b", AGGREGATED_FEED)
        self._ask("PUT", "{ml}/calendars/cal", {"job_ids": ["a"]})
        self._ask("PUT", "{ml}/filters/filt", {"items": ["x"]})

    def _ask(self, method: str, path: str, body: Any = b"") -> Response:
        data = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"content-type": "application/json", "authorization": ELASTIC}
        return self.fake.handle(method, path.replace("{ml}", self.prefix), headers, data)

    def send(self, sent: Sent) -> Response:
        """Hand over a request."""
        return self.fake.handle(*sent)

    @property
    def now(self) -> int:
        """What time it is."""
        return self.fake.clock.now()

    def digest(self) -> str:
        """Of all that a client can see: jobs, datafeeds, documents."""
        answers = [self._ask("GET", path).body for path in _SEEN]
        answers += [
            self._ask("GET", f"/{index}/_search?size=1000&version=true").body.partition(b'"hits"')[2]
            for index in self._indices()
        ]
        return hashlib.sha256(b"\n".join(answers)).hexdigest()

    def _indices(self) -> list[str]:
        return sorted(self._ask("GET", "/_cat/indices?h=index&s=index").body.decode().split())
