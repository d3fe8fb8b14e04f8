"""Let the native process of a job die: ``FakeElasticsearch.fail`` and ``POST /_fake/jobs/{id}/_fail``."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.control import messages
from fake_es.ml.job_store.jobs import CLOSING, OPENED, OPENING, Jobs
from fake_es.ml.jobs import lifecycle
from fake_es.wire.errors import IllegalArgument, conflict

REASON = "Unexpected death of autodetect"
STATES = (OPENING, OPENED, CLOSING)


def fail_job(cluster: Cluster, job_id: str, during: str, reason: str) -> None:
    """Let the process of a job die. Call it with ``cluster.lock`` held.

    :param during: ``opened`` for now; ``opening`` or ``closing`` for the next time the job is in that state.
    :param reason: the cause that the audit message and the job's statistics show.
    :raises ResourceNotFound: the job does not exist.
    :raises IllegalArgument: ``during`` is none of these states.
    :raises IllegalState: ``during`` is ``opened``, and the job has no process.
    """
    if during not in STATES:
        raise IllegalArgument(messages.NO_STATE_TO_FAIL_IN.format(value=during))
    job = cluster.part(Jobs).get(job_id)
    if during != OPENED:
        job.planned_failure = (during, reason)
    elif job.task is None:
        raise conflict(messages.NOT_OPEN.format(id=job.id))
    else:
        lifecycle.fail(cluster, job, reason, cluster.clock.now())
