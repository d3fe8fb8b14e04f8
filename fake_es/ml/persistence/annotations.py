"""Annotations that ML itself writes about a job (``AnnotationPersister``), from 6.6."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.errors import IndexClosed
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.persistence import indices, names
from fake_es.search.system_search import SystemSearch

SYSTEM_USER = "_xpack"
DELAYED_DATA = "delayed_data"
MODEL_SNAPSHOT_STORED = "model_snapshot_stored"
MODEL_CHANGE = "model_change"


def annotate(
    cluster: Cluster,
    job_id: str,
    text: str,
    event: str,
    start: int,
    now: int,
    *,
    end: int | None = None,
    instead_of: str | None = None,
    **fields: Any,
) -> str | None:
    """Write an annotation for the time from ``start`` to ``end`` (default: ``start``). Return its id.

    Before 6.6 nothing is written. All times are epoch milliseconds.

    :param event: one of the constants of this module.
    :param now: the time at which it is written.
    :param instead_of: id of an annotation to replace.
    :param fields: additional fields: ``detector_index``, names and values of split fields.
    """
    if cluster.version < (6, 6):
        return None
    annotation = {
        "annotation": text,
        "create_time": now,
        "create_username": SYSTEM_USER,
        "timestamp": start,
        "end_timestamp": start if end is None else end,
        "job_id": job_id,
        "modified_time": now,
        "modified_username": SYSTEM_USER,
        "type": "annotation",
    }
    if cluster.version >= (7, 9):
        annotation |= {"event": event, **fields}
    document_id = instead_of or cluster.ids.document_id()
    with suppress(IndexClosed):
        indices.write(cluster, names.annotations_index(cluster.version), document_id, annotation)
    return document_id


def delete_annotations(cluster: Cluster, job_id: str, *, since: int | None = None, users_too: bool = False) -> int:
    """Delete annotations of a job. Return their number. Releases before 7.9 keep them.

    :param since: delete only annotations about delayed data or model changes after this time (epoch milliseconds).
    :param users_too: whether to delete annotations of users as well.
    """
    index, documents = names.annotations_index(cluster.version), cluster.part(SystemIndices)
    if cluster.version < (7, 9) or not documents.having(index, "job_id", job_id):
        return 0
    filters: list[dict[str, Any]] = [{"term": {"job_id": job_id}}]
    if not users_too:
        filters.append({"term": {"create_username": SYSTEM_USER}})
    if since is not None:
        filters.append({"range": {"timestamp": {"gte": since}}})
        filters.append({"terms": {"event": [DELAYED_DATA, MODEL_CHANGE]}})
    return cluster.part(SystemSearch).delete_by_query(index, {"bool": {"filter": filters}})
