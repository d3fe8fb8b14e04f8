"""8.0 to 8.19."""

from __future__ import annotations

from typing import Any

from tests.releases.change import Answer, Ask, Change

Tree = dict[str, Any]

TIMES: Tree = {"data_description": {"time_field": "t"}}
COUNT: Tree = {"analysis_config": {"detectors": [{"function": "count"}]}, **TIMES}
PUT_JOB = "PUT {ml}/anomaly_detectors/x"
VALIDATE_DETECTOR = "POST {ml}/anomaly_detectors/_validate/detector"

CHANGES: list[Change] = [
    Change(
        name="internal fields of a new job",
        release="8.14.0",
        source="#106115",
        area="jobs",
        says="Fields that only the server sets are unknown in the body of a new job, among them `job_version` and `deleting`.",
        ask=Ask(PUT_JOB, COUNT | {"job_type": "bad"}),
        before=Answer(),
        after=Answer(400, "[job_details] unknown field [job_type]", type="x_content_parse_exception"),
    ),
    Change(
        name="fields that were refused by themselves",
        release="8.14.0",
        source="#106115",
        area="jobs",
        says="`create_time`, `finished_time` and `model_snapshot_id` are unknown in a new job; they were refused before too.",
        ask=Ask(PUT_JOB, COUNT | {"create_time": 1}),
        before=Answer(400, "The job is configured with fields [create_time] that are illegal to set at job creation"),
        after=Answer(400, "[job_details] unknown field [create_time]"),
    ),
    Change(
        name="internal fields in a validation",
        release="8.14.0",
        source="#106115",
        area="jobs",
        says="The same holds for `_validate`.",
        ask=Ask("POST {ml}/anomaly_detectors/_validate", COUNT | {"blocked": {"reason": "reset"}}),
        before=Answer(),
        after=Answer(400, "[job_details] unknown field [blocked]"),
    ),
    Change(
        name="start and end of a preview",
        release="8.3.0",
        source="#86989",
        area="datafeeds",
        says="A preview has `start` and `end`, as parameters and in the body.",
        ask=Ask("POST {ml}/datafeeds/_preview", {"start": "7", "end": "7"}),
        before=Answer(400, "[preview_datafeed_action] unknown field [start]"),
        after=Answer(400, "[datafeed_config] must not be null."),
    ),
    Change(
        name="over field of non_null_sum",
        release=("8.19.10", "9.2.4", "9.3.0"),
        source="#139946",
        area="jobs",
        says="`non_null_sum`, `low_non_null_sum` and `high_non_null_sum` do not take `over_field_name`.",
        ask=Ask(VALIDATE_DETECTOR, {"function": "non_null_sum", "field_name": "a", "over_field_name": "b"}),
        before=Answer(),
        after=Answer(400, "over_field_name cannot be used with function 'non_null_sum'"),
    ),
]
