"""9.0 to 9.5."""

from __future__ import annotations

from typing import Any

from tests.releases.change import ABSENT, PRESENT, Answer, Ask, Change, unknown_parameter

COUNT: dict[str, Any] = {
    "analysis_config": {"detectors": [{"function": "count"}]},
    "data_description": {"time_field": "t"},
}
PUT_JOB = Ask("PUT {ml}/anomaly_detectors/x", COUNT)

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
]
