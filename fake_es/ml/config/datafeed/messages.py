"""Texts of refusals of datafeed configurations (``Messages`` in the server)."""

from __future__ import annotations

NOT_NULL = "[{field}] must not be null."
INVALID_OPTION = "Invalid {field} value '{value}' in datafeed configuration"
NOT_MS = "query_delay has to be a multiple of 1ms; actual was '{value}'"
QUERY_NOT_PARSABLE = "Datafeed query is not parsable"
AGGS_NOT_PARSABLE = "Datafeed aggregations are not parsable"
TWO_AGGS = "Found two aggregation definitions: [aggs] and [aggregations]"
SCRIPT_FIELD_NO_OBJECT = "Expected [START_OBJECT] in [{name}] but found [{token}]"
RUNTIME_NO_OBJECT = "Expected map for runtime field [{name}] definition but got a {kind}"
RUNTIME_NO_TYPE = "No type specified for runtime field [{name}]"
SCRIPTS_WITH_AGGS = "script_fields cannot be used in combination with aggregations"

CHUNK_SPAN_NEEDED = "when chunk mode is manual time_span is required"
CHUNK_SPAN_POSITIVE = "chunk time_span has to be positive"
CHUNK_SPAN_ONLY_MANUAL = "chunk time_span may only be set when mode is manual"

WINDOW_TOO_LONG = "check_window [{window}] must be less than or equal to [24h]"
WINDOW_BELOW_SPAN = "delayed_data_check_config: check_window [{window}] must be greater than the bucket_span [{span}]"
WINDOW_TOO_MANY_BUCKETS = (
    "delayed_data_check_config: check_window [{window}] must be less than 10,000x the bucket_span [{span}]"
)

LATENCY = "A job configured with datafeed cannot support latency"
SUMMARY_COUNT_NEEDED = (
    "A job configured with a datafeed with aggregations must set summary_count_field_name;"
    " use doc_count or suitable alternative"
)
INTERVAL_ABOVE_SPAN = "Aggregation interval [{interval}ms] must be less than or equal to the bucket_span [{span}ms]"
INTERVAL_NO_DIVISOR = "Aggregation interval [{interval}ms] must be a divisor of the bucket_span [{span}ms]"
FREQUENCY_NO_MULTIPLE = "Datafeed frequency [{frequency}] must be a multiple of the aggregation interval [{interval}ms]"
RUNTIME_TIME_FIELD = "data_description.time_field [{field}] cannot be a runtime field"

HISTOGRAM_NEEDED = "A date_histogram (or histogram) aggregation is required"
HISTOGRAM_SIBLINGS = "The date_histogram (or histogram) aggregation cannot have sibling aggregations"
HISTOGRAM_TWICE = "Aggregations can only have 1 date_histogram or histogram aggregation"
MAX_NEEDED = "Date histogram must have nested max aggregation for time_field [{field}]"
INTERVAL_POSITIVE = "Aggregation interval must be greater than 0"
NOT_UTC = "ML requires date_histogram.time_zone to be UTC"
INTERVAL_ABOVE_WEEK = (
    "When specifying a date_histogram calendar interval [{interval}], ML does not accept intervals longer than a week"
    " because of variable lengths of periods greater than a week"
)
NO_INTERVAL = "Must specify an interval for date_histogram"
COMPOSITE_SOURCE = "Composite aggregation [{name}] must have exactly one date_histogram source"
COMPOSITE_MISSING = "Datafeed composite aggregation [{name}] date_histogram [{source}] source does not support missing_buckets"
COMPOSITE_ORDER = "Datafeed composite aggregation [{name}] date_histogram [{source}] must be sorted in ascending order"
COMPOSITE_ALONE = "Composite aggregation [{name}] must be the only composite agg and should be the only top level aggregation"
COMPOSITE_PIPELINES = "when using composite aggregations, top level pipeline aggregations are not supported"
