"""7.0 to 7.17."""

from __future__ import annotations

from typing import Any

from tests.releases.change import Answer, Ask, Change

TIMED = Ask("PUT /logs", {"mappings": {"properties": {"t": {"type": "date"}}}})
LOGS: dict[str, Any] = {"indices": ["logs"]}
JOB: dict[str, Any] = {"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {"time_field": "t"}}
PREVIEW = "POST {ml}/datafeeds/_preview"

CHANGES: list[Change] = [
    Change(
        name="preview of a job with its datafeed",
        release="7.14.0",
        source="#74265",
        area="datafeeds",
        says="A preview takes the datafeed as `job_config.datafeed_config`.",
        given=(TIMED,),
        ask=Ask(PREVIEW, {"job_config": JOB | {"datafeed_config": LOGS}}),
        before=Answer(400, has={"error.caused_by.type": "x_content_parse_exception"}),
        after=Answer(),
    ),
    Change(
        name="preview of two datafeeds",
        release="7.14.0",
        source="#74265",
        area="datafeeds",
        says="A preview refuses a datafeed beside the one in the job.",
        given=(TIMED,),
        ask=Ask(PREVIEW, {"job_config": JOB | {"datafeed_config": LOGS}, "datafeed_config": LOGS}),
        before=Answer(400, "[preview_datafeed_action] failed to parse field [job_config]"),
        after=Answer(400, "[datafeed_config] must not be present when a [job_config.datafeed_config] is present"),
    ),
    Change(
        name="preview of a job alone",
        release="7.14.0",
        source="#74265",
        area="datafeeds",
        says="A preview of a job without a datafeed is refused in other words.",
        ask=Ask(PREVIEW, {"job_config": JOB}),
        before=Answer(400, "[datafeed_config] must be present when a [job_config] is provided"),
        after=Answer(400, "[datafeed_config] must be present when a [job_config.datafeed_config] is not present"),
    ),
]
