"""What the tests of the API share: requests without a client, and a job to begin with."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from fake_es import FakeElasticsearch
from fake_es.wire.render import Response

RELEASES = ("5.4.0", "5.6", "6.2", "6.8", "7.2", "7.17", "8.5", "8.19", "9.5")

JOB: dict[str, Any] = {
    "analysis_config": {
        "bucket_span": "1h",
        "detectors": [{"function": "metric", "field_name": "responsetime", "by_field_name": "airline"}],
    },
    "data_description": {"time_field": "time", "time_format": "epoch"},
}


class Reply(NamedTuple):
    """An answer with its JSON read."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def reason(self) -> str:
        """Reason of the error, or of a plain one its whole text."""
        error = self.body["error"]
        return str(error if isinstance(error, str) else error["reason"])

    @property
    def type(self) -> str:
        """Type of the error."""
        return str(self.body["error"]["type"])


class Http:
    """Speaks to an emulator as curl would, in the paths of its release."""

    def __init__(self, fake: FakeElasticsearch) -> None:
        self.fake = fake
        self.prefix = "/_xpack/ml" if fake.version < (7, 0) else "/_ml"

    def raw(self, method: str, target: str, body: bytes = b"", **headers: str) -> Response:
        """One request as it is; keywords are headers, underscores for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.fake.handle(method, target, named, body)

    def __call__(self, method: str, target: str, body: Any = None, **headers: str) -> Reply:
        """One request; ``{ml}`` in the target is the prefix of the release, ``body`` JSON data or text."""
        if body is not None:
            headers.setdefault("content_type", "application/json")
        text = body if isinstance(body, (str, bytes)) else b"" if body is None else json.dumps(body)
        data = text.encode() if isinstance(text, str) else text
        response = self.raw(method, target.replace("{ml}", self.prefix), data, **headers)
        given = {name.lower(): value for name, value in response.headers}
        is_json = "json" in given.get("content-type", "") and response.body
        return Reply(response.status, json.loads(response.body) if is_json else response.body.decode(), given)

    def job(self, job_id: str, action: str = "", body: Any = None, method: str = "POST") -> Reply:
        """A request about a job: ``http.job("x", "_open")``."""
        return self(method, f"{{ml}}/anomaly_detectors/{job_id}{'/' + action if action else ''}", body)

    def put(self, job_id: str, body: Any = None) -> Reply:
        """Create a job."""
        return self.job(job_id, "", JOB if body is None else body, "PUT")

    @property
    def shared_results(self) -> str:
        """Index with the results of the jobs that name no index."""
        return ".ml-anomalies-shared-000001" if self.fake.version >= (9, 3) else ".ml-anomalies-shared"

    def stats(self, job_id: str) -> Any:
        """Statistics of one job."""
        return self.job(job_id, "_stats", method="GET").body["jobs"][0]

    def state(self, job_id: str) -> str:
        """State of one job."""
        return str(self.stats(job_id)["state"])


def http(version: str | None = None, **settings: Any) -> Http:
    """A fresh emulator, and a way to speak to it."""
    return Http(FakeElasticsearch(version, **settings))
