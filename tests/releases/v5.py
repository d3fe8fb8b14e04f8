"""5.4 to 5.6."""

from __future__ import annotations

from typing import Any

from tests.releases.change import ABSENT, PRESENT, Answer, Ask, Change, unknown_parameter

DETECTORS: dict[str, Any] = {"bucket_span": "5m", "detectors": [{"function": "count"}]}
COUNT: dict[str, Any] = {"analysis_config": DETECTORS, "data_description": {}}
PUT_JOB = Ask("PUT {ml}/anomaly_detectors/j", COUNT)
OPEN = Ask("POST {ml}/anomaly_detectors/j/_open")
FEED: dict[str, Any] = {"job_id": "j", "indices": ["x"]}
PUT_FEED = Ask("PUT {ml}/datafeeds/d", FEED)
JOB = "{ml}/anomaly_detectors/j"
RESULTS = "/.ml-anomalies-shared/result"
RECORD = {"job_id": "j", "result_type": "record", "timestamp": 0, "bucket_span": 300}

CHANGES: list[Change] = [
    Change(
        name="version of a job",
        release="5.5.0",
        source="Job",
        area="jobs",
        says="A job shows the release that created it as `job_version`.",
        ask=PUT_JOB,
        before=Answer(has={"job_version": ABSENT}),
        after=Answer(has={"job_version": PRESENT}),
    ),
    Change(
        name="index of a detector",
        release="5.5.0",
        source="Detector",
        area="jobs",
        says="A detector shows its place in the list as `detector_index`.",
        ask=PUT_JOB,
        before=Answer(has={"analysis_config.detectors.0.detector_index": ABSENT}),
        after=Answer(has={"analysis_config.detectors.0.detector_index": 0}),
    ),
    Change(
        name="index of a detector in an update",
        release="5.5.0",
        source="JobUpdate",
        area="jobs",
        says="An update names a detector by `detector_index`, no longer by `index`.",
        given=(PUT_JOB,),
        ask=Ask(f"POST {JOB}/_update", {"detectors": [{"index": 0, "description": "d"}]}),
        before=Answer(has={"analysis_config.detectors.0.detector_description": "d"}),
        after=Answer(400, "failed to parse field [detectors]"),
    ),
    Change(
        name="forced deletion of a job",
        release="5.5.0",
        source="DeleteJobAction",
        area="jobs",
        says="`DELETE` of a job has `force`.",
        given=(PUT_JOB,),
        ask=Ask(f"DELETE {JOB}?force=true"),
        before=unknown_parameter("force"),
        after=Answer(has={"acknowledged": True}),
    ),
    Change(
        name="unit of the memory limit",
        release="5.5.0",
        source="AnalysisLimits",
        area="jobs",
        says="`model_memory_limit` is shown with its unit, before as a number of megabytes.",
        ask=Ask(f"PUT {JOB}", COUNT | {"analysis_limits": {"model_memory_limit": 64}}),
        before=Answer(has={"analysis_limits.model_memory_limit": 64}),
        after=Answer(has={"analysis_limits.model_memory_limit": "64mb"}),
    ),
    Change(
        name="analysed time field",
        release="5.5.0",
        source="Job.Builder.validateInputFields",
        area="jobs",
        says="The time field may not be analysed.",
        ask=Ask(
            f"PUT {JOB}",
            COUNT | {"analysis_config": {"detectors": [{"function": "mean", "field_name": "time"}]}},
        ),
        before=Answer(),
        after=Answer(400, "data_description.time_field may not be used in the analysis_config"),
    ),
    Change(
        name="state of a job in the refusal of a start",
        release="5.5.0",
        source="StartDatafeedAction",
        area="datafeeds",
        says="The refusal to start a datafeed names the state of its job.",
        given=(PUT_JOB, PUT_FEED),
        ask=Ask("POST {ml}/datafeeds/d/_start"),
        before=Answer(409, "cannot start datafeed [d] because job [j] is not open"),
        after=Answer(409, "cannot start datafeed [d] because job [j] is closed"),
    ),
    Change(
        name="fields at the start of a datafeed",
        release="5.5.0",
        source="ScrollDataExtractorFactory",
        area="datafeeds",
        says="The start of a datafeed refuses a field without a mapping.",
        given=(PUT_JOB, OPEN, PUT_FEED, Ask("PUT /x")),
        ask=Ask("POST {ml}/datafeeds/d/_start?end=2017-01-01T00:00:00Z"),
        before=Answer(has={"started": True}),
        after=Answer(400, "cannot retrieve field [time] because it has no mappings"),
    ),
    Change(
        name="number of a record",
        release="5.5.0",
        source="AnomalyRecord",
        area="results",
        says="Records and influencers have no `sequence_num` any more.",
        given=(PUT_JOB, Ask(f"PUT {RESULTS}/r", RECORD)),
        ask=Ask(f"POST {JOB}/results/records", {}),
        before=Answer(has={"records.0.sequence_num": 0}),
        after=Answer(has={"records.0.job_id": "j", "records.0.sequence_num": ABSENT}),
        until="6.0.0",
    ),
    Change(
        name="type of results",
        release="5.5.0",
        source="ElasticsearchMappings",
        area="documents",
        says="Documents of machine learning have the one type `doc`, before types of their kind, such as `result`.",
        given=(PUT_JOB,),
        ask=Ask("GET /.ml-anomalies-shared/_mapping"),
        before=Answer(has={"\\.ml-anomalies-shared.mappings.result": PRESENT}),
        after=Answer(has={"\\.ml-anomalies-shared.mappings.doc": PRESENT, "\\.ml-anomalies-shared.mappings.result": ABSENT}),
        until="7.0.0",
    ),
    Change(
        name="write alias",
        release="5.5.0",
        source="AnomalyDetectorsIndex",
        area="results",
        says="A job writes its results through an alias, `.ml-anomalies-.write-<job>`.",
        given=(PUT_JOB,),
        ask=Ask("GET /_alias/.ml-anomalies-.write-j"),
        before=Answer(404),
        after=Answer(),
    ),
    Change(
        name="source of scripts",
        release="5.6.0",
        source="#25127",
        area="datafeeds",
        says="The text of a script is shown as `source`, no longer as `inline`.",
        given=(PUT_JOB,),
        ask=Ask("PUT {ml}/datafeeds/d", FEED | {"script_fields": {"s": {"script": "1"}}}),
        before=Answer(has={"script_fields.s.script": {"inline": "1", "lang": "painless"}}),
        after=Answer(has={"script_fields.s.script": {"source": "1", "lang": "painless"}}),
    ),
    Change(
        name="skipped time",
        release="5.6.0",
        source="FlushJobAction",
        area="jobs",
        says="`_flush` has `skip_time`, and answers with `last_finalized_bucket_end`.",
        given=(PUT_JOB, OPEN),
        ask=Ask(f"POST {JOB}/_flush?skip_time=0"),
        before=unknown_parameter("skip_time"),
        after=Answer(has={"flushed": True}),
    ),
    Change(
        name="name of a new index",
        release="5.6.0",
        source="CreateIndexResponse",
        area="documents",
        says="The answer to the creation of an index has its name.",
        ask=Ask("PUT /x"),
        before=Answer(has={"index": ABSENT}),
        after=Answer(has={"index": "x"}),
    ),
]
