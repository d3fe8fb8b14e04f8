"""What is said of results: each refusal once."""

from __future__ import annotations

from fake_es.wire.words import Words

NEGATIVE_PAGE = "Parameter [{name}] cannot be < 0"
PAGE_TOO_FAR = "The sum of parameters [from] and [size] cannot be higher than {most}."
NO_BUCKETS = "Could not find requested buckets"
INCOMPATIBLE = "Param [{name}] is incompatible with [{with_}]."
TIMESTAMP_INCOMPATIBLE = "Param [timestamp] is incompatible with [from,size,start,end,anomaly_score]"
CATEGORY_OR_PAGE = "Both [category_id] and [from, size] cannot be null"

TOP_N_NOT_POSITIVE = "[topN] parameter must be positive, found [{value}]"
SPAN_TOO_SHORT = "Param [bucket_span] must be greater or equal to the max bucket_span [{longest}]"
TOO_MANY_OVERALL = (
    "Unable to return more than [{most}] results; please use parameters [start] and [end] to limit the time range"
)
BAD_DATE = Words(
    "Query param '{name}' with value '{value}' cannot be parsed as a date or converted to a number (epoch).",
    ((6, 0), "Query param [{name}] with value [{value}] cannot be parsed as a date or converted to a number (epoch)."),
)
