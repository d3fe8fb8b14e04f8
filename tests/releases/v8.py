"""8.0 to 8.19."""

from __future__ import annotations

from typing import Any

from tests.releases.change import ABSENT, PRESENT, Answer, Ask, Change, unknown_parameter

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
JOB = "{ml}/anomaly_detectors/x"
TIMED: Tree = {"mappings": {"properties": {"t": {"type": "date"}}}}
WITH_DATAFEED = (
    Ask("PUT /logs", TIMED),
    Ask(PUT_JOB, COUNT),
    Ask("PUT {ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"]}),
)
EVERY_BUCKET = [{"t": 300_000 * bucket} for bucket in range(5)]
WITH_RESULTS = (
    Ask(PUT_JOB, COUNT),
    Ask(f"POST {JOB}/_open"),
    Ask(f"POST {JOB}/_data", EVERY_BUCKET),
    Ask(f"POST {JOB}/_close"),
)
PASS = Ask("POST /_fake/clock", {"advance": "1h"})
SUMMED: Tree = {"analysis_config": COUNT["analysis_config"] | {"summary_count_field_name": "doc_count"}, **TIMES}
OLD_HISTOGRAM: Tree = {"b": {"date_histogram": {"field": "t", "interval": "1m"}, "aggs": {"t": {"max": {"field": "t"}}}}}
EVENT: Tree = {"description": "a", "start_time": 1_000, "end_time": 2_000}
# What a path without a handler is answered with from 7.0 on.
NO_ROUTE_OF_8 = Answer(400, has={"error": PRESENT, "status": ABSENT})

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
        name="status of an open that timed out",
        release="8.5.0",
        source="#89775",
        area="jobs",
        says="Opening a job that takes longer than `timeout` is answered with 408.",
        given=(Ask(PUT_JOB, COUNT), Ask("PUT /_fake/delays", {"open": "2s"})),
        ask=Ask(f"POST {JOB}/_open?timeout=1s"),
        before=Answer(500, "Opening job [x] timed out after [1s]"),
        after=Answer(408, "Opening job [x] timed out after [1s]"),
    ),
    Change(
        name="status of a start that timed out",
        release="8.5.0",
        source="#89775",
        area="datafeeds",
        says="Starting a datafeed that takes longer than `timeout` is answered with 408.",
        given=(*WITH_DATAFEED, Ask(f"POST {JOB}/_open"), Ask("PUT /_fake/delays", {"start_datafeed": "2s"})),
        ask=Ask("POST {ml}/datafeeds/d/_start?timeout=1s"),
        before=Answer(500, "Starting datafeed [d] timed out after [1s]"),
        after=Answer(408, "Starting datafeed [d] timed out after [1s]"),
    ),
    Change(
        name="datafeed that moves to another job",
        release="8.0.0",
        source="#44752",
        area="datafeeds",
        says="An update of a datafeed cannot name another job.",
        given=(*WITH_DATAFEED, Ask("PUT {ml}/anomaly_detectors/y", COUNT)),
        ask=Ask("POST {ml}/datafeeds/d/_update", {"job_id": "y"}),
        before=Answer(has={"job_id": "y"}, warns="The ability to update a datafeed's job_id is deprecated."),
        after=Answer(400, "Datafeed's job_id cannot be changed."),
    ),
    Change(
        name="old paths",
        release="8.0.0",
        source="#48170, #59870",
        area="wire",
        says="Paths below `/_xpack/ml` are gone, but for clients that ask for `compatible-with=7`.",
        ask=Ask("GET /_xpack/ml/anomaly_detectors"),
        before=Answer(
            has={"count": 0}, warns="[GET /_xpack/ml/anomaly_detectors] is deprecated! Use [GET /_ml/anomaly_detectors]"
        ),
        after=NO_ROUTE_OF_8,
    ),
    Change(
        name="old name of allow_no_match of datafeeds",
        release="8.0.0",
        source="#80048",
        area="datafeeds",
        says="`allow_no_datafeeds` is gone, but for clients that ask for `compatible-with=7`.",
        ask=Ask("GET {ml}/datafeeds?allow_no_datafeeds=true"),
        before=Answer(has={"count": 0}, warns="Deprecated field [allow_no_datafeeds] used"),
        after=unknown_parameter("allow_no_datafeeds"),
    ),
    Change(
        name="delimited data",
        release="8.0.0",
        source="DataDescription",
        area="jobs",
        says="Data is always JSON: there is no format `delimited`.",
        ask=Ask(PUT_JOB, COUNT | {"data_description": {"time_field": "t", "format": "delimited"}}),
        before=Answer(warns="Creating jobs with delimited data format is deprecated. Please use JSON instead."),
        after=Answer(
            400,
            "[job_details] failed to parse field [data_description]",
            has={"error.caused_by.reason": f"No enum constant {CONFIG}.DataDescription.DataFormat.DELIMITED"},
        ),
    ),
    Change(
        name="delimiter of fields",
        release="8.0.0",
        source="DataDescription",
        area="jobs",
        says="`field_delimiter` and `quote_character` are unknown.",
        ask=Ask(PUT_JOB, COUNT | {"data_description": {"time_field": "t", "field_delimiter": ","}}),
        before=Answer(has={"data_description.field_delimiter": ","}),
        after=Answer(400, has={"error.caused_by.reason": "[1:101] [data_description] unknown field [field_delimiter]"}),
    ),
    Change(
        name="interval of a datafeed's histogram",
        release="8.0.0",
        source="#75000",
        area="datafeeds",
        says="`date_histogram` has `fixed_interval` and `calendar_interval`; `interval` is unknown.",
        given=(Ask(PUT_JOB, SUMMED),),
        ask=Ask("PUT {ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"], "aggs": OLD_HISTOGRAM}),
        before=Answer(has={"aggregations.b.date_histogram.interval": "1m"}),
        after=Answer(400, "[datafeed_config] failed to parse field [aggs]"),
    ),
    Change(
        name="default of model_prune_window",
        release="8.1.0",
        source="#81377",
        area="jobs",
        says="A new job has a `model_prune_window`.",
        ask=Ask(PUT_JOB, COUNT),
        before=Answer(has={"analysis_config.model_prune_window": ABSENT}),
        after=Answer(has={"analysis_config.model_prune_window": "30d"}),
    ),
    Change(
        name="span of a datafeed's searches",
        release="8.1.0",
        source="#82620",
        area="datafeeds",
        says="`running_state` has `search_interval` once a datafeed has searched.",
        given=(*WITH_DATAFEED, Ask(f"POST {JOB}/_open"), Ask("POST {ml}/datafeeds/d/_start?start=0"), PASS),
        ask=Ask("GET {ml}/datafeeds/d/_stats"),
        before=Answer(has={"datafeeds.0.running_state": PRESENT, "datafeeds.0.running_state.search_interval": ABSENT}),
        after=Answer(has={"datafeeds.0.running_state.search_interval.start_ms": PRESENT}),
    ),
    Change(
        name="memory of machine learning",
        release="8.2.0",
        source="#83802",
        area="info",
        says="There is `GET _ml/memory/_stats`.",
        ask=Ask("GET {ml}/memory/_stats"),
        before=NO_ROUTE_OF_8,
        after=Answer(has={"_nodes.total": 1}),
    ),
    Change(
        name="authorization of a datafeed",
        release="8.4.0",
        source="#87884",
        area="datafeeds",
        says="With security on, a datafeed shows the roles that it searches with.",
        given=WITH_DATAFEED,
        ask=Ask("GET {ml}/datafeeds/d"),
        before=Answer(has={"datafeeds.0.authorization": ABSENT}),
        after=Answer(has={"datafeeds.0.authorization.roles": ["superuser"]}),
        settings={"security": True},
    ),
    Change(
        name="time of results under the name of ECS",
        release="8.6.0",
        source="#90812",
        area="results",
        says="Results indices have the alias `@timestamp` of the field `timestamp`.",
        given=(Ask(PUT_JOB, COUNT | {"results_index_name": "x"}), Ask(f"POST {JOB}/_open")),
        ask=Ask("GET /.ml-anomalies-x/_field_caps?fields=@timestamp"),
        before=Answer(has={"fields.@timestamp": ABSENT}),
        after=Answer(has={"fields.@timestamp.date.type": "date"}),
    ),
    Change(
        name="annotations of users and a deletion",
        release="8.7.0",
        source="#91698",
        area="jobs",
        says="Deleting a job takes `delete_user_annotations`.",
        given=(Ask(PUT_JOB, COUNT),),
        ask=Ask(f"DELETE {JOB}?delete_user_annotations=true"),
        before=unknown_parameter("delete_user_annotations"),
        after=Answer(),
    ),
    Change(
        name="annotations of users and a reset",
        release="8.7.0",
        source="#91698",
        area="jobs",
        says="So does a reset.",
        given=(Ask(PUT_JOB, COUNT),),
        ask=Ask(f"POST {JOB}/_reset?delete_user_annotations=true"),
        before=unknown_parameter("delete_user_annotations"),
        after=Answer(),
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
]
