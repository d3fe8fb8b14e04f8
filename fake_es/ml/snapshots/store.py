"""Snapshots as documents: finding, listing, changing and deleting (``JobResultsProvider.modelSnapshots``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.document import Document
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.job_store.results_index import delete_model
from fake_es.ml.job_store.statistics import SIZE_STATS
from fake_es.ml.persistence import names
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.document_shapes import Part, Shape, optional
from fake_es.ml.persistence.field_kinds import TIME
from fake_es.ml.results.result_query import ResultQuery
from fake_es.ml.snapshots import messages
from fake_es.search.system_search import SystemSearch
from fake_es.wire.errors import ResourceNotFound
from fake_es.wire.object_parser import BOOLEAN, INT, OBJECT, STRING, Field, ObjectParser, nested

Tree = dict[str, Any]

_DOCUMENT = ObjectParser(
    "model_snapshot",
    (
        Field("job_id", STRING),
        Field("min_version", STRING),
        Field("timestamp", TIME),
        Field("description", STRING),
        Field("snapshot_id", STRING),
        Field("snapshot_doc_count", INT),
        Field("model_size_stats", nested(SIZE_STATS)),
        Field("latest_record_time_stamp", TIME),
        Field("latest_result_time_stamp", TIME),
        Field("quantiles", OBJECT),
        Field("retain", BOOLEAN),
    ),
    lenient=True,
)
# ``min_version`` of snapshots without one, from before 6.3. The model of 6.3 was that of 5.5 (``ModelSnapshot``).
OLDEST_MIN_VERSION = "6.3.0"
SNAPSHOT = Shape(
    "model_snapshot",
    Part("job_id", ""),
    Part("min_version", "5.5.0", since=(6, 3), until=(8, 0)),
    Part("min_version", OLDEST_MIN_VERSION, since=(8, 0)),
    *optional("timestamp", "description", "snapshot_id"),
    Part("snapshot_doc_count", 0),
    *optional("model_size_stats", "latest_record_time_stamp", "latest_result_time_stamp"),
    Part("retain", False),
    times=("timestamp", "latest_record_time_stamp", "latest_result_time_stamp"),
    parser=_DOCUMENT,
)
SNAPSHOTS = ResultQuery(
    {"exists": {"field": "snapshot_doc_count"}},
    "model_snapshots",
    "timestamp",
    True,
    SNAPSHOT,
    missing={"min_version": OLDEST_MIN_VERSION},
)


def find(cluster: Cluster, job: Job, snapshot_id: str) -> Document:
    """The document of a snapshot.

    :raises ResourceNotFound: the job has no snapshot with this id.
    :raises ElasticsearchError: 400, the document cannot be parsed.
    """
    wanted = [{"term": {"job_id": job.id}}, SNAPSHOTS.kind, {"term": {"snapshot_id": snapshot_id}}]
    documents = cluster.part(SystemSearch).scan(names.read_alias(job.id), {"bool": {"filter": wanted}})
    found = next(documents, None)
    if found is None:
        raise ResourceNotFound(messages.NO_SUCH_SNAPSHOT.format(snapshot=snapshot_id, id=job.id))
    read(cluster, found)
    return found


def read(cluster: Cluster, document: Document) -> Tree:
    """Parse the document of a snapshot.

    :raises ElasticsearchError: 400, the document cannot be parsed.
    """
    return _DOCUMENT.parse_document(document.source, cluster.version)


def of_job(cluster: Cluster, job_id: str) -> list[Document]:
    """Documents of all snapshots of a job, the oldest first."""
    query = {"bool": {"filter": [{"term": {"job_id": job_id}}, SNAPSHOTS.kind]}}
    return list(cluster.part(SystemSearch).scan(names.read_alias(job_id), query, sort=["timestamp"]))


def change(document: Document, changes: Tree) -> Tree:
    """Change fields of a snapshot. Return all of it."""
    source = document.source | changes
    document.index.put(document.id, source, type_name=document.type)
    return source


def delete(cluster: Cluster, job_id: str, document: Document, now: int) -> None:
    """Delete a snapshot and its model, and write an audit message."""
    source = document.source
    delete_model(cluster, job_id, source)
    document.index.delete(document.id, type_name=document.type)
    text = messages.AUDIT_DELETED.format(snapshot=source["snapshot_id"], description=source.get("description", ""))
    audit(cluster, job_id, text, now)
