"""What is said when the model of a job comes near its memory limit, or to it (``AutodetectResultProcessor``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.jobs import messages
from fake_es.ml.persistence.audit import audit
from fake_es.wire.sizes import size_text

_LEVELS = {"soft_limit": "warning", "hard_limit": "error"}


def tell_of_change(cluster: Cluster, job_id: str, before: str, model: dict[str, Any], now: int) -> str:
    """Leave a message if the status is another than ``before``, a limit; answers the status of ``model`` now.

    :param model: the fields of ``model_size_stats`` that the engine gives.
    """
    status = str(model.get("memory_status", "ok"))
    if status != before and status in _LEVELS:
        limit, over = model.get("model_bytes_memory_limit") or 0, model.get("model_bytes_exceeded") or 0
        size = size_text(int(model["model_bytes"]))
        sizes = {"size": size, "limit": size_text(int(limit)), "excess": size_text(int(over))}
        words = messages.HARD_LIMIT if status == "hard_limit" else messages.SOFT_LIMIT
        audit(cluster, job_id, words.at(cluster.version, **sizes), now, _LEVELS[status])
    return status
