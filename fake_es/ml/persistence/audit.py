"""Messages that ML leaves in its notifications index (``AnomalyDetectionAuditor``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.persistence import indices, names


def audit(cluster: Cluster, job_id: str | None, message: str, at: int, level: str = "info") -> None:
    """Leave a message about a job (None: about the system), written at ``at`` (epoch milliseconds).

    One that the index will not take is lost, and nobody hears of it: the server's auditor does not wait for an answer
    (``AbstractAuditor``).
    """
    node = cluster.settings.node_name
    source: dict[str, Any] = {"job_id": job_id, "message": message, "level": level, "timestamp": at, "node_name": node}
    if job_id is None:
        del source["job_id"]
    if cluster.version >= (7, 0):
        source["job_type"] = "anomaly_detector"
    indices.leave(cluster, names.notifications_index(cluster.version), source)
