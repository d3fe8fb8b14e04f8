"""The models of snapshots: compressed documents in the state index (``StateProcessor``)."""

from __future__ import annotations

import base64
import json
import zlib
from contextlib import suppress
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.errors import IndexClosed
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.persistence import indices, names
from fake_es.ml.snapshots import messages
from fake_es.wire.errors import bad_request

Tree = dict[str, Any]


def write_model(cluster: Cluster, job_id: str, snapshot: str, model: Tree) -> None:
    """Store the state of an engine as the model of a snapshot. The caller may change ``model`` later."""
    packed = zlib.compress(json.dumps(model, separators=(",", ":")).encode(), 1)
    document = {"compressed": [base64.b64encode(packed).decode()], "eos": True}
    _write(cluster, names.model_state_id(job_id, snapshot, version=cluster.version), document)


def read_model(cluster: Cluster, job_id: str, snapshot: str | None) -> Tree | None:
    """The state of an engine from a snapshot; None without a snapshot, or if its model is missing.

    :raises StatusException: 400, the document is invalid because a client has changed it.
    """
    if snapshot is None:
        return None
    documents, index = cluster.part(SystemIndices), names.state_index(cluster.version)
    ids = [names.model_state_id(job_id, snapshot, version=version) for version in names.BOTH_IDS]
    document = documents.get(index, ids[0]) or documents.get(index, ids[1])
    packed = (document or {}).get("compressed")
    if not packed:
        return None
    try:
        model: Tree = json.loads(zlib.decompress(base64.b64decode("".join(packed))))
    except (TypeError, ValueError, zlib.error):
        raise bad_request(messages.BROKEN_MODEL.format(snapshot=snapshot, id=job_id)) from None
    return model


def write_quantiles(cluster: Cluster, job_id: str, quantiles: Tree) -> None:
    """Store the quantiles with which scores are normalized."""
    _write(cluster, names.quantiles_id(job_id, cluster.version), quantiles)


def _write(cluster: Cluster, document_id: str, source: Tree) -> None:
    """Write a document; nothing if the index is closed, which the server only logs (``IndexingStateProcessor``)."""
    with suppress(IndexClosed):
        indices.write(cluster, names.state_index(cluster.version), document_id, source)
