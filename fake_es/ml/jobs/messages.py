"""Texts of refusals about jobs and their states, with the releases of each wording.

Sources: ``Messages``, ``ExceptionsHelper`` and the ``Transport...JobAction`` classes of the server, by age.
"""

from __future__ import annotations

from fake_es.ml.job_store.messages import NO_KNOWN_JOB
from fake_es.wire.words import Words

ONE_UPDATE_AT_A_TIME = "Cannot update more than 1 job at a time"

CLOSE_UNKNOWN = Words("cannot close job, because job [{id}] does not exist", ((6, 1), NO_KNOWN_JOB))
CLOSE_NOT_OPEN = "cannot close job, because job [{id}] is not open"
CLOSE_FAILED = "cannot close job [{id}] because it failed, use force close"
CLOSE_SOME_FAILED = "one or more jobs have state failed, use force close"
CLOSE_UNASSIGNED = "Cannot close job [{id}] because the job does not have an assigned node. Use force close to close the job"
CLOSE_PROCESS_ERROR = Words("Exception closing stopped process input stream", ((6, 1), "Exception closing autodetect process"))
CLOSE_KILLED = "Close job interrupted by kill request"

ALREADY_OPEN = "Cannot open job [{id}] because it has already been opened"
OPEN_BLOCKED = Words(
    "Cannot open job [{id}] because it has been marked as deleted",
    ((7, 0), "Cannot open job [{id}] because it is being deleted"),
    ((7, 14), "Cannot open job [{id}] because it is executing [{reason}]"),
)
OPEN_OLD_SNAPSHOT = (
    "[{id}] job model snapshot [{snapshot}] has min version before [{version}],"
    " please revert to a newer model snapshot or reset the job"
)
OPEN_UPGRADING = "Cannot open jobs when upgrade mode is enabled"
OPEN_DISABLED = (
    "Cannot open jobs because persistent task assignment is disabled by the"
    " [cluster.persistent_tasks.allocation.enable] setting"
)
AWAITING_LAZY = "persistent task is awaiting node assignment."
NO_SUITABLE_NODES = "Could not open job because no suitable nodes were found, allocation explanation [{explanation}]"
NO_CAPACITY = "Could not open job because no ML nodes with sufficient capacity were found"
# The releases in which the wording changed are not certain.
NODE_FULL = Words(
    "Not opening job [{id}] on node [{node}], because this node is full. Number of opened jobs [{running}], {setting} [{most}]",
    (
        (7, 11),
        "Not opening job [{id}] on node [{node}]. Reason: This node is full."
        " Number of opened jobs [{running}], {setting} [{most}].",
    ),
    (
        (8, 0),
        "Not opening job [{id}] on node [{node}]. Reason: This node is full."
        " Number of opened jobs and allocated native inference processes [{running}], {setting} [{most}].",
    ),
)
NODE_TOO_SMALL = Words(
    "Not opening job [{id}] on node [{node}], because this node has insufficient available memory."
    " Available memory for ML [{most}], memory required by existing jobs [{existing}],"
    " estimated memory required for this job [{needed}]",
    (
        (7, 11),
        "Not opening job [{id}] on node [{node}]. Reason: This node has insufficient available memory."
        " Available memory for ML [{most}], memory required by existing jobs [{existing}],"
        " estimated memory required for this job [{needed}].",
    ),
    (
        (7, 13),
        "Not opening job [{id}] on node [{node}]. Reason: This node has insufficient available memory."
        " Available memory for ML [{most} ({most_text})], memory required by existing jobs [{existing} ({existing_text})],"
        " estimated memory required for this job [{needed} ({needed_text})].",
    ),
)
OPEN_TIMED_OUT = "Opening job [{id}] timed out after [{timeout}]"
OPEN_FAILED = "Unexpected job state [failed] with reason [{reason}] while waiting for job to be opened"
CLOSED_WHILE_OPENING = "The job has been closed while waiting to be opened"

RESET_NOT_CLOSED = "Can only reset a job when it is closed."
RESET_BLOCKED = "cannot reset job while it is blocked with [{reason}]"
RESET_UPGRADING = "cannot reset job while indices are being upgraded"
AUDIT_RESET = "Job has been reset"

SOFT_LIMIT = Words("Job memory status changed to soft_limit; memory pruning will now be more aggressive")
HARD_LIMIT = Words(
    "Job memory status changed to hard_limit at {size};"
    " adjust the analysis_limits.model_memory_limit setting to ensure all data is analyzed",
    (
        (7, 2),
        "Job memory status changed to hard_limit; job exceeded model memory limit {limit} by {excess}."
        " Adjust the analysis_limits.model_memory_limit setting to ensure all data is analyzed",
    ),
)

DELETE_NOT_CLOSED = "Cannot delete job [{id}] because the job is {state}"

POST_DATA_DEPRECATED = Words(
    "Posting data directly to anomaly detection jobs is deprecated,"
    " in a future major version it will be compulsory to use a datafeed",
    (
        (9, 1),
        "Posting data directly to anomaly detection jobs is deprecated, since version 7.11.0,"
        " in a future major version it will be compulsory to use a datafeed",
    ),
)
FLUSH_DEPRECATED = (
    "Forcing any buffered data to be processed is deprecated, in a future major version it will be compulsory to use a datafeed"
)

NO_ANALYSIS_CONFIG = "[analysis_config] was not specified"
NOT_A_CARDINALITY = "Can't get a number of values of [{field}] on a {token}"
CARDINALITY_NEEDED = "[{which}] cardinality estimate required for [{kind}] [{field}] but not supplied"

UNEXPECTED_FLUSH_FIELD = "Invalid flush parameters: unexpected '{name}'."
FLUSH_START_MISSING = "Invalid flush parameters: 'start' has not been specified."
FLUSH_RANGE = "Invalid time range: end time '{end}' is earlier than start time '{start}'."
FLUSH_ADVANCE = "advance_time [{advance}] must be later than skip_time [{skip}]"

ODD_SPAN = (
    "bucket_span {span} [{seconds}s] is not an integral {kind} of the number of seconds in 1d [{day}s]. This is now deprecated."
)
