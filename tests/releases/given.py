"""Requests and answers that several rows share."""

from __future__ import annotations

from typing import Any

from tests.releases.change import Answer, Ask

COUNT = {"function": "count"}
JOB_BODY: dict[str, Any] = {
    "analysis_config": {"bucket_span": "1h", "detectors": [COUNT]},
    "data_description": {"time_field": "time", "time_format": "epoch_ms"},
}
CATEGORIES = {
    "bucket_span": "1h",
    "detectors": [COUNT | {"by_field_name": "mlcategory"}],
    "categorization_field_name": "message",
}
SHORTENED = "Forecast duration exceeds internal limit, setting to 8 weeks"
HUGE = {"analysis_limits": {"model_memory_limit": "3000gb"}}
PUT = "PUT {ml}/anomaly_detectors/j"
JOB = Ask(PUT, JOB_BODY)
OPEN = Ask("POST {ml}/anomaly_detectors/j/_open")
DATA = Ask("POST {ml}/anomaly_detectors/j/_data", "\n".join(f'{{"time": {hour * 3_600_000}}}' for hour in range(1, 6)))
FED = (JOB, OPEN, DATA)
CLOSE = Ask("POST {ml}/anomaly_detectors/j/_close")
INDEX = Ask("PUT /logs/_doc/1", {"time": "2014-06-23T00:00:00Z", "value": 1})
FEED_BODY: dict[str, Any] = {"job_id": "j", "indices": ["logs"]}
FEED = Ask("PUT {ml}/datafeeds/d", FEED_BODY)
START = Ask("POST {ml}/datafeeds/d/_start")
STARTED = (INDEX, JOB, FEED, OPEN, START)
CALENDAR = Ask("PUT {ml}/calendars/c", {"job_ids": []})
STATS = Ask("GET {ml}/anomaly_detectors/j/_stats")
FEED_STATS = Ask("GET {ml}/datafeeds/d/_stats")
TIMED = Ask("PUT /logs", {"mappings": {"properties": {"t": {"type": "date"}}}})
LOGS_FEED: dict[str, Any] = {"indices": ["logs"]}
TIMED_JOB: dict[str, Any] = {"analysis_config": {"detectors": [COUNT]}, "data_description": {"time_field": "t"}}
PREVIEW = "POST {ml}/datafeeds/_preview"
UPGRADING = Ask("POST {ml}/set_upgrade_mode?enabled=true")


def unknown_field(parser: str, name: str) -> Answer:
    """A field of a body that the release does not have."""
    return Answer(400, f"[{parser}] unknown field [{name}]")


def shown(**fields: Any) -> Answer:
    """200 with these fields, two underscores for a dot."""
    return Answer(has={name.replace("__", "."): value for name, value in fields.items()})


NO_HANDLER = Answer(400, "no handler found for uri")
