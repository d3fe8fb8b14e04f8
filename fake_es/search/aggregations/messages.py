"""Texts of the errors of aggregations."""

from __future__ import annotations

from fake_es.wire.words import Words

UNEXPECTED_TOKEN = "Unexpected token {token} in [aggs]: aggregations definitions must start with the name of the aggregation."
BAD_NAME = Words(
    "Invalid aggregation name [{name}]. Aggregation names must be alpha-numeric and can only contain '_' and '-'",
    ((6, 2), "Invalid aggregation name [{name}]. Aggregation names can contain any character except '[', ']', and '>'"),
)
NOT_AN_OBJECT = "Aggregation definition for [{name} starts with a [{token}], expected a [START_OBJECT]."
OBJECT_EXPECTED = "Expected [START_OBJECT] under [{field}], but got a [{token}] in [{name}]"
TWO_SUBS = "Found two sub aggregation definitions under [{name}]"
TWO_KINDS = "Found two aggregation type definitions in [{name}]: [{first}] and [{second}]"
NO_KIND = "Missing definition for aggregation [{name}]"
UNKNOWN_KIND = Words(
    "Unknown BaseAggregationBuilder [{kind}]",
    ((6, 4), "unable to parse BaseAggregationBuilder with name [{kind}]: parser not found"),
    ((7, 6), "unknown field [{kind}]"),
    ((7, 9), "Unknown aggregation type [{kind}]{hint}"),
)
NOT_EMULATED = "aggregation [{kind}] is not implemented here"
OPTION_NOT_EMULATED = "[{option}] of aggregation [{kind}] is not implemented here"
SAME_NAME = "Two sibling aggregations cannot have the same name: [{name}]"
NO_SUBS = "Aggregator [{name}] of type [{kind}] cannot accept sub-aggregations"
GLOBAL_BELOW = (
    "Aggregation [{parent}] cannot have a global sub-aggregation [{name}]. "
    "Global aggregations can only be defined as top level aggregations"
)
COMPOSITE_BELOW = "[composite] aggregation cannot be used with a parent aggregation of type: [{parent}]"
MIXED_TYPES = (
    "Merging/Reducing the aggregations failed when computing the aggregation [{name}] because the field you gave in the "
    "aggregation query existed as two different types in two different indices"
)
NO_FIELD = "Required one of fields [field, script], but none were specified. "
WRONG_TYPE = Words(
    "Expected numeric type on field [{field}], but got [{type}]",
    ((7, 9), "Field [{field}] of type [{type}] is not supported for aggregation [{kind}]"),
)
NO_SUBS_OF_HISTOGRAMS = "Histogram aggregation on histogram fields does not support sub-aggregations"
TOO_MANY = Words(
    "Trying to create too many buckets. Must be less than or equal to: [{most}] but was [{count}]. This limit can be set by "
    "changing the [search.max_buckets] cluster level setting.",
    ((7, 9), "Trying to create too many buckets. Must be less than or equal to: [{most}] but this number of buckets was "
             "exceeded. This limit can be set by changing the [search.max_buckets] cluster level setting."),
)  # fmt: skip

SIZE_ZERO = "[size] must be greater than 0. Found [{size}] in [{name}]"
MIN_DOC_COUNT = "[min_doc_count] must be greater than or equal to 0. Found [{count}] in [{name}]"
BAD_DIRECTION = "Unknown order direction [{direction}]"
ONE_ORDER = "Must specify at least one field for [order]"
ORDER_NEEDS_METRIC = (
    "Invalid aggregation order path [{path}]. "
    "When ordering on a multi-value metrics aggregation a metric name must be specified."
)
ORDER_NEEDS_ONE = (
    "Invalid aggregation order path [{path}]. Buckets can only be sorted on a sub-aggregator path that is built out of zero or "
    "more single-bucket aggregations within the path and a final single-bucket or a metrics aggregation at the path end."
)
BAD_ORDER_PATH = Words(
    "Invalid aggregator order path [{path}]. Unknown aggregation [{name}]",
    ((7, 3), "Invalid aggregator order path [{path}]. The provided aggregation [{name}] either does not exist, or is a "
             "pipeline aggregation and cannot be used to sort the buckets."),
)  # fmt: skip

NO_INTERVAL = "Invalid interval specified, must be non-null and non-empty"
INTERVAL_TOO_SMALL = "[interval] must be 1 or greater for aggregation [date_histogram]"
BAD_INTERVAL = "Unable to parse interval [{interval}]"
TWO_INTERVALS = "Cannot use [{second}] with [{first}] configuration option."
INTERVAL_TOO = "Cannot use [interval] with [fixed_interval] or [calendar_interval] configuration options."
BAD_CALENDAR = "The supplied interval [{interval}] could not be parsed as a calendar interval."
INTERVAL_POSITIVE = "[interval] must be >0 for histogram aggregation [{name}]"
BOUNDS_CROSSED = "[{bounds}.min][{low}] cannot be greater than [{bounds}.max][{high}] for histogram aggregation [{name}]"
NO_RANGES = "No [ranges] specified for the [{name}] aggregation"

NO_SOURCES = "Composite [sources] cannot be null or empty"
SAME_SOURCE = "Composite source names must be unique, found duplicates: [{name}]"
BAD_AFTER = "[after] has {given} value(s) but [sources] has {needed}"
AFTER_MISSING = "Missing value for [after.{name}]"
AFTER_INVALID = "invalid value for [{name}]: {value}"

MANY_WEIGHTS = (
    "Encountered more than one weight for a single document. "
    "Use a script to combine multiple weights-per-doc into a single value."
)
REVERSE_OUTSIDE = "Reverse nested aggregation [{name}] can only be used inside a [nested] aggregation"

NO_PATH = "No aggregation found for path [{path}]"
CYCLE = "Cyclical dependency found with pipeline aggregator [{name}]"
SIBLING_MISSING = "buckets_path aggregation does not exist for aggregation [{name}]: {path}"
SIBLING_NOT_MULTI = Words(
    "The first aggregation in buckets_path must be a multi-bucket aggregation for aggregation [{name}] found :{found} "
    "for buckets path: {path}",
    ((8, 3), "Unable to find unqualified multi-bucket aggregation in buckets_path. Path must include a multi-bucket "
             "aggregation for aggregation [{name}] found :{found} for buckets path: {path}"),
)  # fmt: skip
NEEDS_MULTI = "Expected a multi bucket aggregation but got [{found}] for aggregation [{name}]"
NEEDS_PARENT = "{kind} aggregation [{name}] must be declared inside of another aggregation"
NEEDS_HISTOGRAM = "{kind} aggregation [{name}] must have a histogram, date_histogram or auto_date_histogram as parent"
NEEDS_EMPTY_BUCKETS = "parent histogram of {kind} aggregation [{name}] must have min_doc_count of 0"
ONE_PATH = "buckets_path must contain a single entry for aggregation [{name}]"
NO_NUMBER = "buckets_path must reference either a number value or a single value numeric metric aggregation, {found}"
MANY_VALUES = "but [{name}] contains multiple values. Please specify which to use."
NOT_A_VALUE = "got: [{found}] at aggregation [{name}]"
NO_PROPERTY = "Cannot find an aggregation named [{name}] in [{bucket}]"

OFFSET_TOO_LARGE = "[offset] of [{offset}] leads beyond the years that fake_es can show"
BOUND_NOT_FINITE = "Required bounds for histogram aggregation [{name}] must be finite numbers, got [{value}]"
TOP_HITS_WINDOW = (
    "Top hits result window is too large, the top hits aggregator [{name}]'s from + size must be less than or equal to:"
    " [{most}] but was [{asked}]. This limit can be set by changing the [index.max_inner_result_window] index level setting."
)
