"""Messages that ML writes to its notifications index (``AnomalyDetectionAuditor``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.persistence import indices, names


def audit(cluster: Cluster, job_id: str | None, message: str, at: int, level: str = "info") -> None:
    """Write a message about a job, or about the system if ``job_id`` is None.

    If the index refuses the message, it is lost without an error: the server's auditor does not wait for the answer
    (``AbstractAuditor``).

    :param at: time of the message in epoch milliseconds.
    """
    node = cluster.settings.node_name
    source: dict[str, Any] = {"job_id": job_id, "message": message, "level": level, "timestamp": at, "node_name": node}
    if job_id is None:
        del source["job_id"]
    if cluster.version >= (7, 0):
        source["job_type"] = "anomaly_detector"
    indices.leave(cluster, names.notifications_index(cluster.version), source)
