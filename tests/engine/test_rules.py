"""Rules, filters and calendars: when nothing is said, and nothing learnt."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.ml.engine.bucket_context import ScheduledEvent
from tests.engine.support import DAY, HOUR, START, analysis, engine, feed, results, stored_model, values, worst

MEAN = {"function": "mean", "field_name": "value", "partition_field_name": "who"}
SPIKE = START + 80 * HOUR


def hours(odd: float = 1000, who: str = "web-1") -> list[dict[str, Any]]:
    return values([100 + at % 3 for at in range(80)] + [odd, 100, 100], who=who)


def rule(**parts: Any) -> dict[str, Any]:
    return MEAN | {"custom_rules": [{"actions": ["skip_result"], **parts}]}


def condition(applies_to: str, operator: str, value: float) -> dict[str, Any]:
    return {"conditions": [{"applies_to": applies_to, "operator": operator, "value": value}]}


@pytest.mark.parametrize(
    ("parts", "is_silent"),
    [
        (condition("actual", "gt", 500), True),
        (condition("actual", "gt", 5000), False),
        (condition("typical", "lt", 500), True),
        (condition("diff_from_typical", "gte", 890), True),
        (condition("diff_from_typical", "lte", 100), False),
        (condition("time", "gte", SPIKE / 1000), True),
        (condition("time", "lt", SPIKE / 1000), False),
        ({"scope": {"who": {"filter_id": "safe", "filter_type": "include"}}}, True),
        ({"scope": {"who": {"filter_id": "safe", "filter_type": "exclude"}}}, False),
        ({"scope": {"who": {"filter_id": "unknown", "filter_type": "include"}}}, False),
        ({"scope": {"who": {"filter_id": "safe"}}, **condition("actual", "gt", 5000)}, False),
    ],
)
def test_a_rule_silences_what_it_speaks_of(parts: dict[str, Any], is_silent: bool) -> None:
    judge = engine(rule(**parts))
    judge.set_filters({"safe": ["db", "web-*"]})
    assert (worst(results(judge, hours())) == 0) == is_silent


def test_what_is_not_learnt_stays_odd() -> None:
    def last_score(actions: list[str]) -> float:
        judge = engine(MEAN | {"custom_rules": [{"actions": actions, **condition("actual", "gt", 500)}]})
        feed(judge, values([100 + at % 3 for at in range(80)] + [1000] * 40, who="x"))
        return float(stored_model(judge.state()).values)

    assert last_score(["skip_model_update"]) == 80
    assert last_score(["skip_result"]) == 119


def test_an_event_silences_its_buckets_and_is_named_in_them() -> None:
    judge = engine(MEAN)
    judge.set_events([ScheduledEvent("release", SPIKE - HOUR // 2, SPIKE + HOUR // 2)])
    found = results(judge, hours())
    assert "record" not in found
    named = {bucket["timestamp"] for bucket in found["bucket"] if bucket.get("scheduled_events") == ["release"]}
    assert named == {SPIKE - HOUR, SPIKE}


def test_an_event_that_only_keeps_the_model() -> None:
    judge = engine(MEAN)
    judge.set_events([ScheduledEvent("drill", SPIKE, SPIKE + HOUR, skip_result=False)])
    assert worst(results(judge, hours())) > 75
    assert stored_model(judge.state()).values == 81


def test_time_is_shifted_once() -> None:
    judge = engine(MEAN)
    judge.set_events([ScheduledEvent("summer time", START + DAY, START + 2 * DAY, False, False, force_time_shift=3600)])
    feed(judge, hours())
    assert stored_model(judge.state()).time_shift == 3600


def test_rules_change_while_the_job_is_open() -> None:
    judge = engine(MEAN)
    feed(judge, hours()[:60])
    judge.update(analysis(rule(**condition("actual", "gt", 500))))
    assert worst(results(judge, hours()[60:])) == 0


@pytest.mark.parametrize(
    ("wanted", "split", "is_silent"),
    [
        ("by", {"by_field_name": "who"}, True),
        ("all", {"by_field_name": "who", "partition_field_name": "site"}, True),
        ("over", {"by_field_name": "who"}, False),
        ("none", {"by_field_name": "who"}, False),
        ("all", {"partition_field_name": "who"}, False),
        ("over", {"over_field_name": "who"}, True),
        ("by", {"over_field_name": "who"}, False),
    ],
)
def test_what_is_frequent_is_left_out(wanted: str, split: dict[str, str], is_silent: bool) -> None:
    detector = {"function": "mean", "field_name": "value", "exclude_frequent": wanted, **split}
    records = [{**record, "site": "north"} for record in hours()]
    assert (worst(results(engine(detector), records)) == 0) == is_silent


def test_what_is_seldom_is_reported_though_frequent_ones_are_left_out() -> None:
    often = values([100 + at % 3 for at in range(400)] + [1000, 100], who="often")
    seldom = values([100 + at % 3 if at % 12 == 0 else None for at in range(396)] + [1000, None], who="seldom")
    records = sorted([*often, *seldom], key=lambda record: record["time"])
    found = results(engine(MEAN | {"by_field_name": "who", "partition_field_name": None, "exclude_frequent": "by"}), records)
    assert {record["by_field_value"] for record in found["record"]} == {"seldom"}
