"""Eight weeks of a service with labelled incidents: how many are found, how often the alarm is false."""

from __future__ import annotations

import pytest

from benchmarks.alarms import Outcome, rolling_z, seasonal_difference
from fake_es.ml.config.job.analysis import analysis_of
from fake_es.ml.engine.bucket_context import ScheduledEvent
from fake_es.ml.engine.engine import Engine, by_kind
from fixtures.service import generate as service
from tests.engine.labelled import Alarm, best_baseline, on_holiday, outcome, series
from tests.engine.support import seeds


def alarms(seed: int, *events: ScheduledEvent, until: int = service.END) -> list[Alarm]:
    """Times and endpoints of records with a score of 50 or more, of a job that knows of these events."""
    tree = service.JOB["analysis_config"]
    described = [detector | {"detector_description": ""} for detector in tree["detectors"]]
    judge = Engine("service", analysis_of({"analysis_config": tree | {"detectors": described}}))
    judge.set_events(list(events))
    records = [record for record in service.records(seed) if record["timestamp"] < until]
    judge.feed([record["timestamp"] for record in records], records)
    found = by_kind(judge.take_results())["record"]
    return [(r["timestamp"], r["partition_field_value"]) for r in found if r["record_score"] >= 50]


def alarms_with_calendar(seed: int) -> list[Alarm]:
    """The same of a job with a calendar of the holidays."""
    return alarms(seed, *(ScheduledEvent("holiday", start, start + service.DAY) for start in service.HOLIDAYS))


def achieved(seed: int) -> Outcome:
    return outcome(alarms_with_calendar(seed), service.incidents(seed))


@pytest.mark.parametrize("seed", seeds(1, nightly=1))
def test_nine_of_ten_incidents_and_one_false_alarm_a_week(seed: int) -> None:
    """With a calendar that silences the holidays."""
    told = alarms_with_calendar(seed)
    found = outcome(told, service.incidents(seed))
    assert found.recall >= 0.9
    assert found.false <= service.WEEKS
    assert not any(on_holiday(time) for time, _ in told)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2))
def test_plain_rules_do_worse(seed: int) -> None:
    """Each with the threshold that suits it best."""
    found, incidents, data = achieved(seed), service.incidents(seed), series(service.records(seed))
    for rule in (rolling_z, seasonal_difference):
        assert found.f1 > best_baseline(rule, data, incidents).f1 + 0.1


@pytest.mark.nightly  # the calendar of the test above silences them
def test_without_a_calendar_a_holiday_alarms() -> None:
    assert any(on_holiday(time) for time, _ in alarms(0, until=service.HOLIDAYS[0] + service.DAY))
