"""8.0 to 8.19."""

from __future__ import annotations

from typing import Any

from tests.releases.change import Answer, Ask, Change

Tree = dict[str, Any]

TIMES: Tree = {"data_description": {"time_field": "t"}}
COUNT: Tree = {"analysis_config": {"detectors": [{"function": "count"}]}, **TIMES}
PUT_JOB = "PUT {ml}/anomaly_detectors/x"
CONFIG = "org.elasticsearch.xpack.core.ml.job.config"
VALIDATE_DETECTOR = "POST {ml}/anomaly_detectors/_validate/detector"
MEAN: Tree = {"analysis_config": {"detectors": [{"function": "mean", "field_name": "v"}]}, **TIMES}
SHIFTING: Tree = {"actions": ["force_time_shift"], "conditions": [{"applies_to": "time", "operator": "gt", "value": 7}]}
METRIC: Tree = {"type": "aggregate_metric_double", "metrics": ["min", "max"], "default_metric": "max"}
METRICS: Tree = {"mappings": {"properties": {"t": {"type": "date"}, "v": METRIC}}}

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
    Change(
        name="action that shifts time",
        release="8.16.0",
        source="#110974",
        area="jobs",
        says="Rules have the action `force_time_shift`, which needs `params`.",
        ask=Ask(VALIDATE_DETECTOR, {"function": "count", "custom_rules": [SHIFTING]}),
        before=Answer(400, has={"error.caused_by.caused_by.reason": f"No enum constant {CONFIG}.RuleAction.FORCE_TIME_SHIFT"}),
        after=Answer(
            400,
            has={
                "error.caused_by.reason": "Invalid detector rule: actions contain force_time_shift,"
                " but corresponding parameters are missing"
            },
        ),
    ),
    Change(
        name="parameters of rules",
        release="8.16.0",
        source="#110974",
        area="jobs",
        says="Rules have `params`.",
        ask=Ask(
            VALIDATE_DETECTOR,
            {"function": "count", "custom_rules": [SHIFTING | {"params": {"force_time_shift": {"time_shift_amount": 60}}}]},
        ),
        before=Answer(400, "[detector] failed to parse field [custom_rules]"),
        after=Answer(),
    ),
    Change(
        name="fields with summaries of values",
        release="8.7.0",
        source="#92232",
        area="datafeeds",
        says="A datafeed without aggregations does not read fields of type `aggregate_metric_double`.",
        given=(Ask("PUT /metrics", METRICS),),
        ask=Ask(
            "POST {ml}/datafeeds/_preview",
            {"datafeed_config": {"indices": ["metrics"]}, "job_config": MEAN},
        ),
        before=Answer(),
        after=Answer(
            400, "field [v] is of type [aggregate_metric_double] and cannot be used in a datafeed without aggregations"
        ),
    ),
]
