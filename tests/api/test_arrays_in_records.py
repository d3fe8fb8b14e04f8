"""Values of records that are no text and no number: in each role that a field of a job can have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support import Http, http

START, HOUR = 1_464_739_200_000, 3_600_000

# What stands in a record, and the value that the analysis has of it (``XContentRecordReader``); empty is none.
VALUES = [
    ('["a","b"]', "a,b"),
    ('["a",null,"b"]', "a,b"),
    ("[1,2.5,true,false]", "1,2.5,true,false"),
    ('[["a","b"],"c"]', "a,b"),
    ('[{"x":"y","z":[1,2],"u":3},"w"]', "y,1,2"),
    ("[]", ""),
    ("[null]", ""),
    ("null", ""),
    ('{"x":1}', ""),
    ("true", "true"),
    ("false", "false"),
    ('"\\ud800"', "?"),
    ('["\\ud83d\\ude00","\\udc00"]', "\U0001f600,?"),
]


def opened(analysis: dict[str, Any], release: str = "9.5", time_field: str = "time") -> Http:
    fake = http(release)
    description = {"time_field": time_field, "time_format": "epoch_ms"}
    config = {"bucket_span": "1h", **analysis}
    body = {"analysis_config": config, "data_description": description, "model_plot_config": {"enabled": True}}
    assert fake.put("x", body).status == 200
    fake.job("x", "_open")
    return fake


def line(place: int, value: str, **fields: Any) -> str:
    return json.dumps({"time": START + place * HOUR, **fields})[:-1] + f', "f": {value}}}\n'


@pytest.mark.parametrize("role", ["by", "partition"])
@pytest.mark.parametrize(("value", "text"), VALUES)
def test_a_field_that_splits(role: str, value: str, text: str) -> None:
    fake = opened({"detectors": [{"function": "count", f"{role}_field_name": "f"}]})
    assert fake.job("x", "_data", line(0, value) + line(0, '"q"')).status == 202
    assert fake.job("x", "_data", line(2, '"q"')).status == 202
    plots = fake("GET", "/.ml-anomalies-*/_search?q=result_type:model_plot").body["hits"]["hits"]
    assert {plot["_source"][f"{role}_field_value"] for plot in plots} == {"q", *([text] if text else [])}


@pytest.mark.parametrize("role", ["over", "influencer"])
@pytest.mark.parametrize(("value", "text"), VALUES)
def test_a_field_that_makes_a_population_or_explains(role: str, value: str, text: str) -> None:
    """A burst of one value: what is told of it names the value, if there is one."""
    over = {"over_field_name": "f"} if role == "over" else {}
    fake = opened({"detectors": [{"function": "high_count", **over}], "influencers": ["f"]})
    quiet = "".join(line(place, '"q"') + line(place, '"r"') for place in range(22))
    assert fake.job("x", "_data", quiet + line(22, value) * 60 + line(24, '"q"')).status == 202
    influencers = fake.job("x", "results/influencers", method="GET").body["influencers"]
    assert {entry["influencer_field_value"] for entry in influencers} == ({text} if text else set())


@pytest.mark.parametrize("release", ["5.6", "9.5"])
@pytest.mark.parametrize("role", ["time", "summary", "metric", "lat_long", "category", "category_partition"])
def test_other_roles_take_no_array_amiss(role: str, release: str) -> None:
    analyses: dict[str, dict[str, Any]] = {
        "time": {"detectors": [{"function": "count"}]},
        "summary": {"detectors": [{"function": "count"}], "summary_count_field_name": "f"},
        "metric": {"detectors": [{"function": "mean", "field_name": "f"}, {"function": "distinct_count", "field_name": "f"}]},
        "lat_long": {"detectors": [{"function": "lat_long", "field_name": "f"}]},
        "category": {
            "detectors": [{"function": "count", "by_field_name": "mlcategory"}],
            "categorization_field_name": "f",
        },
        "category_partition": {
            "detectors": [{"function": "count", "by_field_name": "mlcategory", "partition_field_name": "f"}],
            "categorization_field_name": "m",
        },
    }
    analysis = analyses[role]
    if role == "category_partition" and release == "9.5":
        analysis["per_partition_categorization"] = {"enabled": True}
    fake = opened(analysis, release, "f" if role == "time" else "time")
    for place, (value, _) in enumerate(VALUES):
        answer = fake.job("x", "_data", line(place, value, m="it is here"))
        assert answer.status == 202
        assert answer.body["invalid_date_count"] == (role == "time")
    assert fake.job("x", "_flush?calc_interim=true").status == 200
    assert fake.job("x", "_close").status == 200
    for results in ("buckets", "records", "categories"):
        assert fake.job("x", f"results/{results}", method="GET").status == 200


def test_a_point_may_be_an_array() -> None:
    fake = opened({"detectors": [{"function": "lat_long", "field_name": "f"}]})
    fake.job("x", "_data", "".join(line(place, "[52.5, 13.4]") for place in range(30)) + line(30, "[-33.9, 151.2]"))
    fake.job("x", "_data", line(32, "[52.5, 13.4]"))
    assert fake.job("x", "results/records", method="GET").body["count"] == 1


def test_truth_is_no_number() -> None:
    fake = opened({"detectors": [{"function": "count"}], "summary_count_field_name": "f"})
    fake.job("x", "_data", line(0, "true") + line(0, "2") + line(0, "1e300") + line(1, "1"))
    fake.job("x", "_flush?calc_interim=true")
    counts = [bucket["event_count"] for bucket in fake.job("x", "results/buckets", method="GET").body["buckets"]]
    assert counts == [10**12 + 2, 1]


def test_a_datafeed_joins_values_as_well() -> None:
    fake = http("9.5")
    fake("PUT", "/logs", {"mappings": {"properties": {"time": {"type": "date"}, "f": {"type": "keyword"}}}})
    lines = [{"time": START + place * HOUR, "f": "q"} for place in range(26)]
    lines += [{"time": START + 23 * HOUR, "f": ["b", "a"]}] * 60
    fake("POST", "/logs/_bulk", "".join('{"index":{}}\n' + json.dumps(each) + "\n" for each in lines),
         content_type="application/x-ndjson")  # fmt: skip
    config = {"bucket_span": "1h", "detectors": [{"function": "count"}], "influencers": ["f"]}
    fake.put("x", {"analysis_config": config, "data_description": {"time_field": "time", "time_format": "epoch_ms"}})
    fake("PUT", "{ml}/datafeeds/feed", {"job_id": "x", "indices": ["logs"]})
    fake.job("x", "_open")
    end = START + 26 * HOUR
    assert fake("POST", f"{{ml}}/datafeeds/feed/_start?start={START}&end={end}").status == 200
    fake("GET", "{ml}/datafeeds/feed/_stats")
    influencers = fake.job("x", "results/influencers", method="GET").body["influencers"]
    assert "a,b" in {entry["influencer_field_value"] for entry in influencers}
