"""Writing of a snapshot: model, description, quantiles, audit message and annotation."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.ml.common.java_random import JavaRandom, string_hash
from fake_es.ml.job_store import results_index
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.persistence import names
from fake_es.ml.persistence.annotations import MODEL_SNAPSHOT_STORED, annotate
from fake_es.ml.persistence.audit import audit
from fake_es.ml.snapshots import messages, model_state
from fake_es.wire.durations import parse_time_value

Tree = dict[str, Any]
_HOUR_S = 3600
# ``min_version`` that the process writes into a snapshot, by the first release with it (``CAnomalyJob`` of ml-cpp, whose pull
# requests 1546 and 2797 changed it). Those of 7.11 and 8.3 are from snapshots in the documentation and pull request 118166.
_MIN_VERSIONS = (
    ((9, 0), "9.0.0"),
    ((8, 3), "8.3.0"),
    ((7, 11), "7.11.0"),
    ((7, 10), "7.9.0"),
    ((6, 4), "6.4.0"),
    ((6, 3), "6.3.0"),
)


class Learnt(NamedTuple):
    """What a process persists: the state of its engine, ``model_size_stats``, and the times of its latest data.

    ``latest_record`` is the time of the latest record, ``latest_result`` the start of the last finished bucket, both in
    epoch milliseconds.
    """

    state: Tree
    size: Tree
    latest_record: int | None
    latest_result: int | None


def background_persist_interval(job_id: str, tree: Tree) -> int:
    """Milliseconds between two snapshots of an open job: as configured, or by default 3 to 4 hours.

    The default is a random number seeded with the hash of the job's id (``AutodetectBuilder.buildAutodetectCommand``).
    """
    configured = tree.get("background_persist_interval")
    if configured is not None:
        return parse_time_value(configured, "background_persist_interval", (5, 4)).ms
    return (3 * _HOUR_S + JavaRandom(string_hash(job_id)).int_below(_HOUR_S)) * 1000


def min_version(version: tuple[int, ...]) -> str | None:
    """The oldest version that reads the models of a release, as its process writes it into snapshots; None before 6.3."""
    return next((minimum for since, minimum in _MIN_VERSIONS if version >= since), None)


def persist(cluster: Cluster, job: Job, learnt: Learnt, description: str, now: int) -> Tree:
    """Store a snapshot, which becomes the job's current one. Return the changes of the job's configuration."""
    version = cluster.version
    snapshot = str(now // 1000)
    minimum = min_version(version)
    model_state.write_model(cluster, job.id, snapshot, learnt.state)
    normalizer = learnt.state.get("detectors", {}).get("normalizer")
    quantiles = {"job_id": job.id, "timestamp": learnt.latest_result, "quantile_state": json.dumps(normalizer)}
    model_state.write_quantiles(cluster, job.id, quantiles)
    described = {
        "job_id": job.id,
        "min_version": minimum,
        "timestamp": now // 1000 * 1000,
        "description": description,
        "snapshot_id": snapshot,
        "snapshot_doc_count": 1,
        "model_size_stats": learnt.size,
        "latest_record_time_stamp": learnt.latest_record,
        "latest_result_time_stamp": learnt.latest_result,
        "quantiles": quantiles,
        "retain": False,
    }
    source = {name: value for name, value in described.items() if value is not None}
    results_index.write(cluster, job, names.snapshot_id(job.id, snapshot, version), source)
    if version >= (7, 0):
        text = messages.AUDIT_STORED.format(snapshot=snapshot)
        audit(cluster, job.id, text, now)
        if version >= (7, 8) and learnt.latest_result is not None:
            annotate(cluster, job.id, text, MODEL_SNAPSHOT_STORED, learnt.latest_result, now)
    changes: Tree = {"model_snapshot_id": snapshot}
    return changes if minimum is None else changes | {"model_snapshot_min_version": minimum}
