"""What the rows work with: an emulator asked through WSGI, a job of ordinary size, records as an airline's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any

from fake_es import FakeElasticsearch

_ENVIRON = {
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "9200",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SCRIPT_NAME": "",
    "QUERY_STRING": "",
    "REMOTE_ADDR": "127.0.0.1",
    "HTTP_HOST": "127.0.0.1:9200",
    "HTTP_ACCEPT": "application/vnd.elasticsearch+json; compatible-with=9",
    "HTTP_USER_AGENT": "elasticsearch-py/9.0.5 (Python/3.11.7; elastic-transport/8.19.0)",
    "HTTP_X_ELASTIC_CLIENT_META": "es=9.0.5,py=3.11.7,t=8.19.0,ur=2.2.3",
    "CONTENT_TYPE": "application/vnd.elasticsearch+json; compatible-with=9",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}
_RULES = [
    {"actions": ["skip_result"], "conditions": [{"applies_to": "actual", "operator": "lt", "value": 10.5}]},
    {"actions": ["skip_model_update"], "conditions": [{"applies_to": "typical", "operator": "gte", "value": 900.0}]},
]
_DETECTORS: list[dict[str, Any]] = [
    {
        "function": "high_mean",
        "field_name": "responsetime",
        "by_field_name": "airline",
        "partition_field_name": "region",
        "custom_rules": _RULES,
    },
    {"function": "low_count", "over_field_name": "clientip", "use_null": True},
    {"function": "rare", "by_field_name": "status", "partition_field_name": "region"},
    {"function": "sum", "field_name": "bytes", "over_field_name": "clientip", "exclude_frequent": "all"},
    {"function": "distinct_count", "field_name": "uri", "by_field_name": "method"},
    {"function": "max", "field_name": "responsetime", "partition_field_name": "host", "custom_rules": _RULES},
]
_URLS = [
    {
        "url_name": f"Dashboard {number}",
        "time_range": "1h",
        "url_value": f"dashboards#/view/airline-{number}?_g=(time:(from:'$earliest$',to:'$latest$',mode:absolute))",
    }
    for number in range(7)
]


def job(**changes: Any) -> dict[str, Any]:
    """A configuration of about 3.2 KB, as a team that has used its job for some time may have it."""
    return {
        "description": "Response times, error codes and traffic of the booking service, by airline, region and host",
        "groups": ["booking", "production"],
        "analysis_config": {
            "bucket_span": "15m",
            "latency": "2m",
            "detectors": [
                {**detector, "detector_description": f"{detector['function']} of the booking service, {number}"}
                for number, detector in enumerate(_DETECTORS)
            ],
            "influencers": ["airline", "clientip", "host", "method", "region", "status"],
        },
        "analysis_limits": {"model_memory_limit": "64mb", "categorization_examples_limit": 4},
        "data_description": {"time_field": "time", "time_format": "epoch_ms"},
        "model_plot_config": {"enabled": True, "annotations_enabled": True, "terms": "LH,BA,AF,KL"},
        "model_snapshot_retention_days": 10,
        "daily_model_snapshot_retention_after_days": 1,
        "results_retention_days": 365,
        "custom_settings": {"created_by": "advanced-wizard", "custom_urls": _URLS},
        **changes,
    }


JOB = json.dumps(job()).encode()


def watched(detectors: Sequence[dict[str, Any]], influencers: Sequence[str] = (), **more: Any) -> bytes:
    """The configuration of a job that records are fed to, in buckets of 15 minutes."""
    return json.dumps({
        "analysis_config": {"bucket_span": "15m", "detectors": [*detectors], "influencers": [*influencers]},
        "data_description": {"time_field": "time", "time_format": "epoch_ms"},
        **more,
    }).encode()  # fmt: skip


# What records are posted to: they are read and counted, and little is modelled.
SMALL_JOB = watched([{"function": "count"}])
_AIRLINES = ("AAL", "JZA", "KLM", "BAW", "DLH")


def records(amount: int, step: int = 5000, airlines: int = 5) -> list[str]:
    """Records of about 110 bytes, one a line, ``step`` milliseconds apart."""
    names = [*_AIRLINES, *(f"A{number:02d}" for number in range(len(_AIRLINES), airlines))]
    return [_record(number, step, names[number % airlines]) for number in range(amount)]


def _record(number: int, step: int, airline: str) -> str:
    return (
        f'{{"time":{1_486_425_600_000 + number * step},"airline":"{airline}","responsetime":{number * 7919 % 100_000 / 100},'
        f'"sourcetype":"farequote","host":"web-{number % 8}"}}'
    )


class Refused(Exception):
    """An application did not answer what was measured: the figures would mean nothing."""


class Site:
    """A WSGI application, asked as a server would ask it."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, method: str, path: str, body: bytes = b"") -> bytes:
        """The body of the answer.

        :raises Refused: its status is not 2xx.
        """
        environ = {**_ENVIRON, "REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO(body)}
        if body:
            environ["CONTENT_LENGTH"] = str(len(body))
        return b"".join(self._application(environ, _start_response))


def _start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
    if status[0] != "2":
        raise Refused(status)


class Ml(Site):
    """A fresh emulator of the newest release, asked about jobs."""

    def __init__(self) -> None:
        self.fake = FakeElasticsearch()
        super().__init__(self.fake)

    def job(self, method: str, job_id: str, action: str = "", body: bytes = b"") -> bytes:
        """A request about one job: ``ml.job("POST", "web-1", "/_open")``."""
        return self(method, f"/_ml/anomaly_detectors/{job_id}{action}", body)

    def put_jobs(self, amount: int, body: bytes = JOB) -> list[str]:
        """Create jobs ``web-00000-rare``, ``web-00001-rare``, ...; answers their ids."""
        names = [f"web-{number:05d}-rare" for number in range(amount)]
        for name in names:
            self.job("PUT", name, "", body)
        return names

    def each(self, method: str, names: Iterable[str], action: str) -> None:
        """The same request about each of the jobs."""
        for name in names:
            self.job(method, name, action)
