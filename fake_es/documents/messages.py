"""Texts of the document layer, each written once."""

from __future__ import annotations

import math

from fake_es.wire.words import Words

NO_SUCH_INDEX = Words("no such index", ((7, 0), "no such index [{name}]"))
INDEX_EXISTS = "index [{name}/{uuid}] already exists"
INVALID_INDEX_NAME = "Invalid index name [{name}], {why}"
INVALID_ALIAS_NAME = "Invalid alias name [{name}]: {why}"
FOR_INPUT_STRING = 'For input string: "{text}"'

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
    ((7, 0), "failed to parse date field [{value}] with format [{format}]"),
)

QUERY_NOT_OBJECT = "[_na] query malformed, must start with start_object"
QUERY_EMPTY = "query malformed, empty clause found{place}"
QUERY_NO_OBJECT = Words(
    "[_na] query malformed, no start_object after query name",
    ((6, 0), "[{name}] query malformed, no start_object after query name"),
)
QUERY_TOO_MANY = "[{name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]"
UNKNOWN_QUERY = Words("no [query] registered for [{name}]", ((7, 0), "unknown query [{name}]{hint}"))
MANY_FIELDS = "[{query}] query doesn't support multiple fields, found [{first}] and [{second}]"
QUERY_OPTION = "[{query}] query does not support [{option}]"

WINDOW = Words(
    "Result window is too large, from + size must be less than or equal to: [{most}] but was [{asked}]."
    " See the scroll api for a more efficient way to request large data sets."
    " This limit can be set by changing the [index.max_result_window] index level setting."
)
NO_MAPPING_FOR_SORT = "No mapping found for [{field}] in order to sort on"
TEXT_FIELDDATA = Words(
    "Fielddata is disabled on text fields by default. Set fielddata=true on [{field}] in order to load fielddata in memory"
    " by uninverting the inverted index. Note that this can however use significant memory. Alternatively use a keyword field"
    " instead.",
    (
        (7, 0),
        "Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so"
        " these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on"
        " [{field}] in order to load field data by uninverting the inverted index. Note that this can use significant memory.",
    ),
)

DECIMAL_PART = "{value} cannot be converted to Integer without data loss"
ANALYZE_ELEMENT = "[{name}] array element should only contain {what} [{token}]"
LIST_SETTING = "Found list type value for setting [{setting}] but but did not expect a list for it."
BAD_DATE_FORMAT = "Invalid format: [{format}]"
QUERY_TOO_DEEP = Words(
    "The nested depth of the query exceeds the maximum nested depth for bool queries set in"
    " [indices.query.bool.max_nested_depth]",
    (
        (8, 6),
        "The nested depth of the query exceeds the maximum nested depth for queries set in"
        " [indices.query.bool.max_nested_depth]",
    ),
)
NOT_FINITE = "[{kind}] supports only finite values, but got [{value}]"
BAD_SCALING_FACTOR = "[scaling_factor] must be a positive number, got [{value}]"
FIELDS_NOT_TEXTS = "[fields] must be a list of texts"
OUT_OF_RANGE = "Value [{value}] is out of range for {kind}"
NOT_BOOLEAN = "Failed to parse value [{value}] as only [true] or [false] are allowed."
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
RUNTIME_NOT_OBJECT = "runtime must be a map type"
NO_RUNTIME_TYPE = (
    "The mapper type [{kind}] declared on runtime field [{field}] does not exist. It might have been created within a future"
    " version or requires a plugin to be installed. Check the documentation."
)
WRITE_TO_ALIAS = "Cannot write to a field alias [{field}]."


def java_text(value: object) -> str:
    """A JSON value as Java prints its maps and lists: ``{a=1, b=[x]}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={java_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(java_text, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return "null" if value is None else str(value)


ALREADY_EXISTS = Words("document already exists (current version [{known}])")
WRONG_SEQ_NO = Words(
    "required seqNo [{seq_no}], primary term [{term}]. current document has seqNo [{current}] and primary term [{current_term}]"
)
SEQ_NO_NOT_FOUND = Words("required seqNo [{seq_no}], primary term [{term}]. but no document was found")
WRONG_VERSION = Words("current version [{current}] is different than the one provided [{given}]")
NOT_HIGHER_VERSION = Words("current version [{current}] is higher or equal to the one provided [{given}]")
NOT_INDEXED = Words("Cannot search on field [{field}] since it is not indexed.",
                    ((8, 1), "Cannot search on field [{field}] since it is not indexed nor has doc values."))  # fmt: skip
CREATE_QUERY = "failed to create query: {why}"
_PATTERN_TOO_LONG = (
    "The length of {0} [{{length}}] used in the {1} Query request has exceeded the allowed maximum of [{{most}}]."
    " This maximum can be set by changing the [index.max_regex_length] index level setting."
)
REGEXP_TOO_LONG = _PATTERN_TOO_LONG.format("regex", "Regexp")
PREFIX_TOO_LONG = _PATTERN_TOO_LONG.format("prefix", "Prefix")
REGEXPS_TOO_COMPLEX = "Determinizing all regular expressions of one search would take more work than fake_es allows"
NO_FIELD = "field name is null or empty"
QUERY_ARRAY = "[{query}] query does not support array of values"
NULL_VALUE = "value cannot be null"
TERMS_WITHOUT_LIST = "[terms] query does not support [{field}]"
IDS_WITHOUT_VALUES = "[ids] query, no [values] given"
EXISTS_WITHOUT_FIELD = "[exists] must be provided with a [field]"
UNKNOWN_ZONE = "Unknown time-zone ID: {zone}"
UNKNOWN_FIELD = Words(
    "[{query}] unknown field [{option}], parser not found", ((7, 6), "[{query}] unknown field [{option}]{hint}")
)
FAILED_CLAUSE = "[{query}] failed to parse field [{option}]"
CONSTANT_SCORE_WITHOUT_FILTER = "[constant_score] requires a 'filter' element"
DIS_MAX_WITHOUT_QUERIES = "[dis_max] requires 'queries' field with at least one clause"
NESTED_WITHOUT = "[nested] requires '{name}' field"
NESTED_UNMAPPED = "[nested] failed to find nested object under path [{path}]"
NESTED_NOT_NESTED = "[nested] nested object under path [{path}] is not of nested type"
NO_DOC_VALUES = Words(
    "Can't load fielddata on [{field}] because fielddata is unsupported on fields of type [{kind}]. Use doc values instead.",
)
AFTER_WITHOUT_SORT = "Sort must contain at least one field."
AFTER_LENGTH = "search_after has {given} value(s) but sort has {wanted}."
AFTER_WITH_FROM = "`from` parameter must be set to 0 when `search_after` is used."
UNKNOWN_SEARCH_KEY = "Unknown key for a {token} in [{key}]."
NEGATIVE_PAGE = "[{name}] parameter cannot be negative, found [{value}]"
NO_WRITE_INDEX = (
    "no write index is defined for alias [{alias}]. The write index may be explicitly disabled using is_write_index=false or"
    " the alias points to multiple indices without one being designated as a write index"
)
ALIAS_IS_INDEX = "Invalid alias name [{alias}]: an index or data stream exists with the same name as the alias"
MATCHES_ALIAS = "The provided expression [{name}] matches an alias, specify the corresponding concrete indices instead."
INDEX_IS_ALIAS = "Invalid index name [{name}], already exists as alias"

NO_OPERATOR = "No enum constant org.elasticsearch.index.query.Operator.{value}"
NO_ANALYZER = "[match] analyzer [{analyzer}] not found"
NO_TEXT_TO_MATCH = "[{query}] requires query value"
MULTI_MATCH_WITHOUT_QUERY = "No text specified for multi_match query"
NO_MULTI_MATCH_TYPE = "failed to parse [multi_match] query type [{value}]. unknown type."
BAD_FUZZINESS = "Valid edit distances are [0, 1, 2] but was [{value}]"
QUERY_STRING_WITHOUT_QUERY = "query_string must be provided with a [query]"
SIMPLE_WITHOUT_QUERY = "[simple_query_string] query text missing"
FAILED_QUERY_STRING = "Failed to parse query [{query}]"
CANNOT_PARSE = "Cannot parse '{query}': {why}"

UNKNOWN_REFRESH = "Unknown value for refresh: [{value}]."
ACTIVE_SHARDS = "cannot parse ActiveShardCount[{value}]"
BAD_LONG = "Failed to parse long parameter [{name}] with value [{value}]"
TYPE_UNDERSCORE = "Document mapping type name can't start with '_', found: [{type}]"
MANY_TYPES = "Rejecting mapping update to [{index}] as the final mapping would have more than 1 type: [{types}]"
TYPES_DEPRECATED = (
    "[types removal] Using include_type_name in {what} requests is deprecated. The parameter will be removed in the next"
    " major version."
)
NESTED_TYPE = "The mapping definition cannot be nested under a type [_doc] unless include_type_name is set to true."
MAPPINGS_NOT_OBJECT = "key [mappings] must be an object"
ALIAS_MISSING = "{kind} [{names}] missing"
UNKNOWN_KEY = "unknown key [{key}] for {what}"
KEY_NOT_OBJECT = "key [{key}] must be an object"
DESTRUCTIVE = "Wildcard expressions or all indices are not allowed"
UNKNOWN_SETTING = (
    "unknown setting [{setting}] please check that any required plugins are installed, or check the breaking changes"
    " documentation for removed settings"
)
SIMILAR_SETTING = "unknown setting [{setting}]{hint}"
PRIVATE_SETTING = "private index setting [{setting}] can not be set explicitly"
FINAL_SETTING = "final {index} setting [{setting}], not updateable"
STATIC_SETTINGS = "Can't update non dynamic settings [[{settings}]] for open indices [[{index}/{uuid}]]"
BAD_SETTING = "Failed to parse value [{value}] for setting [{setting}]"
SETTING_TOO_SMALL = "Failed to parse value [{value}] for setting [{setting}] must be >= {least}"
SETTING_TOO_BIG = "Failed to parse value [{value}] for setting [{setting}] must be <= {most}"
NO_SETTINGS = "no settings to update"
ALIAS_FILTER = "failed to parse filter for alias [{alias}]"
ALIAS_UNKNOWN = "Unknown field [{field}] in alias [{alias}]"
ALIAS_NOT_OBJECT = "alias [{alias}] must be an object"
NOT_ENOUGH_COPIES = (
    "[{index}][0] Not enough active copies to meet shard count of [{wanted}] (have 1, needed {needed}). Timeout: [{timeout}]"
)
NO_VERSION_TYPE = "No version type match [{value}]"
NO_OP_TYPE = "opType must be 'create' or 'index', found: [{value}]"
ID_TOO_LONG = "id [{id}] is too long, must be no longer than 512 bytes but was: {length}"
ID_EMPTY = "if _id is specified it must not be empty"
CREATE_VERSION = "create operations only support internal versioning. use index instead"
CREATE_COMPARES = "create operations do not support compare and set. use index instead"
INTERNAL_VERSION = (
    "internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term`"
    " instead"
)
SEQ_NO_WITHOUT_TERM = "ifSeqNo is set, but primary term is [0]"
TERM_WITHOUT_SEQ_NO = "ifSeqNo is unassigned, but primary term is [{term}]"
COMPARES_VERSION = "compare and write operations can not use versioning"
NOT_AN_OBJECT = "Malformed content, must start with an object"
REQUIRE_ALIAS = "no such index [{name}] and [require_alias] request flag is [true] and [{name}] is not an alias"
REQUIRE_STREAM = "no such index [{name}] and [require_data_stream] request flag is [true] and [{name}] is not a data stream"
NO_AUTO_CREATE = "no such index [{name}] and [action.auto_create_index] is [false]"
BLOCKED = "index [{index}] blocked by: [FORBIDDEN/{number}/index {what} (api)];"
DOCUMENT_MISSING = Words(
    "[{type}][{id}]: document missing",
    ((8, 0), "[{id}]: document missing"),
)
MANY_INDICES = "alias [{alias}] has more than one index associated with it [{names}], can't execute a single index op"
SOURCE_NOT_FOUND = Words("Document not found [{index}]/[{type}]/[{id}]", ((8, 0), "Document not found [{index}]/[{id}]"))
NO_SCRIPT_OR_DOC = "script or doc is missing"
SCRIPT_AND_DOC = "can't provide both script and doc"
NO_DOC_AS_UPSERT = "doc must be specified if doc_as_upsert is enabled"
COMPARES_RETRIES = "compare and write operations can not be retried"
COMPARES_DOC_AS_UPSERT = "compare and write operations can not be used with upsert"
COMPARES_UPSERT = "upsert requests don't support `if_seq_no` and `if_primary_term`"
UPDATE_SCRIPT = "update script [{source}] is not emulated by fake_es"
NO_NEWLINE = "The bulk request must be terminated by a newline [\\n]"
BULK_EXPECTED = "Malformed action/metadata line [{line}], expected {wanted} but found [{found}]"
BULK_UNKNOWN = "Action/metadata line [{line}] contains an unknown parameter [{name}]"
NO_REQUESTS = "no requests added"
INDEX_MISSING = "index is missing"
NO_DOCUMENTS = "no documents to get"
ITEM_MISSING = "{what} is missing for doc {place}"
MGET_UNKNOWN = "failed to parse multi get request. unknown field [{name}]"
BAD_OP = "Operation type [{op}] not allowed, only [noop, index, delete] are allowed"
SCRIPT_NULL = "Cannot access a field of [{path}], which is null"
ID_MISSING = "id is missing"
NO_FIELD_IN = "[{name}] must be given as names, or as objects with a [field]"
NOT_IN_SEARCH = "[{name}] in a search is not emulated by fake_es"
SCROLL_COUNTS = "disabling [track_total_hits] is not allowed in a scroll context"
BAD_TOTAL_HITS = "[track_total_hits] parameter must be positive or equals to -1, got {value}"
TOTAL_HITS_AS_INT = "[rest_total_hits_as_int] cannot be used if the tracking of total hits is not accurate, got {value}"
NO_SEARCH_TYPE = "No search type for [{value}]"
SCROLL_WITH_FROM = "using [from] is not allowed in a scroll context"
SCROLL_SIZE = "[size] cannot be [0] in a scroll context"
SCROLL_AFTER = "`search_after` cannot be used in a scroll context."
SEARCH_NOT_OBJECT = "Expected [START_OBJECT] but found [{token}]"
UNPARSABLE_SCROLL = "Cannot parse scroll id"
NO_CONTEXT = "No search context found for id [{id}]"
KEEP_ALIVE = (
    "Keep alive for request ({asked}) is too large. It must be less than ({most}). This limit can be set by changing the"
    " [search.max_keep_alive] cluster level setting."
)
SCROLL_ID_MISSING = "scrollId is missing"
NO_SCROLL_IDS = "no scroll ids specified"
PIT_WITH_INDICES = "[indices] cannot be used with point in time. Do not specify any index with point in time."
PIT_WITH_SCROLL = "using [point in time] is not allowed in a scroll context"
BAD_PIT = "invalid id: [{id}]"
NO_KEEP_ALIVE = "keep alive not specified"
MSEARCH_NO_NEWLINE = "The msearch request must be terminated by a newline [\\n]"
MSEARCH_UNKNOWN = "key [{key}] is not supported in the metadata section"
NO_SEARCHES = "no requests added"
NO_FIELDS = "no fields specified"
COUNT_UNKNOWN = "request does not support [{key}]"
MGET_NOT_OBJECT = "unexpected token [START_ARRAY], expected [FIELD_NAME] or [START_ARRAY]"
MGET_IDS = "ids array element should only contain ids"
MGET_DOCS = "docs array element should include an object"
MSEARCH_HEADER = "the header of a search must be an object"
TYPE_MISSING = "type [[{type}]] missing"
TYPE_IN_PUT = "Types cannot be provided in put mapping requests, unless the include_type_name parameter is set to true."
NO_ALIAS_ACTIONS = "Must specify at least one alias action"
UNKNOWN_ALIAS_ACTION = "an alias action must be one of [add], [remove] and [remove_index]"
ALIAS_NEEDS = "One of [{what}] is required"
ALIASES_MISSING = "aliases [{names}] missing"
NO_MAPPING_TYPE = "mapping type is missing"
BAD_LEVEL = "level parameter must be one of [cluster] or [indices] or [shards] but was [{value}]"
NO_METRIC = "request [{path}] contains unrecognized metric: {names}"
NO_TEXT_TO_ANALYZE = "text is missing"
ANALYZE_ELSEWHERE = "[{what}] in _analyze is not emulated by fake_es"
NO_GLOBAL_ANALYZER = "failed to find global analyzer [{name}]"
TEMPLATE_UNKNOWN_KEY = "unknown key [{key}] in the template "
NO_PATTERNS = "index patterns are missing"
NO_DATA_STREAMS = "data streams are not emulated by fake_es"
TEMPLATE_INVALID = "template [{name}] is invalid"
INVALID_TEMPLATE = "index_template [{name}] invalid, cause [{why}]"
NO_COMPONENTS = "index template [{name}] specifies component templates [{names}] that do not exist"
TEMPLATE_EXISTS = "{what} [{name}] already exists"
TEMPLATE_MISSING = "index_template [{name}] missing"
NO_TEMPLATE = "{what} matching [{name}] not found"
SAME_PRIORITY = (
    "index template [{name}] has index patterns [{patterns}] matching patterns from existing templates [{others}] with"
    " patterns ({listed}) that have the same priority [{priority}], multiple index templates may not match during index"
    " creation, please use a different priority"
)
COMPONENT_IN_USE = "component templates [{names}] cannot be removed as they are still in use by index templates [{users}]"
NO_BACKGROUND = "[wait_for_completion=false] is not emulated by fake_es"
MAX_DOCS = "[max_docs] parameter cannot be negative or zero, found [{value}]"
BAD_CONFLICTS = 'conflicts may only be "proceed" or "abort" but was [{value}]'
NO_QUERY = "query is missing"
SOURCE_INDEX = "index must be specified in source"
DEST_INDEX = "index must be specified in dest"
REINDEX_ITSELF = "reindex cannot write into an index its reading from [{index}]"
BAD_PARAMETER = "a parameter of field [{field}] of type [{kind}] is of the wrong type"
DATA_TOO_LARGE = "[parent] Data too large, data for [{what}] would be [{wanted}], which is larger than the limit of [{limit}]"
SELF_REFERENCE = "Iterable object is self-referencing itself"
MANY_CLAUSES = "maxClauseCount is set to {most}"
MANY_NESTED_CLAUSES = "Query contains too many nested clauses; maxClauseCount is set to {most}"
MANY_TERMS = (
    "The number of terms [{count}] used in the Terms Query request has exceeded the allowed maximum of [{most}]. This maximum"
    " can be set by changing the [index.max_terms_count] index level setting."
)
