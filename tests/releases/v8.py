"""8.0 to 8.9."""

from __future__ import annotations

from typing import Any

from tests.releases.change import ABSENT, PRESENT, Answer, Ask, Change, unknown_parameter

Tree = dict[str, Any]

TIMES: Tree = {"data_description": {"time_field": "t"}}
COUNT: Tree = {"analysis_config": {"detectors": [{"function": "count"}]}, **TIMES}
PUT_JOB = "PUT {ml}/anomaly_detectors/x"
CONFIG = "org.elasticsearch.xpack.core.ml.job.config"
MEAN: Tree = {"analysis_config": {"detectors": [{"function": "mean", "field_name": "v"}]}, **TIMES}
METRIC: Tree = {"type": "aggregate_metric_double", "metrics": ["min", "max"], "default_metric": "max"}
METRICS: Tree = {"mappings": {"properties": {"t": {"type": "date"}, "v": METRIC}}}
JOB = "{ml}/anomaly_detectors/x"
TIMED: Tree = {"mappings": {"properties": {"t": {"type": "date"}}}}
WITH_DATAFEED = (
    Ask("PUT /logs", TIMED),
    Ask(PUT_JOB, COUNT),
    Ask("PUT {ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"]}),
)
ONE_SEARCH = Ask("POST {ml}/datafeeds/d/_update", {"max_empty_searches": 1})
PASS = Ask("POST /_fake/clock", {"advance": "1h"})
SUMMED: Tree = {"analysis_config": COUNT["analysis_config"] | {"summary_count_field_name": "doc_count"}, **TIMES}
OLD_HISTOGRAM: Tree = {"b": {"date_histogram": {"field": "t", "interval": "1m"}, "aggs": {"t": {"max": {"field": "t"}}}}}
SCOPED_DETECTOR: Tree = {
    "function": "count",
    "by_field_name": "h",
    "custom_rules": [{"scope": {"h": {"filter_id": "f"}}}],
}
SCOPED: Tree = {"analysis_config": {"detectors": [SCOPED_DETECTOR]}, **TIMES}
# What a path without a handler is answered with from 7.0 on.
NO_ROUTE_OF_8 = Answer(400, has={"error": PRESENT, "status": ABSENT})

CHANGES: list[Change] = [
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
        name="filters of a job that opens",
        release="8.6.0",
        source="#92207",
        area="jobs",
        says="A job whose rules use a filter that does not exist cannot be opened.",
        given=(Ask(PUT_JOB, SCOPED),),
        ask=Ask(f"POST {JOB}/_open"),
        before=Answer(has={"opened": True}),
        after=Answer(404, "Unable to find filter [f]", type="resource_not_found_exception"),
    ),
    Change(
        name="explanation of scores",
        release="8.6.0",
        source="#90675",
        area="results",
        says="Records have `anomaly_score_explanation`, and results indices map it.",
        given=(Ask(PUT_JOB, COUNT),),
        ask=Ask("GET /.ml-anomalies-x/_field_caps?fields=anomaly_score_explanation.anomaly_length"),
        before=Answer(has={"fields.anomaly_score_explanation\\.anomaly_length": ABSENT}),
        after=Answer(has={"fields.anomaly_score_explanation\\.anomaly_length.integer.type": "integer"}),
    ),
    Change(
        name="scores of distributions with several modes",
        release="8.7.0",
        source="ml-cpp #2440",
        area="results",
        says="The explanation has `multimodal_distribution`.",
        given=(Ask(PUT_JOB, COUNT),),
        ask=Ask("GET /.ml-anomalies-x/_field_caps?fields=anomaly_score_explanation.multimodal_distribution"),
        before=Answer(has={"fields.anomaly_score_explanation\\.multimodal_distribution": ABSENT}),
        after=Answer(has={"fields.anomaly_score_explanation\\.multimodal_distribution.boolean.type": "boolean"}),
    ),
    Change(
        name="datafeed that gives up",
        release="8.6.0",
        source="#91774",
        area="datafeeds",
        says="A datafeed that stops because of `max_empty_searches` says so to its job; that there is no data it tells daily.",
        given=(*WITH_DATAFEED, ONE_SEARCH, Ask(f"POST {JOB}/_open"), Ask("POST {ml}/datafeeds/d/_start?start=0"), PASS),
        ask=Ask("GET /.ml-notifications*/_count?q=message:stopping"),
        before=Answer(has={"count": 0}),
        after=Answer(has={"count": 1}),
    ),
]
