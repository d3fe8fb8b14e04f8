"""Alarms against labels, and two plain ways to raise alarms to compare with."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from fake_es.fixtures.service import generate as service
from fake_es.fixtures.service.generate import Incident

# An alarm may come up to an hour after an incident's end; alarms of one endpoint within an hour are one.
_SLACK = service.HOUR
Alarm = tuple[int, str]
Series = dict[tuple[str, str], dict[int, float]]


class Outcome(NamedTuple):
    """How well alarms met the incidents."""

    found: int
    missed: int
    false: int

    @property
    def recall(self) -> float:
        """Share of the incidents that were found."""
        return self.found / (self.found + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision."""
        return 2 * self.found / (2 * self.found + self.missed + self.false)


def outcome(
    alarms: Iterable[Alarm], incidents: Sequence[Incident], ignored: Callable[[int], bool] = lambda _: False
) -> Outcome:
    """Compare alarms (time and endpoint) with incidents; what is not to be judged is neither right nor wrong."""
    alarms = sorted(set(alarms))
    found = {incident for incident in incidents for alarm in alarms if _meets(alarm, incident)}
    false, last = 0, dict[str, int]()
    for time, endpoint in alarms:
        if ignored(time) or any(_meets((time, endpoint), incident) for incident in incidents):
            continue
        false += time - last.get(endpoint, -service.DAY) > _SLACK
        last[endpoint] = time
    return Outcome(len(found), len(incidents) - len(found), false)


def _meets(alarm: Alarm, incident: Incident) -> bool:
    return alarm[1] == incident.endpoint and incident.covers(alarm[0] + service.QUARTER - 1, _SLACK)


def on_holiday(time: int) -> bool:
    """Whether a time is on a holiday."""
    return time - time % service.DAY in service.HOLIDAYS


def series(records: Iterable[dict[str, Any]]) -> Series:
    """The same numbers that the detectors look at, by endpoint and field; a missing quarter counts as no requests."""
    found: Series = defaultdict(dict)
    for record in records:
        time = record["timestamp"] - record["timestamp"] % service.QUARTER
        for field in ("requests", "latency", "errors"):
            found[record["endpoint"], field][time] = record[field]
    for endpoint in service.ENDPOINTS:
        for time in range(service.START, service.END, service.QUARTER):
            found[endpoint, "requests"].setdefault(time, 0)
    return found


def rolling_z(values: dict[int, float], threshold: float, window: int = 96) -> list[int]:
    """Times at which a value is so many standard deviations off the mean of the day before."""
    times, alarms = sorted(values), []
    for at in range(window, len(times)):
        past = [values[time] for time in times[at - window : at]]
        spread = statistics.pstdev(past) or 1e-9
        if abs(values[times[at]] - statistics.fmean(past)) > threshold * spread:
            alarms.append(times[at])
    return alarms


def seasonal_difference(values: dict[int, float], threshold: float) -> list[int]:
    """Times at which the difference to a week before is so many times the median difference."""
    week = 7 * service.DAY
    differences = {time: value - values[time - week] for time, value in values.items() if time - week in values}
    ordinary = statistics.median(map(abs, differences.values())) or 1e-9
    return sorted(time for time, difference in differences.items() if abs(difference) > threshold * ordinary)


def best_baseline(rule: Callable[[dict[int, float], float], list[int]], data: Series, incidents: Sequence[Incident]) -> Outcome:
    """What a rule achieves with the threshold that suits it best, which it could not know."""
    tried = []
    for threshold in (3, 4, 5, 6, 8, 10, 13, 16, 20):
        alarms = [(time, endpoint) for (endpoint, _), values in data.items() for time in rule(values, threshold)]
        late = [alarm for alarm in alarms if alarm[0] >= service.START + 14 * service.DAY]
        tried.append(outcome(late, incidents, on_holiday))
    return max(tried, key=lambda found: found.f1)
