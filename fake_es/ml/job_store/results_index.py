"""The results index of a job, and its aliases (``JobResultsProvider``).

Every job has a read alias, which is limited to its own results, and from 5.5 a write alias.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.errors import IndexClosed
from fake_es.indices.index import Index
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.job_store import messages
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.persistence import indices, names
from fake_es.ml.persistence.annotations import delete_annotations
from fake_es.ml.persistence.mappings import RESERVED
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, bad_request, conflict

Tree = dict[str, Any]


# From this release a new job uses the newest generation of its results index (pull request 122597).
_NEWEST_SINCE = (8, 18)
# From this release the results index of a single job is deleted with it (pull request 33788).
_DELETED_SINCE = (6, 5)


def newest(cluster: Cluster, index: str) -> str:
    """The newest existing generation of a results index; ``index`` itself if there is none."""
    if cluster.version < _NEWEST_SINCE:
        return index
    base = names.without_generation(index)
    found = {other.name for other in cluster.part(SystemIndices) if names.without_generation(other.name) == base}
    # An index without a number is older than those with one.
    return max(found, default=index, key=lambda name: (name != base, name))


def check_left_overs(cluster: Cluster, job_id: str, index: str) -> None:
    """Refuse a new job if documents of an earlier job with the same id exist.

    :raises StatusException: 409, there are such documents.
    """
    documents = cluster.part(SystemIndices)
    results = len(documents.having(index, "job_id", job_id))
    state = names.state_index(cluster.version)
    ids = [names.categorizer_state_id(job_id, version=version) for version in names.BOTH_IDS]
    ids += [names.quantiles_id(job_id, version) for version in names.BOTH_IDS]
    states = sum(documents.document(state, document_id) is not None for document_id in ids)
    if results or states:
        raise conflict(messages.LEFT_OVERS.format(results=results, states=states, id=job_id))


def prepare(cluster: Cluster, job: Job, tree: Tree) -> None:
    """Create the results index of a new job if it does not exist; add the fields of its data and the job's aliases.

    A job that is refused changes nothing.

    :raises ElasticsearchError: 400: a field has another type, there would be too many fields, the index is closed, or an index
        has the name of an alias.
    """
    documents = cluster.part(SystemIndices)
    is_new = not documents.exists(job.results_index)
    indices.ensure(cluster, job.results_index)
    index = documents.index(job.results_index)
    try:
        if index.closed:
            raise bad_request(messages.RESULTS_INDEX_CLOSED.format(id=job.id, index=index.name))
        for alias in _aliases(cluster, job):
            documents.check_may_be_alias(alias)
        _add_fields(cluster, index, job.id, tree)
    except ElasticsearchError:
        if is_new:
            documents.drop(index)
        raise
    add_aliases(cluster, job)
    indices.ensure(cluster, names.state_index(cluster.version))
    if cluster.version >= (6, 6):
        indices.ensure(cluster, names.annotations_index(cluster.version))


def _add_fields(cluster: Cluster, index: Index, job_id: str, tree: Tree) -> None:
    """Add the split fields and influencers of a job to the mapping, as keywords."""
    wanted = [name for name in _split_fields(tree["analysis_config"]) if index.mapping.type_of(name) != "keyword"]
    for name in wanted:
        if _clashes(index, name):
            raise bad_request(messages.MAPPING_CLASH.at(cluster.version, field=name))
    if not wanted:
        return
    try:
        index.mapping.merge({"properties": {name: {"type": "keyword"} for name in wanted}})
    except IllegalArgument:
        raise IllegalArgument(messages.TOO_MANY_FIELDS.format(index=index.name)) from None


def _clashes(index: Index, name: str) -> bool:
    """Whether a field exists with another type, or its parent is not an object."""
    parts = name.split(".")
    around = (".".join(parts[:length]) for length in range(1, len(parts)))
    return index.mapping.type_of(name) is not None or any(
        index.mapping.type_of(parent) not in (None, "object") for parent in around
    )


def _split_fields(config: Tree) -> list[str]:
    """By, over and partition fields and influencers, without reserved names (``AnalysisConfig.termFields``)."""
    kinds = ("by_field_name", "over_field_name", "partition_field_name")
    names_ = [detector.get(kind) for detector in config["detectors"] for kind in kinds] + config["influencers"]
    return [name for name in dict.fromkeys(names_) if name and name not in RESERVED]


def add_aliases(cluster: Cluster, job: Job) -> None:
    """Add the aliases of a job to its results index."""
    documents = cluster.part(SystemIndices)
    index = documents.index(job.results_index)
    for alias, options in _aliases(cluster, job).items():
        documents.add_alias(index, alias, options)


def _aliases(cluster: Cluster, job: Job) -> dict[str, Tree]:
    """The aliases of a job with their options, without one that is the name of the index."""
    hidden = {"is_hidden": True} if cluster.version >= (7, 7) else {}
    read = {names.read_alias(job.id): {"filter": {"term": {"job_id": job.id}}, **hidden}}
    write = {names.write_alias(job.id): hidden} if cluster.version >= (5, 5) else {}
    return {alias: options for alias, options in (read | write).items() if alias != job.results_index}


def write(cluster: Cluster, job: Job, document_id: str, source: Tree) -> None:
    """Store a result of a job. ``source`` is stored without a copy, so the caller must not change it later.

    If a client has deleted the index, it is created again. If the index is closed, the result is lost; the server logs
    this (``AutodetectResultProcessor``).
    """
    documents = cluster.part(SystemIndices)
    if not documents.exists(job.results_index):
        indices.ensure(cluster, job.results_index)
        _add_fields(cluster, documents.index(job.results_index), job.id, job.config_tree())
        add_aliases(cluster, job)
    with suppress(IndexClosed):
        indices.put(cluster, job.results_index, document_id, source)


def clear(cluster: Cluster, job: Job, *, users_too: bool) -> None:
    """Delete all results, snapshots, models and annotations of a job; with ``users_too`` also annotations of users."""
    documents = cluster.part(SystemIndices)
    mine = documents.having(job.results_index, "job_id", job.id)
    for snapshot in (document.source for document in mine if "snapshot_doc_count" in document.source):
        delete_model(cluster, job.id, snapshot)
    for version in names.BOTH_IDS:
        documents.delete(names.state_index(cluster.version), names.quantiles_id(job.id, version))
        _delete_parts(cluster, partial(names.categorizer_state_id, job.id, version=version))
    for document in mine:
        document.index.delete(document.id, type_name=document.type)
    delete_annotations(cluster, job.id, users_too=users_too)


def delete_model(cluster: Cluster, job_id: str, snapshot: Tree) -> None:
    """Delete all documents of the model that a snapshot describes."""
    for version in names.BOTH_IDS:
        _delete_parts(cluster, partial(names.model_state_id, job_id, str(snapshot.get("snapshot_id")), version=version))


def _delete_parts(cluster: Cluster, id_of: Callable[[int], str]) -> None:
    """Delete the documents of a state, from its first part to the first that does not exist."""
    documents, state = cluster.part(SystemIndices), names.state_index(cluster.version)
    parts = map(id_of, count(1))
    while documents.delete(state, next(parts)):
        pass


def release(cluster: Cluster, job: Job) -> None:
    """Remove the aliases of a deleted job from its index. From 6.5: delete an index that only this job used."""
    documents = cluster.part(SystemIndices)
    if not documents.exists(job.results_index):
        return
    index = documents.index(job.results_index)
    own = {names.read_alias(job.id), names.write_alias(job.id)}
    deletes = cluster.version >= _DELETED_SINCE and not names.is_shared_results(index.name)
    if deletes and not len(index) and set(index.aliases) <= own:
        documents.drop(index)
        return
    for alias in own:
        documents.remove_alias(index, alias)
