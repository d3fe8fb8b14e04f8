"""Eight weeks of a service with labelled incidents: how many are found, how often the alarm is false."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.alarms import Outcome, rolling_z, seasonal_difference
from fake_es.ml.config.job.analysis import analysis_of
from fake_es.ml.engine.bucket_context import ScheduledEvent
from fake_es.ml.engine.engine import Engine, by_kind
from fixtures.service import generate as service
from tests.engine.labelled import Alarm, best_baseline, on_holiday, outcome, series

SEEDS = (0, 1)


@cache
def alarms(seed: int, with_calendar: bool) -> tuple[Alarm, ...]:
    """Times and endpoints of records with a score of 50 or more."""
    tree = service.JOB["analysis_config"]
    described = [detector | {"detector_description": ""} for detector in tree["detectors"]]
    judge = Engine("service", analysis_of({"analysis_config": tree | {"detectors": described}}))
    if with_calendar:
        judge.set_events([ScheduledEvent("holiday", start, start + service.DAY) for start in service.HOLIDAYS])
    records = list(service.records(seed))
    judge.feed([record["timestamp"] for record in records], records)
    found = by_kind(judge.take_results())["record"]
    return tuple((r["timestamp"], r["partition_field_value"]) for r in found if r["record_score"] >= 50)


def achieved(seed: int) -> Outcome:
    return outcome(alarms(seed, with_calendar=True), service.incidents(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_nine_of_ten_incidents_and_one_false_alarm_a_week(seed: int) -> None:
    assert achieved(seed).recall >= 0.9
    assert achieved(seed).false <= service.WEEKS


@pytest.mark.parametrize("seed", SEEDS)
def test_a_calendar_silences_the_holidays(seed: int) -> None:
    assert any(on_holiday(time) for time, _ in alarms(seed, with_calendar=False))
    assert not any(on_holiday(time) for time, _ in alarms(seed, with_calendar=True))


@pytest.mark.parametrize("rule", [rolling_z, seasonal_difference])
def test_plain_rules_do_worse(rule: object) -> None:
    data, incidents = series(service.records(0)), service.incidents(0)
    baseline = best_baseline(rule, data, incidents)  # type: ignore[arg-type]
    assert achieved(0).f1 > baseline.f1 + 0.1
