"""6.0 to 6.8."""

from __future__ import annotations

from typing import Any

from tests.releases.change import NO_SUCH_INDEX, PRESENT, Answer, Ask, Change

DETECTORS = {"bucket_span": "5m", "detectors": [{"function": "count"}]}
JOB = Ask("PUT {ml}/anomaly_detectors/j", {"analysis_config": DETECTORS, "data_description": {}})
FEED: dict[str, Any] = {"job_id": "j", "indices": ["x"]}

CHANGES: list[Change] = [
    Change(
        name="datafeed query as given",
        release="6.6.0",
        source="#36117",
        area="datafeeds",
        says="A datafeed shows its query and aggregations as they were given, no longer with every default.",
        given=(JOB,),
        ask=Ask("PUT {ml}/datafeeds/d", FEED | {"query": {"term": {"a": 1}}}),
        before=Answer(has={"query": {"term": {"a": {"value": 1, "boost": 1.0}}}}),
        after=Answer(has={"query": {"term": {"a": 1}}}),
    ),
    Change(
        name="ml info",
        release="6.3.0",
        source="RestMlInfoAction",
        area="info",
        says="`GET {ml}/info` shows the defaults and limits.",
        ask=Ask("GET {ml}/info"),
        before=NO_SUCH_INDEX,
        after=Answer(has={"defaults.anomaly_detectors.model_memory_limit": "1gb", "limits": PRESENT}),
    ),
]
