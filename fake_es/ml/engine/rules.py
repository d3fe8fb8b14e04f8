"""Custom rules of detectors: when to say nothing, to learn nothing, or to shift a model's time (``CDetectionRule``)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.gather import Key
from fake_es.patterns.wildcards import simple_match

SKIP_RESULT, SKIP_UPDATE, TIME_SHIFT = "skip_result", "skip_model_update", "force_time_shift"
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
}  # fmt: skip


class Rules:
    """The rules of one detector."""

    def __init__(self, detector: Detector) -> None:
        self._rules = detector.rules
        self._fields = detector.splits

    def __bool__(self) -> bool:
        return bool(self._rules)

    def actions(self, key: Key, actual: float, typical: float, now: Circumstances) -> frozenset[str]:
        """What is to be done with a result of the series ``key``, if any rule speaks of it."""
        if not self._rules:
            return frozenset()
        values = {"actual": actual, "typical": typical, "diff_from_typical": abs(actual - typical), "time": float(now.time)}
        found: set[str] = set()
        for rule in self._rules:
            if self._in_scope(rule.get("scope") or {}, key, now.filters) and _holds(rule.get("conditions") or (), values):
                found.update(rule.get("actions") or (SKIP_RESULT,))
        return frozenset(found)

    def _in_scope(self, scope: Mapping[str, Any], key: Key, filters: Mapping[str, frozenset[str]]) -> bool:
        named = {field: value for field, value in zip(self._fields, key) if field is not None}
        for field, wanted in scope.items():
            listed = field in named and matches(named[field], filters.get(wanted["filter_id"], frozenset()))
            if listed != (wanted.get("filter_type", "include") == "include"):
                return False
        return True

    def time_shift(self, now: Circumstances) -> int:
        """Seconds by which the models of a detector are to be shifted at this time."""
        return sum(
            int(rule.get("params", {}).get(TIME_SHIFT, {}).get("time_shift_amount", 0))
            for rule in self._rules
            if TIME_SHIFT in rule.get("actions", ()) and _begins(rule.get("conditions") or (), now)
        )


def _holds(conditions: Any, values: Mapping[str, float]) -> bool:
    # JSON has an infinite bound as a text.
    return all(_COMPARE[entry["operator"]](values[entry["applies_to"]], float(entry["value"])) for entry in conditions)


def _begins(conditions: Any, now: Circumstances) -> bool:
    """Whether conditions on time hold now and did not a bucket ago: a shift is made once."""
    times = [entry for entry in conditions if entry["applies_to"] == "time"]
    before = {"time": float(now.time - now.span)}
    return bool(times) and _holds(times, {"time": float(now.time)}) and not _holds(times, before)


def matches(value: str, items: frozenset[str]) -> bool:
    """Whether a filter lists a value; its items may have ``*`` at their ends."""
    if value in items:
        return True
    return any("*" in item and simple_match(value, item) for item in items)
