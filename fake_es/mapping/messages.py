"""Texts of the errors of mappings, and of documents that do not fit them."""

from __future__ import annotations

from fake_es.wire.date_math import UNPARSABLE_DATE
from fake_es.wire.words import Words

# For types with a parser of their own.
FAILED_OWN_FIELD = Words("failed to parse field [{field}] of type [{kind}]")
HISTOGRAM_ORDER = (
    "error parsing field [{field}], [values] values must be in increasing order, got [{value}] "
    "but previous value was [{before}]"
)
HISTOGRAM_UNKNOWN = "error parsing field [{field}], with unknown parameter [{name}]"
HISTOGRAM_WITHOUT = "error parsing field [{field}], expected field called [{name}]"
HISTOGRAM_LENGTHS = (
    "error parsing field [{field}], expected same length from [values] and [counts] but got [{values} != {counts}]"
)
HISTOGRAM_NEGATIVE = "error parsing field [{field}], [counts] elements must be >= 0 but got {count}"
HISTOGRAM_TERM = "[histogram] field do not support searching, use dedicated aggregations instead: [{field}]"
EXPECTED_TOKEN = "Failed to parse object: expecting token of type [{expected}] but found [{found}]"
FAILED_FIELD = Words(
    "failed to parse [{field}]",
    ((6, 6), "failed to parse field [{field}] of type [{kind}]"),
    ((7, 0), "failed to parse field [{field}] of type [{kind}] in document with id '{id}'"),
    (
        (7, 4),
        "failed to parse field [{field}] of type [{kind}] in document with id '{id}'. Preview of field's value: '{value}'",
    ),
)
FAILED_DOCUMENT = Words("failed to parse", ((8, 0), "failed to parse: {why}"))
OBJECT_EXPECTED = "object mapping for [{field}] tried to parse field [{name}] as object, but found a concrete value"
STRICT = "mapping set to strict, dynamic introduction of [{field}] within [{parent}] is not allowed"
TEMPLATES_NOT_LISTED = "Dynamic template syntax error. An array of named objects is expected."
TEMPLATE_WITHOUT_NAME = "A dynamic template must be defined with a name"
TEMPLATE_WITHOUT_MAPPING = "template [{name}] must have either mapping or runtime set"
TEMPLATE_REGEX = "Pattern [{pattern}] of type [regex] is invalid. Cannot create dynamic template [{name}]."
MAPPING_DEPTH = "Limit of mapping depth [{limit}] has been exceeded due to object field [{field}]"
NESTED_OBJECTS = (
    "The number of nested documents has exceeded the allowed limit of [{limit}]."
    " This limit can be set by changing the [index.mapping.nested_objects.limit] index level setting."
)
NO_HANDLER_FOR_TYPE = Words(
    "No handler for type [{kind}] declared on field [{field}]",
    (
        (8, 4),
        "The mapper type [{kind}] declared on field [{field}] does not exist. It might have been created within a future"
        " version or requires a plugin to be installed. Check the documentation.",
    ),
)
UNKNOWN_PARAMETER = Words(
    "Mapping definition for [{field}] has unsupported parameters:  [{parameter} : {value}]",
    ((7, 8), "unknown parameter [{parameter}] on mapper [{field}] of type [{kind}]"),
)
CANNOT_CHANGE_TYPE = Words(
    "mapper [{field}] of different type, current_type [{old}], merged_type [{new}]",
    ((7, 8), "mapper [{field}] cannot be changed from type [{old}] to [{new}]"),
)
BAD_DATE = Words(
    'Invalid format: "{value}"',
    ((7, 0), UNPARSABLE_DATE),
)
DECIMAL_PART = "{value} cannot be converted to Integer without data loss"
BAD_DATE_FORMAT = "Invalid format: [{format}]"
NOT_FINITE = "[{kind}] supports only finite values, but got [{value}]"
BAD_SCALING_FACTOR = "[scaling_factor] must be a positive number, got [{value}]"
OUT_OF_RANGE = "Value [{value}] is out of range for {kind}"
CANNOT_PARSE_BOOLEAN = "Can't parse boolean value [{value}], expected [true] or [false]"
NOT_AN_IP = "'{value}' is not an IP string literal."
NOT_NUMERIC = "Current token ({token}) not numeric, can not use numeric value accessors"
NOT_A_POINT = "field must be either lat/lon or geohash"
POINT_TERM = "Geometry fields do not support exact searching, use dedicated geometry queries instead: [{field}]"
NO_TEXT = "Can't get text on a {token}"
EXPECTED_MAP = "Expected map for property [{property}] on field [{field}] but got something else"
EMPTY_FIELD_NAME = "field name cannot be an empty string"
NO_TYPE = "No type specified for field [{field}]"
ALIAS_WITHOUT_PATH = "The [path] property must be specified for field [{field}]."
NO_SCALING_FACTOR = "Field [scaling_factor] is required"
BAD_FORMAT = "Invalid format: [{format}]"
FAILED_MAPPING = Words("Failed to parse mapping [{type}]: {why}", ((8, 0), "Failed to parse mapping: {why}"))
ROOT_UNSUPPORTED = "Root mapping definition has unsupported parameters:  {parameters}"
PARAMETER_CONFLICT = Words(
    "Mapper for [{field}] conflicts with existing mapping:\n[mapper [{field}] has different [{parameter}] values]",
    (
        (7, 8),
        "Mapper for [{field}] conflicts with existing mapper:\n\tCannot update parameter [{parameter}] from [{old}] to [{new}]",
    ),
)
TOTAL_FIELDS = Words(
    "Limit of total fields [{limit}] in index [{index}] has been exceeded",
    ((7, 0), "Limit of total fields [{limit}] has been exceeded"),
    ((8, 1), "Limit of total fields [{limit}] has been exceeded while adding new fields [{added}]"),
)
WRITE_TO_ALIAS = "Cannot write to a field alias [{field}]."
BAD_PARAMETER = "a parameter of field [{field}] of type [{kind}] is of the wrong type"
