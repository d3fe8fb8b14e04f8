"""Models as the documents that snapshots describe: compressed, so that many may be kept (``StateProcessor``)."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents.indices import Indices
from fake_es.ml import indices, names

Tree = dict[str, Any]


def write_model(cluster: Cluster, job_id: str, snapshot: str, model: Tree) -> None:
    """Store the state of an engine as the model of a snapshot; ``model`` may change afterwards."""
    packed = zlib.compress(json.dumps(model, separators=(",", ":")).encode(), 1)
    document = {"compressed": [base64.b64encode(packed).decode()], "eos": True}
    indices.write(cluster, names.state_index(cluster.version), names.model_state_id(job_id, snapshot), document)


def read_model(cluster: Cluster, job_id: str, snapshot: str | None) -> Tree | None:
    """The state of the engine that a snapshot holds; None for no snapshot, and for one whose model is not there."""
    if snapshot is None:
        return None
    document = cluster.part(Indices).get(names.state_index(cluster.version), names.model_state_id(job_id, snapshot))
    packed = "".join((document or {}).get("compressed") or ())
    if not packed:
        return None
    model: Tree = json.loads(zlib.decompress(base64.b64decode(packed)))
    return model


def write_quantiles(cluster: Cluster, job_id: str, quantiles: Tree) -> None:
    """Store the quantiles that scores are normalized by."""
    indices.write(cluster, names.state_index(cluster.version), names.quantiles_id(job_id), quantiles)
