"""The indices that ML writes to: made with their mappings on the first write."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents.indices import Indices

_KINDS = {"string": "keyword", "long": "double", "double": "double"}
_TEMPLATES = [{name: {"match_mapping_type": name, "mapping": {"type": kind}}} for name, kind in _KINDS.items()]
_DATES = (
    "timestamp", "log_time", "latest_record_timestamp", "earliest_record_timestamp", "last_data_time",
    "latest_empty_bucket_timestamp", "latest_sparse_bucket_timestamp", "latest_record_time_stamp", "latest_result_time_stamp",
    "create_time", "finished_time",
)  # fmt: skip
_RESULTS: dict[str, Any] = {
    "dynamic_templates": _TEMPLATES,
    "date_detection": False,
    "properties": {name: {"type": "date"} for name in _DATES},
}
_STATE: dict[str, Any] = {"dynamic": "false", "properties": {"job_id": {"type": "keyword"}}}


def write(cluster: Cluster, index: str, document_id: str | None, source: dict[str, Any]) -> None:
    """Store a document of ML; ``source`` is kept and must not be changed afterwards."""
    indices = cluster.part(Indices)
    if not indices.exists(index):
        indices.create(index, mappings=_STATE if index.startswith(".ml-state") else _RESULTS)
    indices.put(index, document_id, source)
