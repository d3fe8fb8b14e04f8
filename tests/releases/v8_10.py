"""8.10 to 8.19."""

from __future__ import annotations

from typing import Any

from tests.releases.change import ABSENT, PRESENT, Answer, Ask, Change
from tests.releases.v8 import CONFIG, COUNT, JOB, PUT_JOB

Tree = dict[str, Any]

VALIDATE_DETECTOR = "POST {ml}/anomaly_detectors/_validate/detector"
SHIFTING: Tree = {"actions": ["force_time_shift"], "conditions": [{"applies_to": "time", "operator": "gt", "value": 7}]}
EVERY_BUCKET = [{"t": 300_000 * bucket} for bucket in range(5)]
WITH_RESULTS = (
    Ask(PUT_JOB, COUNT),
    Ask(f"POST {JOB}/_open"),
    Ask(f"POST {JOB}/_data", EVERY_BUCKET),
    Ask(f"POST {JOB}/_close"),
)
OLD_SNAPSHOT: Tree = {
    "job_id": "x",
    "snapshot_id": "old",
    "snapshot_doc_count": 1,
    "timestamp": 1_000,
    "min_version": "6.3.0",
}
WITH_OLD_SNAPSHOT = (
    Ask(PUT_JOB, COUNT),
    Ask("PUT /.ml-anomalies-shared/_doc/x_model_snapshot_old?refresh=true", OLD_SNAPSHOT),
    Ask(f"POST {JOB}/model_snapshots/old/_revert"),
)
EVENT: Tree = {"description": "a", "start_time": 1_000, "end_time": 2_000}

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
        name="statistics of a job that was just opened",
        release=("8.19.0", "9.1.0"),
        source="#124638",
        area="jobs",
        says="`model_size_stats` tells the memory limit as soon as a job is opened; before, once its first bucket has ended.",
        given=(Ask(PUT_JOB, COUNT), Ask(f"POST {JOB}/_open")),
        ask=Ask(f"GET {JOB}/_stats"),
        before=Answer(has={"jobs.0.model_size_stats.model_bytes_memory_limit": ABSENT}),
        after=Answer(has={"jobs.0.model_size_stats.model_bytes_memory_limit": 1024 * 1024 * 1024}),
    ),
    Change(
        name="memory for results",
        release="8.15.0",
        source="#109653",
        area="jobs",
        says="`model_size_stats` has `output_memory_allocator_bytes`.",
        given=WITH_RESULTS,
        ask=Ask(f"GET {JOB}/_stats"),
        before=Answer(has={"jobs.0.model_size_stats.output_memory_allocator_bytes": ABSENT}),
        after=Answer(has={"jobs.0.model_size_stats.output_memory_allocator_bytes": 0}),
    ),
    Change(
        name="version of a job's configuration",
        release="8.10.0",
        source="#97699",
        area="jobs",
        says="`job_version` counts changes of configurations from 10.0.0 on; before, it is the release.",
        given=(Ask(PUT_JOB, COUNT),),
        ask=Ask(f"GET {JOB}"),
        before=Answer(has={"jobs.0.job_version": "8.9.2"}),
        after=Answer(has={"jobs.0.job_version": "10.0.0"}),
        until="8.11.0",
    ),
    Change(
        name="version 11 of a job's configuration",
        release="8.11.0",
        source="MlConfigVersion",
        area="jobs",
        says="`job_version` is 11.0.0.",
        given=(Ask(PUT_JOB, COUNT),),
        ask=Ask(f"GET {JOB}"),
        before=Answer(has={"jobs.0.job_version": "10.0.0"}),
        after=Answer(has={"jobs.0.job_version": "11.0.0"}),
        until="8.12.0",
    ),
    Change(
        name="version 12 of a job's configuration",
        release="8.12.0",
        source="MlConfigVersion",
        area="jobs",
        says="`job_version` is 12.0.0, to this day.",
        given=(Ask(PUT_JOB, COUNT),),
        ask=Ask(f"GET {JOB}"),
        before=Answer(has={"jobs.0.job_version": "11.0.0"}),
        after=Answer(has={"jobs.0.job_version": "12.0.0"}),
    ),
    Change(
        name="alias of notifications",
        release="8.18.0",
        source="#120064",
        area="documents",
        says="Notifications are written through the alias `.ml-notifications-write`.",
        given=(Ask(PUT_JOB, COUNT),),
        ask=Ask("GET /_alias/.ml-notifications-write"),
        before=Answer(404),
        after=Answer(has={"\\.ml-notifications-000002.aliases": PRESENT}),
    ),
    Change(
        name="choices of events",
        release="8.16.0",
        source="#110974",
        area="calendars",
        says="Events have `skip_result`, `skip_model_update` and `force_time_shift`.",
        given=(Ask("PUT {ml}/calendars/c"),),
        ask=Ask("POST {ml}/calendars/c/events", {"events": [EVENT | {"skip_result": False, "force_time_shift": 3}]}),
        before=Answer(400, has={"error.caused_by.reason": "[1:72] [scheduled_event] unknown field [skip_result]"}),
        after=Answer(has={"events.0.skip_result": False, "events.0.force_time_shift": 3}),
    ),
    Change(
        name="choices of events are shown",
        release="8.16.0",
        source="#110974",
        area="calendars",
        says="They are shown with their defaults.",
        given=(Ask("PUT {ml}/calendars/c"),),
        ask=Ask("POST {ml}/calendars/c/events", {"events": [EVENT]}),
        before=Answer(has={"events.0.skip_result": ABSENT}),
        after=Answer(
            has={"events.0.skip_result": True, "events.0.skip_model_update": True, "events.0.force_time_shift": ABSENT}
        ),
    ),
    Change(
        name="processors of machine learning",
        release="8.12.0",
        source="#101392",
        area="info",
        says="`limits` have `total_ml_processors` and `max_single_ml_node_processors`.",
        ask=Ask("GET {ml}/info"),
        before=Answer(has={"limits.total_ml_processors": ABSENT, "limits.max_single_ml_node_processors": ABSENT}),
        after=Answer(has={"limits.total_ml_processors": PRESENT, "limits.max_single_ml_node_processors": PRESENT}),
    ),
    Change(
        name="words of an analysis",
        release="8.17.0",
        source="#116325",
        area="documents",
        says="Too many tokens in `_analyze` are refused with 400.",
        ask=Ask("POST /_analyze", {"text": "a " * 10_001}),
        before=Answer(500, "The number of tokens produced by calling _analyze", type="illegal_state_exception"),
        after=Answer(400, "The number of tokens produced by calling _analyze", type="status_exception"),
    ),
    Change(
        name="warning of errors without details",
        release="8.17.0",
        source="#114739",
        area="wire",
        says="With `http.detailed_errors.enabled: false` errors warn that their form changes.",
        ask=Ask(f"GET {JOB}"),
        before=Answer(404, warns=""),
        after=Answer(404, warns="The JSON format of non-detailed errors will change in Elasticsearch 9.0"),
        settings={"detailed_errors": False},
        until="9.0.0",
    ),
    Change(
        name="oldest snapshot",
        release="8.18.0",
        source="#118166",
        area="model snapshots",
        says="Jobs do not open with a model from before 8.3; from 8.0 to 8.17 with one from before 6.4, which is called 7.0.",
        given=WITH_OLD_SNAPSHOT,
        ask=Ask(f"POST {JOB}/_open"),
        before=Answer(400, "has min version before [7.0.0], please revert to a newer model snapshot or reset the job"),
        after=Answer(400, "has min version before [8.3.0], please revert to a newer model snapshot or reset the job"),
        until="9.3.0",
    ),
    Change(
        name="version of configurations in the attributes of the node",
        release="8.10.0",
        source="MlConfigVersion",
        area="cluster",
        says="The node has the attribute `ml.config_version`.",
        ask=Ask("GET /_cat/nodeattrs?format=json&h=attr&s=attr"),
        before=Answer(has={"2.attr": "ml.machine_memory"}),
        after=Answer(has={"2.attr": "ml.config_version", "3.attr": "ml.machine_memory"}),
    ),
]
