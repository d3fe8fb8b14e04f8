"""Filters as documents, and the jobs whose rules use them (``MlFilter``, ``JobManager``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.filters import messages
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.persistence import meta_index
from fake_es.ml.persistence.audit import audit
from fake_es.wire.errors import bad_request
from fake_es.wire.words import number

Tree = dict[str, Any]
_MOST_ITEMS = 10_000


def document_id(filter_id: str) -> str:
    """Id of a filter's document (``MlFilter.documentId``)."""
    return f"filter_{filter_id}"


def find(cluster: Cluster, filter_id: str) -> Tree | None:
    """The filter with this id, or None."""
    return meta_index.read(cluster, meta_index.FILTER, document_id(filter_id))


def build_filter(filter_id: str, description: str | None, items: Iterable[str]) -> Tree:
    """Build a filter with sorted items without duplicates.

    :raises StatusException: 400, there are more than 10,000 items.
    """
    ordered = sorted(set(items))
    if len(ordered) > _MOST_ITEMS:
        raise bad_request(messages.TOO_MANY_ITEMS.format(id=filter_id, most=number(_MOST_ITEMS)))
    described = {} if description is None else {"description": description}
    return {"filter_id": filter_id, **described, "items": ordered}


def save(cluster: Cluster, tree: Tree) -> None:
    """Store a filter."""
    meta_index.write(cluster, document_id(tree["filter_id"]), meta_index.FILTER, tree)


def filter_to_json(tree: Tree) -> Tree:
    """A filter in the form of the APIs."""
    return build_filter(tree["filter_id"], tree.get("description"), tree.get("items") or ())


def referenced_by(config: Tree) -> set[str]:
    """Ids of the filters that the rules in a job's configuration use."""
    return {filter_id for detector in config["analysis_config"]["detectors"] for filter_id in _of_detector(detector)}


def _of_detector(detector: Tree) -> Iterator[str]:
    for rule in detector.get("custom_rules") or ():
        yield from (scope["filter_id"] for scope in (rule.get("scope") or {}).values())
    # Rules of 5.4 to 6.3 name the filter in a condition.
    for rule in detector.get("rules") or detector.get("detector_rules") or ():
        for condition in rule.get("rule_conditions") or rule.get("conditions") or ():
            named = condition.get("filter_id") or condition.get("value_filter")
            if named:
                yield named


def items_of(cluster: Cluster, config: Tree) -> dict[str, list[str]]:
    """Items of the filters that a job's rules use, by filter id, for its engine."""
    found = {filter_id: find(cluster, filter_id) for filter_id in referenced_by(config)}
    return {filter_id: list(tree.get("items") or ()) for filter_id, tree in found.items() if tree is not None}


def users_of(cluster: Cluster, filter_id: str) -> list[Job]:
    """Jobs whose rules use a filter, by id."""
    jobs = cluster.part(Jobs).expand("_all", cluster.version)
    return [
        job
        for job in jobs
        if filter_id.encode("utf-8", "surrogatepass") in job.source and filter_id in referenced_by(job.config_tree())
    ]


def notify_jobs(cluster: Cluster, filter_id: str, added: Iterable[str], removed: Iterable[str], now: int) -> None:
    """Pass a changed filter to the processes of its jobs (``JobManager.notifyFilterChanged``).

    From 7.0 the audit message contains the items that changed.
    """
    changes = ", ".join(
        f"{what} items: [{', '.join(repr(item) for item in sorted(items))}]"
        for what, items in (("added", set(added)), ("removed", set(removed)))
        if items
    )
    if not changes:
        return
    for job in users_of(cluster, filter_id):
        process = job.task.process if job.task is not None else None
        if process is not None:
            process.filters_changed()
        if cluster.version >= (7, 0):
            audit(cluster, job.id, messages.AUDIT_MODIFIED.format(id=filter_id, changes=changes), now)
        elif process is not None:
            audit(cluster, job.id, messages.AUDIT_UPDATED.format(id=filter_id), now)
