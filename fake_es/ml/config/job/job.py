"""The whole configuration of a job (``Job.Builder``): reading, checks, defaults, rendering."""

from __future__ import annotations

from typing import Any

from fake_es.ml.config import messages as config_messages
from fake_es.ml.config.datafeed.datafeed import DATAFEED, read_found
from fake_es.ml.config.ids import check_groups, check_job_id, results_index_name
from fake_es.ml.config.job import analysis_config, messages
from fake_es.ml.config.job.analysis_config import ANALYSIS_CONFIG, build_analysis_config, used_fields
from fake_es.ml.config.job.analysis_limits import ANALYSIS_LIMITS, build_analysis_limits
from fake_es.ml.config.job.data_description import DATA_DESCRIPTION, build_data_description
from fake_es.ml.config.job.model_plot import MODEL_PLOT, build_model_plot
from fake_es.version import ml_config_version
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue, parse_time_value
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import ANY, BOOLEAN, LONG, OBJECT, STRING, STRING_OR_NULL, STRINGS, Field, ObjectParser, nested
from fake_es.wire.words import number

_HOUR_MS = 3_600_000

# Fields that PUT and _update have in common, with their releases.
SETTABLE = (
    Field("description", STRING_OR_NULL),
    Field("groups", STRINGS, since=(6, 1)),
    Field("analysis_limits", nested(ANALYSIS_LIMITS, build_analysis_limits)),
    Field("model_plot_config", nested(MODEL_PLOT, build_model_plot)),
    Field("renormalization_window_days", LONG),
    Field("background_persist_interval", parameters.TIME.in_body),
    Field("model_snapshot_retention_days", LONG),
    Field("daily_model_snapshot_retention_after_days", LONG, since=(7, 8)),
    Field("results_retention_days", LONG),
    Field("custom_settings", OBJECT),
    Field("allow_lazy_open", BOOLEAN, since=(7, 5)),
)
# Fields that only the server sets. Requests could have them up to 8.13 (``REST_REQUEST_PARSER``, pull request 106115).
_HIDDEN_SINCE = (8, 14)
_INTERNAL = (
    Field("job_type", STRING, until=_HIDDEN_SINCE),
    Field("job_version", STRING, since=(5, 5), until=_HIDDEN_SINCE),
    Field("create_time", ANY, until=_HIDDEN_SINCE),
    Field("finished_time", ANY, until=_HIDDEN_SINCE),
    Field("model_snapshot_id", STRING_OR_NULL, until=_HIDDEN_SINCE),
    Field("model_snapshot_min_version", STRING_OR_NULL, since=(6, 0), until=_HIDDEN_SINCE),
    Field("deleting", BOOLEAN, since=(7, 0), until=_HIDDEN_SINCE),
    Field("blocked", OBJECT, since=(7, 14), until=_HIDDEN_SINCE),
)
JOB = ObjectParser(
    "job_details",
    (
        Field("job_id", STRING),
        *_INTERNAL,
        Field("analysis_config", nested(ANALYSIS_CONFIG, build_analysis_config)),
        Field("data_description", nested(DATA_DESCRIPTION, build_data_description)),
        *SETTABLE,
        Field("results_index_name", STRING),
        Field("datafeed_config", nested(DATAFEED, read_found), since=(7, 15)),
    ),
)
_SHOWN = (
    "job_id", "job_type", "job_version", "create_time", "finished_time", "custom_settings", "model_snapshot_id",
    "model_snapshot_min_version", "deleting", "datafeed_config", "groups", "description", "analysis_config",
    "analysis_limits", "data_description", "model_plot_config", "renormalization_window_days",
    "background_persist_interval", "model_snapshot_retention_days", "daily_model_snapshot_retention_after_days",
    "results_retention_days", "results_index_name", "allow_lazy_open", "blocked",
)  # fmt: skip
_SHOWN_IN_5 = ("job_id", "job_type", "job_version", "description", *(name for name in _SHOWN[3:] if name != "description"))
_RETENTION, _DAILY = "model_snapshot_retention_days", "daily_model_snapshot_retention_after_days"
_LEAST_ZERO = ("renormalization_window_days", "results_retention_days", _RETENTION, _DAILY)


def read_job(call: Call) -> dict[str, Any]:
    """Read the body of a PUT and complete it with all defaults, but without the fields that the server sets.

    :raises ElasticsearchError: 400, the first of the server's checks that fails.
    """
    found, job_id = JOB.parse_text(call.json_body()), call.path_parameters["job_id"]
    if found.setdefault("job_id", job_id) != job_id:
        raise IllegalArgument(messages.INCONSISTENT_ID.format(body=found["job_id"], url=job_id))
    tree = complete_job(found, call.version)
    if tree["data_description"].get("format") == "delimited":
        call.warn(messages.DELIMITED_DEPRECATED)
    return tree


def complete_job(found: dict[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    """Check and complete the parsed fields of a new job.

    :raises ElasticsearchError: 400, the first of the server's checks that fails.
    """
    job_id = found["job_id"]
    if "analysis_config" not in found:
        raise IllegalArgument(messages.NO_ANALYSIS_CONFIG)
    if "data_description" not in found:
        raise IllegalArgument(messages.NO_DATA_DESCRIPTION)
    tree = _completed(found, version)
    check_job(tree, version)
    check_job_id(job_id, version)
    check_retention(tree)
    check_groups(job_id, tree.get("groups", ()))
    tree["results_index_name"] = results_index_name(found.get("results_index_name", "shared"), version)
    _check_creation(tree, found, version)
    return tree


def check_job(tree: dict[str, Any], version: tuple[int, ...]) -> None:
    """Refuse a configuration whose parts contradict each other.

    :raises IllegalArgument: two parts contradict each other.
    """
    if version >= (5, 5) and tree["data_description"]["time_field"] in used_fields(tree["analysis_config"]):
        raise IllegalArgument(messages.TIME_FIELD_ANALYSED)
    if "background_persist_interval" in tree:
        _check_interval(parse_time_value(tree["background_persist_interval"], "", (5, 4)))
    for name in _LEAST_ZERO:
        if tree.get(name, 0) < 0:
            raise IllegalArgument(config_messages.LESS_THAN.format(field=name, least=0, value=number(tree[name])))


def _check_interval(interval: TimeValue) -> None:
    field = "background_persist_interval"
    if interval.nanos % 10**9:
        raise IllegalArgument(config_messages.NOT_WHOLE_SECONDS.format(field=field, value=interval.text))
    if interval.ms < _HOUR_MS:
        value = number(interval.ms // 1000)
        raise IllegalArgument(config_messages.LESS_THAN.format(field=field, least=number(_HOUR_MS // 1000), value=value))


def check_retention(tree: dict[str, Any]) -> None:
    """Refuse a retention that thins out snapshots later than it deletes them.

    :raises IllegalArgument: ``daily_model_snapshot_retention_after_days`` is above ``model_snapshot_retention_days``.
    """
    daily, retention = tree.get(_DAILY), tree.get(_RETENTION)
    if daily is not None and retention is not None and daily > retention:
        raise IllegalArgument(messages.RETENTION.format(daily=number(daily), retention=number(retention)))


def _completed(found: dict[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    tree: dict[str, Any] = {
        name: str(value) if isinstance(value, TimeValue) else value for name, value in found.items() if value is not None
    }
    tree["analysis_config"] = analysis_config.at_creation(tree["analysis_config"], version)
    if version >= (7, 5):
        tree.setdefault("allow_lazy_open", False)
    return tree | _retention(tree, version)


def _retention(tree: dict[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    """Default retention of snapshots in days: 1 up to 7.7, then 10, and one per day after the first day."""
    retention = tree.get(_RETENTION, 10 if version >= (7, 8) else 1)
    if version < (7, 8):
        return {_RETENTION: retention}
    return {_RETENTION: retention, _DAILY: tree.get(_DAILY, min(1, retention))}


def _check_creation(tree: dict[str, Any], found: dict[str, Any], version: tuple[int, ...]) -> None:
    if version >= (7, 2):
        _check_duplicates(tree["analysis_config"]["detectors"])
    sent = [name for name in ("model_snapshot_id", "finished_time", "create_time") if found.get(name) is not None]
    if sent and version >= (6, 0):
        raise IllegalArgument(messages.SET_AT_CREATION.format(fields=",".join(sent)))


def _check_duplicates(detectors: list[dict[str, Any]]) -> None:
    seen: dict[str, list[dict[str, Any]]] = {}
    for detector in detectors:
        description = detector["detector_description"]
        # Duplicates have equal descriptions. Most descriptions are unique, so few detectors are compared.
        described_alike = seen.setdefault(description, [])
        for other in described_alike:
            if other | {"detector_index": detector["detector_index"]} == detector:
                raise IllegalArgument(messages.DUPLICATE_DETECTORS.format(description=description))
        described_alike.append(detector)


def ordered(tree: dict[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    """The fields in the order of that release; empty fields are left out."""
    names = _SHOWN if version >= (6, 0) else _SHOWN_IN_5
    return {name: value for name in names if (value := tree.get(name)) is not None and value != []}


def job_version(version: tuple[int, ...]) -> str | None:
    """``job_version`` of a new job; None before 5.5. From 8.10 it is the version of ML's configuration format."""
    if version < (5, 5):
        return None
    return ml_config_version(version) or ".".join(str(part) for part in version)
