"""9.0 to 9.5."""

from __future__ import annotations

from typing import Any

from tests.releases.change import ABSENT, PRESENT, Answer, Ask, Change, unknown_parameter

COUNT: dict[str, Any] = {
    "analysis_config": {"detectors": [{"function": "count"}]},
    "data_description": {"time_field": "t"},
}
PUT_JOB = Ask("PUT {ml}/anomaly_detectors/x", COUNT)
JOB = "{ml}/anomaly_detectors/x"
TIMED = {"mappings": {"properties": {"t": {"type": "date"}}}}
WITH_DATAFEED = (Ask("PUT /logs", TIMED), PUT_JOB, Ask("PUT {ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"]}))
SLOW = Ask("PUT /_fake/delays", {"lookback": "1m"})
PASS = Ask("POST /_fake/clock", {"advance": "5s"})
STOP = Ask("POST {ml}/datafeeds/d/_stop")
EVERY_BUCKET = [{"t": 300_000 * bucket} for bucket in range(5)]

CHANGES: list[Change] = [
    Change(
        name="stop and close",
        release="9.3.0",
        source="#138634",
        area="datafeeds",
        says="`_stop` has `close_job`, which closes the job of the datafeed too.",
        ask=Ask("POST {ml}/datafeeds/*/_stop?close_job=true"),
        before=unknown_parameter("close_job"),
        after=Answer(has={"stopped": True}),
    ),
    Change(
        name="stop and close in the body",
        release="9.3.0",
        source="#138634",
        area="datafeeds",
        says="The same in the body.",
        ask=Ask("POST {ml}/datafeeds/*/_stop", {"close_job": True}),
        before=Answer(400, "unknown field [close_job]"),
        after=Answer(has={"stopped": True}),
    ),
    Change(
        name="generations of results indices",
        release="9.3.0",
        source="#136065",
        area="results",
        says="The name of a results index ends in the number of its generation. `results_index_name` is as before.",
        given=(PUT_JOB,),
        ask=Ask("GET /.ml-anomalies-x/_alias"),
        before=Answer(has={"\\.ml-anomalies-shared": PRESENT}),
        after=Answer(has={"\\.ml-anomalies-shared-000001": PRESENT, "\\.ml-anomalies-shared": ABSENT}),
    ),
    Change(
        name="flush of buffered data",
        release="9.1.0",
        source="specification of 9.1",
        area="jobs",
        says="`_flush` is deprecated.",
        given=(PUT_JOB, Ask(f"POST {JOB}/_open")),
        ask=Ask(f"POST {JOB}/_flush"),
        before=Answer(has={"flushed": True}, warns=""),
        after=Answer(has={"flushed": True}, warns="Forcing any buffered data to be processed is deprecated"),
    ),
    Change(
        name="limits that an update does not name",
        release="9.4.0",
        source="#140524",
        area="jobs",
        says="An update of one of the `analysis_limits` leaves the other as it is; before, that became its default.",
        given=(PUT_JOB, Ask(f"POST {JOB}/_update", {"analysis_limits": {"categorization_examples_limit": 7}})),
        ask=Ask(f"POST {JOB}/_update", {"analysis_limits": {"model_memory_limit": "200mb"}}),
        before=Answer(has={"analysis_limits.categorization_examples_limit": 4}),
        after=Answer(has={"analysis_limits.categorization_examples_limit": 7}),
    ),
    Change(
        name="lookback that is stopped",
        release="9.4.0",
        source="#145283",
        area="datafeeds",
        says="Stopping a datafeed with an `end` leaves its job open, unless `close_job` says otherwise.",
        given=(
            *WITH_DATAFEED,
            SLOW,
            Ask(f"POST {JOB}/_open"),
            Ask("POST {ml}/datafeeds/d/_start?start=0&end=9999999"),
            STOP,
            PASS,
        ),
        ask=Ask(f"GET {JOB}/_stats"),
        before=Answer(has={"jobs.0.state": "closed"}),
        after=Answer(has={"jobs.0.state": "opened"}),
    ),
    Change(
        name="time at which a result was written",
        release="9.5.0",
        source="#148583",
        area="results",
        says="Buckets, records and influencers have `event.ingested`.",
        given=(PUT_JOB, Ask(f"POST {JOB}/_open"), Ask(f"POST {JOB}/_data", EVERY_BUCKET), Ask(f"POST {JOB}/_close")),
        ask=Ask(f"GET {JOB}/results/buckets"),
        before=Answer(has={"buckets.0.event": ABSENT}),
        after=Answer(has={"buckets.0.event.ingested": PRESENT}),
    ),
    Change(
        name="version of the API that is gone",
        release="9.0.0",
        source="release notes",
        area="wire",
        says="Clients may ask for `compatible-with=8`, no longer for 7.",
        ask=Ask("GET {ml}/info", headers={"Accept": "application/vnd.elasticsearch+json;compatible-with=7"}),
        before=Answer(has={"upgrade_mode": False}),
        after=Answer(400, "Invalid media-type value on headers [Accept, Content-Type]", type="media_type_header_exception"),
    ),
    Change(
        name="errors without details",
        release="9.0.0",
        source="#90529",
        area="wire",
        says="With `http.detailed_errors.enabled: false` errors have a type and a reason; before, one line.",
        ask=Ask(f"GET {JOB}?nonsense"),
        before=Answer(400, has={"error": "No ElasticsearchException found"}),
        after=Answer(400, "contains unrecognized parameter: [nonsense]", type="illegal_argument_exception", warns=""),
        settings={"detailed_errors": False},
    ),
]
