"""``POST _ml/anomaly_detectors/_estimate_model_memory`` (``TransportEstimateModelMemoryAction``)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.config.job.analysis_config import ANALYSIS_CONFIG, build_analysis_config, span_ms
from fake_es.ml.engine.analysis import MLCATEGORY
from fake_es.ml.jobs import messages
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import LONG, Body, Field, Kind, ObjectParser, nested, token
from fake_es.wire.operation import BodyUse, operation

Tree = dict[str, Any]
_KIB, _MIB = 1024, 1024 * 1024
_BASE = 10 * _MIB
_INFLUENCER_VALUE = 10 * _KIB
_OVER_VALUE = 768
_CATEGORIZATION = 5 * _MIB
# For functions that store the values of their field.
_VALUES = 5 * _MIB
_LOOK_AT_VALUES = frozenset({"distinct_count", "info_content"})
# Size of one series by function, without ``low_`` or ``high_``.
_SERIES_KIB = {
    "count": 32, "non_zero_count": 32, "distinct_count": 32, "rare": 2, "freq_rare": 2, "metric": 120, "median": 64,
    "time_of_day": 10, "time_of_week": 10, "lat_long": 64,
}  # fmt: skip
_OTHER_SERIES_KIB = 48
_CATEGORIES, _CATEGORIES_PER_BUCKET = 500, 50
_MOST = 2**63 - 1


def _cardinalities(value: Any, body: Body, path: Path) -> dict[str, int]:
    for name, number in value.items():
        if isinstance(number, bool) or not isinstance(number, (int, float, str)):
            raise IllegalArgument(messages.NOT_A_CARDINALITY.format(field=name, token=token(number)))
    return {name: max(0, LONG.read(number, body, (*path, name))) for name, number in value.items()}


_CARDINALITIES = Kind(frozenset({"START_OBJECT"}), _cardinalities)
_BODY = ObjectParser(
    "cluster:admin/xpack/ml/job/estimate_model_memory",
    (
        Field("analysis_config", nested(ANALYSIS_CONFIG, build_analysis_config)),
        Field("overall_cardinality", _CARDINALITIES),
        Field("max_bucket_cardinality", _CARDINALITIES),
    ),
)


class _DistinctValues(NamedTuple):
    """Numbers of distinct values by field. ``which`` names them in errors; ``categories`` is the default for categories."""

    which: str
    numbers: dict[str, int]
    categories: int

    def of(self, kind: str, field: str) -> int:
        """The number of values of a field. ``kind`` is its use, for the error: ``by_field_name``, ``influencers``.

        :raises IllegalArgument: the request does not have it.
        """
        if field not in self.numbers:
            if field == MLCATEGORY:
                return self.categories
            raise IllegalArgument(messages.CARDINALITY_NEEDED.format(which=self.which, kind=kind, field=field))
        return self.numbers[field]


def _read(call: Call) -> Tree:
    found = _BODY.parse_text(call.json_body())
    if "analysis_config" not in found:
        raise ActionRequestValidation(messages.NO_ANALYSIS_CONFIG)
    return found


@operation(
    "ml.estimate_model_memory",
    routes=ml("POST", "/anomaly_detectors/_estimate_model_memory", since=(7, 7)),
    action="cluster:admin/xpack/ml/job/estimate_model_memory",
    body=BodyUse.REQUIRED,
    parse=_read,
)
def estimate_model_memory(call: Call, cluster: Cluster) -> Any:
    """Estimate the size of a model in whole mebibytes from the numbers of distinct values of its fields."""
    config: Tree = call.request["analysis_config"]
    overall = _DistinctValues("Overall", call.request.get("overall_cardinality", {}), _CATEGORIES)
    in_bucket = _DistinctValues("Bucket max", call.request.get("max_bucket_cardinality", {}), _CATEGORIES_PER_BUCKET)
    seconds = span_ms(config) // 1000
    size = _BASE + sum(_detector(detector, overall, seconds) for detector in config["detectors"])
    size += _influencers(config, in_bucket) + _categorization(config, overall)
    return {"model_memory_estimate": f"{-(-min(size, _MOST) // _MIB)}mb"}


def _detector(detector: Tree, overall: _DistinctValues, seconds: int) -> int:
    function = detector["function"].removeprefix("low_").removeprefix("high_")
    size = _SERIES_KIB.get(function, _OTHER_SERIES_KIB) * _KIB
    partitions = _partitions([detector], overall)
    by, over = (detector.get(name) for name in ("by_field_name", "over_field_name"))
    if by is not None:
        values = _reduced(overall.of("by_field_name", by), partitions, seconds)
        size *= math.ceil(values * 2 / 3)
    if over is not None:
        size += _OVER_VALUE * math.ceil(_reduced(overall.of("over_field_name", over), partitions, seconds))
    return size * partitions + (_VALUES if function in _LOOK_AT_VALUES else 0)


def _partitions(detectors: Iterable[Tree], overall: _DistinctValues) -> int:
    """Number of partitions: the values of the first partition field; 1 without such a field."""
    fields = (detector["partition_field_name"] for detector in detectors if "partition_field_name" in detector)
    return next((max(1, overall.of("partition_field_name", field)) for field in fields), 1)


def _reduced(values: int, partitions: int, seconds: int) -> float:
    """How many of ``values`` one partition is expected to have. ``seconds`` is the bucket span: longer buckets have fewer."""
    if values == 0:
        return 0.0
    power = min(1.0, (math.log10(seconds) + 1) / 8)
    return float(values / min(values, partitions) ** power)


def _influencers(config: Tree, in_bucket: _DistinctValues) -> int:
    splits = ("by_field_name", "over_field_name", "partition_field_name")
    for_free = {detector.get(name) for detector in config["detectors"] for name in splits}
    pure = [field for field in dict.fromkeys(config["influencers"]) if field not in for_free]
    return _INFLUENCER_VALUE * sum(in_bucket.of("influencers", field) for field in pure)


def _categorization(config: Tree, overall: _DistinctValues) -> int:
    if "categorization_field_name" not in config:
        return 0
    by_partition = (config.get("per_partition_categorization") or {}).get("enabled")
    return _CATEGORIZATION * (_partitions(config["detectors"], overall) if by_partition else 1)
