"""5.4 to 5.6."""

from __future__ import annotations

from tests.releases.change import Answer, Ask, Change

DETECTORS = {"bucket_span": "5m", "detectors": [{"function": "count"}]}
JOB = Ask("PUT {ml}/anomaly_detectors/j", {"analysis_config": DETECTORS, "data_description": {}})

CHANGES: list[Change] = [
    Change(
        name="source of scripts",
        release="5.6.0",
        source="#25127",
        area="datafeeds",
        says="The text of a script is shown as `source`, no longer as `inline`.",
        given=(JOB,),
        ask=Ask("PUT {ml}/datafeeds/d", {"job_id": "j", "indices": ["x"], "script_fields": {"s": {"script": "1"}}}),
        before=Answer(has={"script_fields.s.script": {"inline": "1", "lang": "painless"}}),
        after=Answer(has={"script_fields.s.script": {"source": "1", "lang": "painless"}}),
    ),
]
