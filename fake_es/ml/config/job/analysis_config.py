"""``analysis_config`` (``AnalysisConfig``): its fields, its checks in the server's order, its defaults by release."""

from __future__ import annotations

from typing import Any

from fake_es.ml.config import messages as config_messages
from fake_es.ml.config.job import categorization, messages, old_analysis
from fake_es.ml.config.job.detector import DETECTOR, build_detector, check_field_name
from fake_es.wire import parameters
from fake_es.wire.durations import TimeValue, parse_time_value
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.object_parser import BOOLEAN, STRING, STRINGS, Body, Field, ObjectParser, nested, nested_list

_SECOND = 10**9  # nanoseconds
_DURATION = parameters.TIME.in_body
_DAY_MS = 86_400_000

ANALYSIS_CONFIG = ObjectParser(
    "analysis_config",
    (
        Field("bucket_span", _DURATION),
        Field("detectors", nested_list(DETECTOR, build_detector)),
        Field("influencers", STRINGS),
        Field("latency", _DURATION),
        Field("summary_count_field_name", STRING),
        Field("categorization_field_name", STRING),
        Field("categorization_filters", STRINGS),
        Field("categorization_analyzer", categorization.ANALYZER, since=(6, 2)),
        Field("per_partition_categorization", nested(categorization.PER_PARTITION), since=(7, 9)),
        Field("multivariate_by_fields", BOOLEAN),
        Field("model_prune_window", _DURATION, since=(7, 15)),
        *old_analysis.FIELDS,
    ),
    required=["detectors"],
)
_SHOWN = (
    "bucket_span", "categorization_field_name", "categorization_filters", "categorization_analyzer",
    "per_partition_categorization", "latency", "summary_count_field_name", "detectors", "influencers",
    "overlapping_buckets", "result_finalization_window", "multivariate_by_fields", "multiple_bucket_spans",
    "use_per_partition_normalization", "model_prune_window",
)  # fmt: skip


def build_analysis_config(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """Check and complete ``analysis_config``.

    The order of the fields and the defaults of a new job come later: see ``ordered`` and ``at_creation``.

    :raises ElasticsearchError: 400, a value is invalid, or two fields contradict each other.
    """
    span = found.setdefault("bucket_span", TimeValue(5, "m"))
    _check_span(span)
    _check_prune_window(found.get("model_prune_window"), span)
    if found.get("latency", span).ms < 0:
        raise IllegalArgument(config_messages.LESS_THAN.format(field="latency", least=0, value=found["latency"].text))
    if not found["detectors"]:
        raise bad_request(messages.NO_DETECTORS)
    for name in ("summary_count_field_name", "categorization_field_name"):
        if found.get(name):
            check_field_name(found[name])
    categorization.check(found)
    old_analysis.check_spans(found)
    if found.get("summary_count_field_name") and any(entry["function"] == "metric" for entry in found["detectors"]):
        raise bad_request(messages.METRIC_SUMMARISED)
    old_analysis.check_detectors(found)
    _check_nesting(used_fields(found))
    return _completed(found, body.version)


def _check_span(span: TimeValue) -> None:
    if span.nanos <= 0:
        raise IllegalArgument(config_messages.NOT_POSITIVE.format(field="bucket_span", value=span.text))
    if span.nanos % _SECOND:
        raise IllegalArgument(config_messages.NOT_WHOLE_SECONDS.format(field="bucket_span", value=span.text))


def _check_prune_window(window: TimeValue | None, span: TimeValue) -> None:
    if window is None or window.ms < 0:
        return
    if window.ms % span.ms:
        raise bad_request(messages.PRUNE_NOT_MULTIPLE.format(window=window.text, span=span.text))
    if window.ms < 2 * span.ms:
        raise bad_request(messages.PRUNE_TOO_SHORT.format(window=window.text, span=span.text))


def check_prune_window(tree: dict[str, Any]) -> None:
    """Refuse a ``model_prune_window`` that does not fit the bucket span of a complete configuration.

    :raises StatusException: 400, it is not a multiple of the bucket span, or shorter than two buckets.
    """
    window, span = (tree.get(name) for name in ("model_prune_window", "bucket_span"))
    if window is not None:
        _check_prune_window(_time(window), _time(str(span)))


def _time(text: str) -> TimeValue:
    return parse_time_value(text, "", (5, 4))


def _check_nesting(fields: list[str]) -> None:
    names = set(fields)
    for inner in sorted([name for name in names if "." in name]):
        parts = inner.split(".")
        for outer in (".".join(parts[:count]) for count in range(1, len(parts))):
            if outer in names:
                raise bad_request(messages.NESTED_FIELDS.format(outer=outer, inner=inner))


def used_fields(config: dict[str, Any]) -> list[str]:
    """Names of all record fields that an ``analysis_config`` uses."""
    keys = ("field_name", "by_field_name", "over_field_name", "partition_field_name")
    names = [entry[key] for entry in config["detectors"] for key in keys if key in entry]
    names += config.get("influencers") or ()
    return names + [config[key] for key in ("summary_count_field_name", "categorization_field_name") if config.get(key)]


def _completed(found: dict[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    tree = {name: str(value) if isinstance(value, TimeValue) else value for name, value in found.items()}
    old_analysis.show_spans(tree)
    tree.setdefault("influencers", [])
    if version >= (5, 5):
        tree["detectors"] = [entry | {"detector_index": index} for index, entry in enumerate(tree["detectors"])]
    if version >= (7, 9) and tree.get("categorization_field_name"):
        tree.setdefault("per_partition_categorization", {"enabled": False})
    return {name: value for name, value in tree.items() if value not in (None, "")}


def at_creation(tree: dict[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    """Add the defaults that only a new job gets to ``tree``."""
    if version >= (7, 14) and "categorization_field_name" in tree and "categorization_analyzer" not in tree:
        filters = tree.get("categorization_filters", ())
        rest = {name: value for name, value in tree.items() if name != "categorization_filters"}
        tree = rest | {"categorization_analyzer": categorization.default_analyzer(filters, version)}
    if version >= (8, 1) and "model_prune_window" not in tree:
        tree = tree | {"model_prune_window": _prune_window(span_ms(tree))}
    return ordered(tree)


def _prune_window(span: int) -> str:
    """Default window: 30 days or 20 buckets, whichever is longer, in the largest unit that divides it."""
    window = max(30 * _DAY_MS, 20 * span)
    window += -window % span
    sizes = {"d": _DAY_MS, "h": 3_600_000, "m": 60_000}
    return next((f"{window // size}{unit}" for unit, size in sizes.items() if window % size == 0), f"{window // 1000}s")


def span_ms(tree: dict[str, Any]) -> int:
    """The bucket span of an ``analysis_config`` in milliseconds."""
    return _time(tree["bucket_span"]).ms


def ordered(tree: dict[str, Any]) -> dict[str, Any]:
    """The fields in the order of GET."""
    return {name: tree[name] for name in _SHOWN if name in tree}
