"""From a job's configuration to the ``Analysis`` that the engine works with."""

from __future__ import annotations

from typing import Any

from fake_es.ml.config.job.analysis_config import span_ms
from fake_es.ml.config.job.analysis_limits import memory_limit_mib
from fake_es.ml.engine.analysis import MLCATEGORY, Analysis, Categorization, DataDescription, Detector, ModelPlot
from fake_es.wire.durations import parse_time_value

_MIB = 1024 * 1024
_OPERATORS = {"gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte"}
# Condition types of rules of 5.4 to 6.3, and their ``applies_to`` of 6.4.
_OLD_CONDITIONS = {"numerical_actual": "actual", "numerical_typical": "typical", "numerical_diff_abs": "diff_from_typical",
                   "time": "time"}  # fmt: skip


def analysis_of(tree: dict[str, Any]) -> Analysis:
    """All parts of a job's configuration that concern the engine."""
    config = tree["analysis_config"]
    limit = memory_limit_mib(tree.get("analysis_limits"))
    return Analysis(
        bucket_span=span_ms(config) // 1000,
        detectors=tuple(_detector(index, entry) for index, entry in enumerate(config["detectors"])),
        influencers=tuple(config["influencers"]),
        latency=_seconds(config.get("latency")) or 0,
        summary_count_field=config.get("summary_count_field_name"),
        categorization=_categorization(config, tree.get("analysis_limits") or {}),
        prune_window=_seconds(config.get("model_prune_window")),
        memory_limit=None if limit is None else limit * _MIB,
        model_plot=_model_plot(tree.get("model_plot_config") or {}),
    )


def _seconds(duration: str | None) -> int | None:
    return parse_time_value(duration, "", (5, 4)).ms // 1000 if duration else None


def _detector(index: int, entry: dict[str, Any]) -> Detector:
    names = ("field_name", "by_field_name", "over_field_name", "partition_field_name", "exclude_frequent")
    old = entry.get("rules") or entry.get("detector_rules") or ()
    rules = entry.get("custom_rules") or [new for rule in old for new in _new_rules(rule, entry)]
    return Detector(
        index, entry["function"], entry["detector_description"],
        use_null=entry.get("use_null", False), rules=tuple(rules), **{name: entry.get(name) for name in names},
    )  # fmt: skip


def _new_rules(rule: dict[str, Any], detector: dict[str, Any]) -> list[dict[str, Any]]:
    """Convert a rule of 5.4 to 6.3 to rules of 6.4: conditions joined by ``or`` become separate rules."""
    parts = [_new_condition(entry, detector) for entry in rule.get("rule_conditions") or rule.get("conditions") or ()]
    if rule.get("conditions_connective") != "and":
        return [part for part in parts if part]
    merged: dict[str, Any] = {"scope": {}, "conditions": []}
    for part in parts:
        merged["scope"] |= part.get("scope", {})
        merged["conditions"] += part.get("conditions", [])
    return [merged]


def _new_condition(entry: dict[str, Any], detector: dict[str, Any]) -> dict[str, Any]:
    filter_id = entry.get("filter_id") or entry.get("value_filter")
    if filter_id:
        field = entry.get("field_name") or detector.get("over_field_name") or detector.get("by_field_name")
        return {"scope": {field: {"filter_id": filter_id, "filter_type": "include"}}}
    applies_to = _OLD_CONDITIONS.get(str(entry.get("condition_type")))
    test = entry.get("condition") or {}
    compare = _OPERATORS.get(str(test.get("operator")).lower())
    if applies_to is None or compare is None:
        return {}
    return {"conditions": [{"applies_to": applies_to, "operator": compare, "value": float(test["value"])}]}


def _categorization(config: dict[str, Any], limits: dict[str, Any]) -> Categorization | None:
    field = config.get("categorization_field_name")
    if not field:
        return None
    by_partition = config.get("per_partition_categorization") or {}
    partitions = [entry.get("partition_field_name") for entry in config["detectors"] if MLCATEGORY in entry.values()]
    return Categorization(
        field=field,
        analyzer=config.get("categorization_analyzer"),
        filters=tuple(config.get("categorization_filters") or ()),
        partition_field=partitions[0] if by_partition.get("enabled") else None,
        stop_on_warn=bool(by_partition.get("stop_on_warn")),
        examples_limit=limits.get("categorization_examples_limit", 4),
    )


def _model_plot(config: dict[str, Any]) -> ModelPlot:
    terms = frozenset(term.strip() for term in str(config.get("terms") or "").split(",") if term.strip())
    return ModelPlot(bool(config.get("enabled")), terms)


def data_description_of(tree: dict[str, Any]) -> DataDescription:
    """Format of the records of a job, from its configuration."""
    return DataDescription(**tree["data_description"])
