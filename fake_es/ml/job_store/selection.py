"""Parameters of APIs whose path has an expression of jobs."""

from __future__ import annotations

from fake_es.ml.job_store import messages
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.parameters import Parameter

ALLOW_NO_MATCH = (
    Parameter("allow_no_match", parameters.BOOLEAN, since=(7, 10)),
    Parameter("allow_no_jobs", parameters.BOOLEAN, since=(6, 1), until=(8, 0), compatible=8),
)


def allow_no_match(call: Call) -> bool:
    """Whether an expression may match nothing (default true). The old name of the parameter gets a warning from 7.10."""
    old = call.params["allow_no_jobs"]
    if old is not None and call.version >= (7, 10):
        call.warn(messages.ALLOW_NO_JOBS_DEPRECATED)
    new = call.params["allow_no_match"]
    return next((value for value in (new, old) if value is not None), True)
