"""Writing a snapshot: the model, its description, the quantiles, an audit message and an annotation."""

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
from fake_es.ml.snapshots import messages, models
from fake_es.wire.durations import parse_time_value

Tree = dict[str, Any]
_HOUR_S = 3600


class Learnt(NamedTuple):
    """What a process has to persist: its engine's state, the size of the model, and how far it has come.

    Times are epoch milliseconds; ``latest_result`` is the start of the last finished bucket.
    """

    state: Tree
    size: Tree
    latest_record: int | None
    latest_result: int | None


def background_persist_interval(job_id: str, tree: Tree) -> int:
    """Milliseconds between snapshots of an open job: as configured, else three to four hours by the job's id.

    Source: ``AutodetectBuilder.buildAutodetectCommand``, which spreads jobs by a random number seeded with the hash.
    """
    configured = tree.get("background_persist_interval")
    if configured is not None:
        return parse_time_value(configured, "background_persist_interval", (5, 4)).ms
    return (3 * _HOUR_S + JavaRandom(string_hash(job_id)).int_below(_HOUR_S)) * 1000


def persist(cluster: Cluster, job: Job, learnt: Learnt, description: str, now: int) -> Tree:
    """Store a snapshot, which becomes the job's current one; answers what this changes in its configuration."""
    version = cluster.version
    snapshot = str(now // 1000)
    minimum = "6.4.0" if version >= (6, 4) else ".".join(map(str, version))
    models.write_model(cluster, job.id, snapshot, learnt.state)
    quantiles = _quantiles(job, learnt)
    models.write_quantiles(cluster, job.id, quantiles)
    described = {
        "job_id": job.id,
        "min_version": minimum,
        "timestamp": now,
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
    results_index.write(cluster, job, names.snapshot_id(job.id, snapshot), source)
    _tell(cluster, job, snapshot, learnt, now)
    changes: Tree = {"model_snapshot_id": snapshot}
    return changes | {"model_snapshot_min_version": minimum} if version >= (6, 0) else changes


def _quantiles(job: Job, learnt: Learnt) -> Tree:
    state = learnt.state.get("detectors", {}).get("normalizer")
    return {"job_id": job.id, "timestamp": learnt.latest_result, "quantile_state": json.dumps(state)}


def _tell(cluster: Cluster, job: Job, snapshot: str, learnt: Learnt, now: int) -> None:
    if cluster.version < (7, 0):
        return
    text = messages.AUDIT_STORED.format(snapshot=snapshot)
    audit(cluster, job.id, text, now)
    if cluster.version >= (7, 9) and learnt.latest_result is not None:
        annotate(cluster, job.id, text, MODEL_SNAPSHOT_STORED, learnt.latest_result, now)
