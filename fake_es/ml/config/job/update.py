"""Updates of a job's configuration (``JobUpdate``): reading, checks against the job, merging."""

from __future__ import annotations

from typing import Any

from fake_es.ml.config.ids import check_groups
from fake_es.ml.config.job import analysis_config, categorization, messages
from fake_es.ml.config.job.analysis_limits import limits_at_creation, memory_limit_mib
from fake_es.ml.config.job.custom_rules import OLD_RULE, RULE, build_old_rule, build_rule, check_rules, rules_field
from fake_es.ml.config.job.job import SETTABLE, check_job, check_retention
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.object_parser import INT, STRING, STRINGS, Field, ObjectParser, nested, nested_list

_MIB = 1024 * 1024
_DEFAULTS_SINCE, _DEFAULTS_UNTIL = (6, 3), (9, 4)
_DETECTOR_UPDATE = ObjectParser(
    "detector_update",
    (
        Field("index", INT, until=(5, 5)),
        Field("detector_index", INT, since=(5, 5)),
        Field("description", STRING),
        Field("rules", nested_list(OLD_RULE, build_old_rule), until=(6, 4)),
        Field("custom_rules", nested_list(RULE, build_rule), since=(6, 4)),
    ),
)
JOB_UPDATE = ObjectParser(
    "job_update",
    (
        Field("job_id", STRING),
        *SETTABLE,
        Field("detectors", nested_list(_DETECTOR_UPDATE)),
        Field("categorization_filters", STRINGS),
        Field("per_partition_categorization", nested(categorization.PER_PARTITION), since=(7, 9)),
        Field("model_prune_window", parameters.TIME.in_body, since=(7, 15)),
        # Pull request 30537.
        Field("model_snapshot_id", STRING, until=(6, 3)),
    ),
)
_IN_ANALYSIS = frozenset({"detectors", "categorization_filters", "per_partition_categorization", "model_prune_window"})


def read_update(call: Call) -> dict[str, Any]:
    """Read the body of an update.

    :raises ElasticsearchError: 400, an unknown field or an invalid value.
    """
    found = JOB_UPDATE.parse_text(call.json_body())
    found.pop("job_id", None)
    check_groups(call.path_parameters["job_id"], found.get("groups", ()))
    return {name: value for name, value in found.items() if value is not None}


def update_fields(update: dict[str, Any]) -> list[str]:
    """Names of the fields that an update changes."""
    return list(update)


def apply_update(
    tree: dict[str, Any],
    update: dict[str, Any],
    version: tuple[int, ...],
    *,
    opened: bool,
    used_memory_bytes: int,
    most_memory_bytes: int | None,
) -> dict[str, Any]:
    """Merge an update into the configuration ``tree``; ``most_memory_bytes`` is the memory limit of the cluster.

    :raises ElasticsearchError: 400, the result is invalid, or the job's state does not allow the change.
    """
    merged = tree | {name: _plain(value) for name, value in update.items() if name not in _IN_ANALYSIS}
    if "analysis_limits" in update:
        limits = _limits(tree, update["analysis_limits"], version, most_memory_bytes)
        if "model_memory_limit" in update["analysis_limits"]:
            _check_limits(tree, limits, version, opened, used_memory_bytes)
        merged["analysis_limits"] = limits
    merged["analysis_config"] = _analysis(tree["analysis_config"], update, version)
    check_job(merged, version)
    check_retention(merged)
    return merged


def _limits(tree: dict[str, Any], wanted: dict[str, Any], version: tuple[int, ...], most: int | None) -> dict[str, Any]:
    """Limits after an update. Up to 9.3 a limit that the update does not name gets its default (pull request 140524)."""
    if _DEFAULTS_SINCE <= version < _DEFAULTS_UNTIL:
        return limits_at_creation(wanted, version, most) or {}
    return (tree.get("analysis_limits") or {}) | wanted


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, TimeValue) else value


def _check_limits(
    tree: dict[str, Any], limits: dict[str, Any], version: tuple[int, ...], opened: bool, used_memory_bytes: int
) -> None:
    existing, wanted = memory_limit_mib(tree.get("analysis_limits")), memory_limit_mib(limits)
    if version < (6, 1):
        if existing is not None and wanted is not None and wanted < existing:
            raise bad_request(messages.MEMORY_DECREASED.format(existing=existing, update=wanted))
        return
    if opened:
        raise bad_request(messages.LIMITS_WHILE_OPEN)
    usage = used_memory_bytes // _MIB
    if wanted is not None and wanted < usage:
        raise bad_request(messages.MEMORY_BELOW_USAGE.format(usage=usage, update=wanted))


def _analysis(config: dict[str, Any], update: dict[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    merged = config | {
        name: _plain(update[name]) for name in ("categorization_filters", "model_prune_window") if name in update
    }
    if "per_partition_categorization" in update:
        merged["per_partition_categorization"] = _per_partition(config, update["per_partition_categorization"])
    detectors = [entry.copy() for entry in config["detectors"]]
    for change in update.get("detectors", ()):
        _update_detector(detectors, change, version)
    merged["detectors"] = detectors
    categorization.check(merged)
    analysis_config.check_prune_window(merged)
    return analysis_config.ordered(merged)


def _per_partition(config: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    existing = config.get("per_partition_categorization", {"enabled": False})
    enabled = existing.get("enabled", False)
    if wanted.get("enabled", enabled) != enabled:
        raise bad_request(messages.PER_PARTITION_FIXED)
    return {**existing, **wanted}


def _update_detector(detectors: list[dict[str, Any]], change: dict[str, Any], version: tuple[int, ...]) -> None:
    index = change.get("detector_index", change.get("index"))
    if index is None:
        raise IllegalArgument("Required [detector_index]")
    if not 0 <= index < len(detectors):
        raise bad_request(messages.DETECTOR_INDEX.at(version, index=index, count=len(detectors)))
    detector = detectors[index]
    if "description" in change:
        detector["detector_description"] = change["description"]
    rules = change.get("custom_rules", change.get("rules"))
    if rules is not None:
        name = rules_field(version)
        names = ("by_field_name", "over_field_name", "partition_field_name")
        check_rules(rules, detector["function"], [detector[field] for field in names if field in detector])
        detectors[index] = _with_rules(detector, name, rules)


def _with_rules(detector: dict[str, Any], name: str, rules: list[Any]) -> dict[str, Any]:
    rest = {key: value for key, value in detector.items() if key not in (name, "detector_index")}
    shown = rest | ({name: rules} if rules or name != "custom_rules" else {})
    return shown | {key: detector[key] for key in ("detector_index",) if key in detector}
