"""Alarms against labels, and two plain ways to raise alarms to compare with."""

from __future__ import annotations

import math
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


def rolling_z(values: dict[int, float], window: int = 96) -> dict[int, float]:
    """By how many standard deviations each value is off the mean of the day before."""
    times, found = sorted(values), {}
    total = sum(values[time] for time in times[:window])
    squares = sum(values[time] ** 2 for time in times[:window])
    for old, time in zip(times, times[window:]):
        mean = total / window
        spread = math.sqrt(max(squares / window - mean * mean, 1e-9))
        found[time] = abs(values[time] - mean) / spread
        total += values[time] - values[old]
        squares += values[time] ** 2 - values[old] ** 2
    return found


def seasonal_difference(values: dict[int, float]) -> dict[int, float]:
    """By how many median differences each value differs from that of a week before."""
    week = 7 * service.DAY
    differences = {time: abs(value - values[time - week]) for time, value in values.items() if time - week in values}
    ordinary = statistics.median(differences.values()) or 1e-9
    return {time: difference / ordinary for time, difference in differences.items()}


def best_baseline(rule: Callable[[dict[int, float]], dict[int, float]], data: Series, incidents: Sequence[Incident]) -> Outcome:
    """What a rule achieves with the threshold that suits it best, which it could not know."""
    judged = {key: rule(values) for key, values in data.items()}
    begin = service.START + 14 * service.DAY
    tried = []
    for threshold in (3, 4, 5, 6, 8, 10, 13, 16, 20, 30, 50):
        alarms = [
            (time, endpoint)
            for (endpoint, _), found in judged.items()
            for time, off in found.items()
            if off > threshold and time >= begin
        ]
        tried.append(outcome(alarms, incidents, on_holiday))
    return max(tried, key=lambda found: found.f1)
