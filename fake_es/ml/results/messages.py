"""Texts of refusals about results."""

from __future__ import annotations

NO_BUCKETS = "Could not find requested buckets"
INCOMPATIBLE = "Param [{name}] is incompatible with [{with_}]."
TIMESTAMP_INCOMPATIBLE = "Param [timestamp] is incompatible with [from,size,start,end,anomaly_score]"
CATEGORY_OR_PAGE = "Both [category_id] and [from, size] cannot be null"

TOP_N_NOT_POSITIVE = "[topN] parameter must be positive, found [{value}]"
SPAN_TOO_SHORT = "Param [bucket_span] must be greater or equal to the max bucket_span [{longest}]"
TOO_MANY_OVERALL = (
    "Unable to return more than [{most}] results; please use parameters [start] and [end] to limit the time range"
)
