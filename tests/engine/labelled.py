"""Alarms of the example service against its incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from benchmarks.alarms import BASELINE_THRESHOLDS, Outcome, episodes
from fixtures.service import generate as service
from fixtures.service.generate import Incident

# An alarm may come up to an hour after an incident's end; alarms of one endpoint within an hour are one.
_SLACK = service.HOUR
Alarm = tuple[int, str]
Series = dict[tuple[str, str], dict[int, float]]


def outcome(
    alarms: Iterable[Alarm], incidents: Sequence[Incident], ignored: Callable[[int], bool] = lambda _: False
) -> Outcome:
    """Compare alarms (time and endpoint) with incidents; what is not to be judged is neither right nor wrong."""
    alarms = sorted(set(alarms))
    found = {incident for incident in incidents for alarm in alarms if _meets(alarm, incident)}
    false = defaultdict[str, list[int]](list)
    for time, endpoint in alarms:
        if not ignored(time) and not any(_meets((time, endpoint), incident) for incident in incidents):
            false[endpoint].append(time)
    return Outcome(len(found), len(incidents) - len(found), sum(episodes(times, _SLACK) for times in false.values()))


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


def best_baseline(rule: Callable[[dict[int, float]], dict[int, float]], data: Series, incidents: Sequence[Incident]) -> Outcome:
    """What a rule achieves with the threshold that suits it best, which it could not know."""
    judged = {key: rule(values) for key, values in data.items()}
    begin = service.START + 14 * service.DAY
    tried = []
    for threshold in BASELINE_THRESHOLDS:
        alarms = [
            (time, endpoint)
            for (endpoint, _), found in judged.items()
            for time, off in found.items()
            if off >= threshold and time >= begin
        ]
        tried.append(outcome(alarms, incidents, on_holiday))
    return max(tried, key=lambda found: found.f1)
