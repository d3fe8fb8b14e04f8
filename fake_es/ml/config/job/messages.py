"""Texts of refusals of job configurations (``Messages`` in the server), with the releases of each wording."""

from fake_es.wire.words import Words

INCONSISTENT_ID = "Inconsistent job_id; '{body}' specified in the body differs from '{url}' specified as a URL argument"
NO_ANALYSIS_CONFIG = "An analysis_config must be set"
NO_DATA_DESCRIPTION = "A data_description must be set"
TIME_FIELD_ANALYSED = "data_description.time_field may not be used in the analysis_config"
SET_AT_CREATION = "The job is configured with fields [{fields}] that are illegal to set at job creation"
DUPLICATE_DETECTORS = "Duplicate detectors are not allowed: [{description}]"
RETENTION = (
    "The value of daily_model_snapshot_retention_after_days [{daily}]"
    " cannot be greater than model_snapshot_retention_days [{retention}]"
)

PRUNE_NOT_MULTIPLE = "model_prune_window [{window}] must be a multiple of bucket_span [{span}]"
PRUNE_TOO_SHORT = "model_prune_window [{window}] must be at least 2 times greater than bucket_span [{span}]"

NO_DETECTORS = "No detectors configured"
CATEGORIZATION_FIELD_NEEDED = "categorization_field_name must be set for mlcategory to be available"
MLCATEGORY_UNUSED = "categorization_field_name is set but mlcategory is not used in any detector by/over/partition field"
ANALYZER_NEEDS_FIELD = "categorization_analyzer requires setting categorization_field_name"
FILTERS_WITH_ANALYZER = (
    "categorization_filters cannot be used with categorization_analyzer"
    " - instead specify them as pattern_replace char_filters in the analyzer"
)
FILTERS_NEED_FIELD = "categorization_filters require setting categorization_field_name"
FILTERS_DUPLICATE = "categorization_filters contain duplicates"
MANY_PARTS = "fake_es accepts at most [{most}] entries in [{name}], but there are [{count}]"
FILTERS_EMPTY = "categorization_filters are not allowed to contain empty strings"
FILTERS_REGEX = "categorization_filters contains invalid regular expression '{filter}'"
PARTITION_NEEDS_FIELD = "categorization_field_name must be set when per-partition categorization is enabled"
PARTITION_IS_MLCATEGORY = "mlcategory cannot be used as a partition_field_name when per-partition categorization is enabled"
PARTITION_MISSING = (
    "partition_field_name must be set for detectors that reference mlcategory when per-partition categorization is enabled"
)
PARTITION_VARIES = (
    "partition_field_name cannot vary between detectors when per-partition categorization is enabled:"
    " [{first}] and [{second}] are used"
)
STOP_ON_WARN = "stop_on_warn cannot be true in per_partition_categorization when enabled is false"
METRIC_SUMMARISED = "The 'metric' function cannot be used in jobs that will take pre-summarized input"
NESTED_FIELDS = "Fields [{outer}] and [{inner}] cannot both be used in the same analysis_config"
SPAN_NOT_MULTIPLE = "Multiple bucket_span '{span}' must be a multiple of the main bucket_span '{main}'"
OVERLAPPING_FUNCTION = "Overlapping buckets cannot be used with function '[{functions}]'"
NORMALIZATION_NEEDS_PARTITION = (
    "If the job is configured with Per-Partition Normalization enabled a detector must have a partition field"
)
NORMALIZATION_WITH_INFLUENCERS = "A job configured with Per-Partition Normalization cannot use influencers"

UNKNOWN_FUNCTION = "Unknown function '{function}'"
NO_FIELD_AT_ALL = Words(
    "Unless the function is 'count' one of field_name, by_field_name or over_field_name must be set",
    ((6, 0), "Unless a count or temporal function is used one of field_name, by_field_name or over_field_name must be set"),
)
FIELD_NEEDED = "{field} must be set when the '{function}' function is used"
FIELD_FORBIDDEN = "{field} cannot be used with function '{function}'"
FIELD_CHARACTERS = (
    "Invalid field name '{name}'. Field names including over, by and partition fields"
    ' cannot contain any of these characters: ",\\'
)
FIELD_IS_CONTROL = "Invalid field name '{name}'. Field names including over, by and partition fields cannot be '.'"
FIELDS_EQUAL = "{first} and {second} cannot be the same: '{name}'"
VALUE_FORBIDDEN = "'{name}' is not a permitted value for {field}"

RULE_EMPTY = "Invalid detector rule: at least scope or a condition is required"
SHIFT_WITHOUT_PARAMS = "Invalid detector rule: actions contain force_time_shift, but corresponding parameters are missing"
PARAMS_WITHOUT_SHIFT = (
    "Invalid detector rule: actions do not contain force_time_shift, but corresponding parameters are present"
)
RULE_EMPTY_OLD = "Invalid detector rule: at least one rule_condition is required"
RULE_ONLY_TIME = "Invalid detector rule: function {function} only supports conditions that apply to time"
RULE_NO_SCOPE = "Invalid detector rule: scope field '{field}' is invalid; detector has no available fields for scoping"
RULE_BAD_SCOPE = "Invalid detector rule: scope field '{field}' is invalid; select from {fields}"

MEMORY_ABOVE_SETTING = (
    "model_memory_limit [{wanted}] must be less than the value of the xpack.ml.max_model_memory_limit setting [{most}]"
)
MEMORY_TOO_SMALL = "model_memory_limit must be at least 1 MiB. Value = {value}"
BAD_TIME_FORMAT = "Invalid Time format string '{format}'"
NOT_ONE_CHARACTER = "String must be a single character, found [{text}]"
DELIMITED_DEPRECATED = "Creating jobs with delimited data format is deprecated. Please use JSON instead."

LIMITS_WHILE_OPEN = "Cannot update analysis_limits while the job is open"
MEMORY_DECREASED = (
    "Invalid update value for analysis_limits: model_memory_limit cannot be decreased;"
    " existing is {existing}, update had {update}"
)
MEMORY_BELOW_USAGE = (
    "Invalid update value for analysis_limits: model_memory_limit cannot be decreased below current usage;"
    " current usage [{usage}mb], update had [{update}mb]"
)
DETECTOR_INDEX = Words(
    "Detector index is >= the number of detectors",
    ((6, 0), "Supplied detector_index [{index}] is >= the number of detectors [{count}]"),
)
PER_PARTITION_FIXED = "analysis_config.per_partition_categorization.enabled cannot be updated"

ANALYZER_PART = "[{name}] in [categorization_analyzer] array element should contain {name}'s name or settings [{token}]"
NO_GLOBAL_PART = "failed to find global {kind} under [{name}]"
NO_GLOBAL_ANALYZER = "Failed to find global analyzer [{name}]"
