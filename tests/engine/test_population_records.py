"""Records of populations: what their members did is said of their causes alone (``CJsonOutputWriter::addPopulationFields``)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.engine.support import DAY, HOUR, START, Document
from tests.engine.test_written import job, post

CAUSE = [
    "probability", "by_field_name", "by_field_value", "function", "function_description", "typical", "actual", "field_name",
    "over_field_name", "over_field_value",
]  # fmt: skip


def found(version: str, detector: Document, records: list[Document], **config: Any) -> list[Document]:
    """The records of a job over the members ``who``, the worst first."""
    fake = job(version, detector | {"over_field_name": "who"}, **config)
    post(fake, records)
    shown: list[Document] = fake.job("x", "results/records", {}).body["records"]
    return shown


def measured(odd: float, hours: int = 52) -> list[Document]:
    """Twenty members send values of two kinds each hour; ``m7`` sends ``odd`` ones of the kind ``b`` in the fiftieth."""
    source = random.Random(1)
    return [
        {"time": START + hour * HOUR + at, "who": f"m{at}", "what": what, "value": source.gauss(100, 5)}
        | ({"value": odd} if (hour, at, what) == (50, 7, "b") else {})
        for hour in range(hours)
        for at in range(20)
        for what in "ab"
    ]


@pytest.mark.parametrize("version", ["5.4", "6.8", "7.17", "9.5"])
def test_what_a_record_says_and_what_its_causes(version: str) -> None:
    detector = {"function": "mean", "field_name": "value", "by_field_name": "what"}
    worst = found(version, detector, measured(1000), influencers=["what"])[0]
    assert ("event" in worst) is (version == "9.5")
    assert ("sequence_num" in worst) is (version == "5.4")
    assert [name for name in worst if name not in ("event", "sequence_num")] == [
        "job_id", "result_type", "probability", "record_score", "initial_record_score", "bucket_span", "detector_index",
        "is_interim", "timestamp", "by_field_name", "function", "function_description", "field_name", "over_field_name",
        "over_field_value", "causes", "influencers", "who", "what",
    ]  # fmt: skip
    assert (worst["by_field_name"], worst["over_field_value"], worst["who"]) == ("what", "m7", ["m7"])
    assert worst["influencers"] == [{"influencer_field_name": "what", "influencer_field_values": ["b"]}]
    (cause,) = worst["causes"]
    assert list(cause) == CAUSE
    assert (cause["by_field_value"], cause["over_field_value"], cause["actual"]) == ("b", "m7", [1000.0])
    assert 90 < cause["typical"][0] < 110


def test_the_value_of_the_by_field_is_shown_only_of_influencers() -> None:
    worst = found("9.5", {"function": "mean", "field_name": "value", "by_field_name": "what"}, measured(1000))[0]
    assert not {"what", "by_field_value", "typical", "actual"} & worst.keys()


def test_causes_have_the_function_of_their_record() -> None:
    worst = found("9.5", {"function": "metric", "field_name": "value", "by_field_name": "what"}, measured(1000))[0]
    assert worst["function"] == "metric"
    assert [cause["function_description"] for cause in worst["causes"]] == [worst["function_description"]]


def test_what_is_often_rare_is_described_as_rare() -> None:
    source = random.Random(1)
    records = [
        {"time": START + hour * HOUR + at, "who": f"m{at // 3}", "what": f"v{source.randrange(3)}"}
        for hour in range(60)
        for at in range(90)
    ]
    secret = [{"time": START + 59 * HOUR + 100 + at, "who": "m7", "what": "secret"} for at in range(50)]
    last = {"time": START + 61 * HOUR, "who": "m1", "what": "v1"}
    worst = found("9.5", {"function": "freq_rare", "by_field_name": "what"}, [*records, *secret, last])[0]
    described = ("freq_rare", "rare")
    assert (worst["function"], worst["function_description"]) == described
    (cause,) = worst["causes"]
    assert (cause["function"], cause["function_description"], cause["by_field_value"]) == (*described, "secret")


def test_a_member_at_an_odd_time_has_a_cause() -> None:
    working = [
        {"time": START + day * DAY + hour * HOUR + 600_000 + at, "who": f"m{at}"}
        for day in range(10)
        for hour in range(9, 18)
        for at in range(3)
    ]
    night: Document = {"time": START + 10 * DAY + 3 * HOUR, "who": "m1"}
    worst = found("9.5", {"function": "time_of_day"}, [*working, night, night | {"time": night["time"] + 2 * HOUR}])[0]
    assert not {"typical", "actual"} & worst.keys()
    (cause,) = worst["causes"]
    assert (cause["over_field_value"], cause["function_description"], cause["actual"]) == ("m1", "time", [3.0 * 3600])


@pytest.mark.parametrize(("version", "has_points"), [("7.5", False), ("7.6", True), ("9.5", True)])
def test_a_member_at_a_place_far_away_has_a_cause(version: str, has_points: bool) -> None:
    source = random.Random(1)
    records = [
        {
            "time": START + hour * HOUR + at,
            "who": f"m{at}",
            "value": "35.7,139.7" if (hour, at) == (50, 2) else f"{40.7 + source.gauss(0, 0.05)},{-74 + source.gauss(0, 0.05)}",
        }
        for hour in range(52)
        for at in range(5)
    ]
    worst = found(version, {"function": "lat_long", "field_name": "value"}, records)[0]
    assert not {"typical", "actual", "geo_results"} & worst.keys()
    (cause,) = worst["causes"]
    assert cause["actual"] == [35.7, 139.7]
    assert ("geo_results" in cause) == has_points
