"""``GET _ml/info`` (``TransportMlInfoAction``): defaults and limits of this release on this cluster."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_api.node import PROCESSORS
from fake_es.ml.common.dates import DATE_WORDS
from fake_es.ml.common.routes import ml
from fake_es.ml.config.job.categorization import default_analyzer
from fake_es.ml.jobs import capacity
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.wire.call import Call
from fake_es.wire.operation import operation
from fake_es.wire.sizes import size_text

_DEFAULT_MODEL_MEMORY = 1024 * capacity.MIB
Tree = dict[str, Any]


@operation("ml.info", routes=ml("GET", "/info", since=(6, 3)), action="cluster:monitor/xpack/ml/info/get")
def info(call: Call, cluster: Cluster) -> Any:
    """Default values of configurations, limits, and whether upgrade mode is on."""
    shown: Tree = {"defaults": {"anomaly_detectors": _jobs(call, cluster), "datafeeds": {"scroll_size": 1000}}}
    if call.version >= (6, 7):
        shown["upgrade_mode"] = cluster.part(MlMetadata).upgrade_mode
    if call.version >= (6, 4):
        shown["native_code"] = {"version": str(call.version), "build_hash": call.version.describe()["build_hash"][:14]}
    return shown | {"limits": _limits(call, cluster)}


def _jobs(call: Call, cluster: Cluster) -> Tree:
    version = call.version
    allowed = capacity.max_model_memory(cluster)
    limit = _DEFAULT_MODEL_MEMORY if allowed is None else min(_DEFAULT_MODEL_MEMORY, allowed)
    shown: Tree = {"model_memory_limit": size_text(limit), "categorization_examples_limit": 4}
    shown["model_snapshot_retention_days"] = 10 if version >= (7, 8) else 1
    if version >= (7, 8):
        shown["daily_model_snapshot_retention_after_days"] = 1
    if version >= (7, 14):
        return {"categorization_analyzer": default_analyzer((), version), **shown}
    if version >= (7, 6):  # PR 49545
        stop = {"type": "stop", "stopwords": list(DATE_WORDS)}
        return {"categorization_analyzer": {"tokenizer": "ml_classic", "filter": [stop]}, **shown}
    return shown


def _limits(call: Call, cluster: Cluster) -> Tree:
    limits: Tree = {}
    allowed = capacity.max_model_memory(cluster)
    if allowed is not None:
        limits["max_model_memory_limit"] = size_text(allowed)
    if call.version >= (7, 8):
        limits["effective_max_model_memory_limit"] = _mebibytes(capacity.largest_model(cluster))
    if call.version >= (7, 11):  # PR 65195
        limits["total_ml_memory"] = _mebibytes(capacity.ml_memory(cluster))
    if call.version >= (8, 12):  # PR 101392
        limits |= {"max_single_ml_node_processors": PROCESSORS, "total_ml_processors": PROCESSORS}
    return limits


def _mebibytes(size: int) -> str:
    return f"{size // capacity.MIB}mb"
