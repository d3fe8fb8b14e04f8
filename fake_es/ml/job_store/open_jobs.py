"""The common part of operations on an open job (``TransportJobTaskAction``)."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.ml.job_store import messages
from fake_es.ml.job_store.jobs import OPENED, Jobs, unknown_job
from fake_es.ml.job_store.process import JobProcess
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.wire.call import Call
from fake_es.wire.errors import conflict


def running_process(call: Call, cluster: Cluster, verb: str) -> JobProcess:
    """The process of the job that a call names.

    :param verb: the action, for the text of the error: ``process data``, ``flush``.
    :raises ElasticsearchError: 409, the job is not open, or upgrade mode is on. An unknown job: 404 up to 6.5, and 409 like
        a closed job from 6.6.
    """
    job_id = call.path_parameters["job_id"]
    job = cluster.part(Jobs).find(job_id)
    if job is None and call.version < (6, 6):
        raise unknown_job(job_id)
    if job is None or job.task is None or cluster.part(MlMetadata).upgrade_mode:
        raise conflict(messages.NOT_OPEN.format(id=job_id))
    if job.task.state != OPENED or job.task.process is None:
        raise conflict(messages.NO_PROCESS.at(call.version, verb=verb, id=job_id))
    process = job.task.process
    if process.is_busy:
        # Another request uses the process and lets other requests run in between.
        cluster.wait_for(lambda: not process.is_busy)
        return running_process(call, cluster, verb)
    return process
