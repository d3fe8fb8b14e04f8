"""Texts of refusals about datafeeds, with the releases of each wording.

Sources: ``Messages``, ``ExceptionsHelper``, ``DatafeedNodeSelector``, ``DatafeedManager`` and the
``Transport...DatafeedAction`` classes of the server, by age.
"""

from __future__ import annotations

from fake_es.wire.words import Words

NO_DATAFEED = "No datafeed with id [{id}] exists"
ID_TAKEN = "A datafeed with id [{id}] already exists"
JOB_HAS_ONE = "A datafeed [{id}] already exists for job [{job}]"
MISSING_PRIVILEGES = Words(
    "Cannot create datafeed [{id}] because user {user} lacks permissions on the indices to be searched: {indices}",
    ((6, 5), "Cannot create datafeed [{id}] because user {user} lacks permissions on the indices: {indices}"),
)
OTHER_JOB_ID = "datafeed job_id [{datafeed}] does not equal job id [{job}}}"
WHILE_STARTED = "Cannot {verb} datafeed [{id}] while its status is started"
JOB_ID_DEPRECATED = "The ability to update a datafeed's job_id is deprecated."
JOB_ID_FIXED = "Datafeed's job_id cannot be changed."
JOB_HAS_DATAFEED = "Cannot delete job [{job}] because datafeed [{id}] refers to it"
JOB_NOT_CLOSED = Words(
    "cannot close job [{job}], datafeed hasn't been stopped",
    ((6, 6), "cannot close job datafeed [{datafeed}] hasn't been stopped"),
)
NOT_STOPPED_WITH_JOB = (
    "failed to close jobs as one or more had started datafeeds that could not be stopped:"
    " started datafeeds [{datafeeds}], error stopping them [{why}]"
)
NOT_DELETED_WITH_JOB = "failed to delete job [{job}] as its datafeed [{id}] could not be deleted"
ALLOW_NO_DATAFEEDS_DEPRECATED = "Deprecated field [allow_no_datafeeds] used, expected [allow_no_match] instead"

START_AFTER_END = "start [{start}] must be earlier than end [{end}]"
JOB_NOT_OPEN = Words(
    "cannot start datafeed [{id}] because job [{job}] is not open",
    ((5, 5), "cannot start datafeed [{id}] because job [{job}] is {state}"),
)
INDEX_MISSING = "datafeed [{id}] cannot retrieve data because index [{index}] does not exist"
NO_INDEX_MATCHES = "datafeed [{id}] cannot retrieve data because no index matches datafeed's indices [{indices}]"
# In which release exactly these two wordings changed is not ascertained.
NO_MAPPINGS = Words(
    "datafeed [{id}] cannot retrieve field [{field}] because it has no mappings",
    ((7, 3), "[{id}] cannot retrieve field [{field}] because it has no mappings"),
)
TIME_NOT_AGGREGATABLE = Words(
    "datafeed [{id}] cannot retrieve time field [{field}] because it is not aggregatable",
    ((7, 3), "[{id}] cannot retrieve time field [{field}] because it is not aggregatable"),
)
NEEDS_AGGREGATIONS = "field [{field}] is of type [{kind}] and cannot be used in a datafeed without aggregations"
UPGRADING = "Could not start datafeed [{id}] as indices are being upgraded"
UPGRADING_CAUSE = "Unable to start datafeed [{id}] explanation [{explanation}]"
NO_NODE = "No node found to start datafeed [{id}], allocation explanation [{reason}]"
NOT_ASSIGNED = "Could not start datafeed, allocation explanation [{explanation}]"
AWAITING_JOB = "datafeed awaiting job assignment."
INDEX_NOT_READY = "cannot start datafeed [{id}] because index [{index}] does not exist, is closed, or is still initializing."
ALREADY_STARTED = "cannot start datafeed [{id}] because it has already been started"
START_TIMED_OUT = "Starting datafeed [{id}] timed out after [{timeout}]"

ALREADY_STOPPED = "Cannot stop datafeed [{id}] because it has already been stopped"
NO_TASK = "Requested datafeed [{id}] be force-stopped, but datafeed's task could not be found."
FORCE_STOP_FAILED = "Failed to stop datafeed [{id}] with [1] failures, rethrowing last, all Exceptions: [{why}]"
STOP_UNASSIGNED = (
    "Cannot stop datafeed [{id}] because the datafeed does not have an assigned node. Use force stop to stop the datafeed"
)

NO_DEFINITION = "[datafeed_config.job_id] must be set or a [job_config] must be provided"
JOB_WITHOUT_DATAFEED = Words(
    "[datafeed_config] must be present when a [job_config] is provided",
    ((7, 15), "[datafeed_config] must be present when a [job_config.datafeed_config] is not present"),
)
TWO_DATAFEEDS = "[datafeed_config] must not be present when a [job_config.datafeed_config] is present"
ID_AND_BODY = "[datafeed_id] cannot be supplied when either [job_config] or [datafeed_config] is present"

MISSING_MAX = "Missing max aggregation for time_field [{field}]"
SIBLING_BUCKETS = "Multiple bucket aggregations at the same level are not supported"
SECOND_HISTOGRAM = (
    "More than one composite or date_histogram cannot be used in the aggregation."
    " [{name}] is another instance of a composite or date_histogram aggregation"
)
UNSUPPORTED_AGGREGATION = "Unsupported aggregation type [{name}]"
SEVERAL_PERCENTILES = "Multi-percentile aggregation [{name}] is not supported"
