"""Custom rules of detectors: when to skip a result or a model update, or to shift a model's time (``CDetectionRule``)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.bucket_context import BucketContext
from fake_es.ml.engine.data_gatherer import Key
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

    def actions(self, key: Key, actual: float, typical: float, context: BucketContext) -> frozenset[str]:
        """The actions of all rules that apply to a value of the series ``key``."""
        if not self._rules:
            return frozenset()
        values = {"actual": actual, "typical": typical, "diff_from_typical": abs(actual - typical), "time": float(context.time)}
        found: set[str] = set()
        for rule in self._rules:
            if self._in_scope(rule.get("scope") or {}, key, context.filters) and _hold(rule.get("conditions") or (), values):
                found.update(rule.get("actions", (SKIP_RESULT,)))
        return frozenset(found)

    def _in_scope(self, scope: Mapping[str, Any], key: Key, filters: Mapping[str, frozenset[str]]) -> bool:
        named = {field: value for field, value in zip(self._fields, key) if field is not None}
        for field, wanted in scope.items():
            is_listed = field in named and matches(named[field], filters.get(wanted["filter_id"], frozenset()))
            if is_listed != (wanted.get("filter_type", "include") == "include"):
                return False
        return True

    def time_shift(self, context: BucketContext) -> int:
        """Seconds by which the models of the detector are to be shifted.

        A shift is made once: in the first bucket in which the rule's conditions on time hold.
        """
        now, before = {"time": float(context.time)}, {"time": float(context.time - context.span)}
        seconds = 0
        for rule in self._rules:
            if TIME_SHIFT in rule.get("actions", ()):
                times = [entry for entry in rule.get("conditions") or () if entry["applies_to"] == "time"]
                if times and _hold(times, now) and not _hold(times, before):
                    seconds += int(rule.get("params", {}).get(TIME_SHIFT, {}).get("time_shift_amount", 0))
        return seconds


def _hold(conditions: Any, values: Mapping[str, float]) -> bool:
    # In JSON an infinite bound is a string.
    return all(_COMPARE[entry["operator"]](values[entry["applies_to"]], float(entry["value"])) for entry in conditions)


def matches(value: str, items: frozenset[str]) -> bool:
    """Whether a filter lists a value; its items may begin or end with ``*``."""
    return value in items or any("*" in item and simple_match(value, item) for item in items)
