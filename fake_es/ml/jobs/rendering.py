"""The configuration of a job in answers."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.ml.config.job.job import ordered
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.job_store.listeners import JobListeners
from fake_es.wire.call import Call, Encoded
from fake_es.wire.human import with_readable_times
from fake_es.wire.render import dumps

_TIMES = ("create_time", "finished_time")


def rendered(call: Call, cluster: Cluster, job: Job) -> Encoded:
    """A job's configuration as the answer to ``call``."""
    return Encoded(rendered_source(call, cluster, job))


def rendered_source(call: Call, cluster: Cluster, job: Job) -> bytes:
    """A job's configuration as JSON, from 7.15 with the configuration of its datafeed."""
    added = cluster.part(JobListeners).fields_to_show(job)
    human = call.flag("human")
    if not added and not human:
        return job.source
    tree = job.config_tree()
    if added:
        tree = ordered(tree | added, call.version)
    return dumps(with_readable_times(tree, _TIMES) if human else tree)
