"""Texts of the errors of searches."""

from __future__ import annotations

from fake_es.wire.words import Words

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
MANY_DOC_VALUES = (
    "Trying to retrieve too many docvalue_fields. Must be less than or equal to: [{most}] but was [{count}]."
    " This limit can be set by changing the [index.max_docvalue_fields_search] index level setting."
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
QUERY_TOO_DEEP = Words(
    "The nested depth of the query exceeds the maximum nested depth for bool queries set in"
    " [indices.query.bool.max_nested_depth]",
    (
        (8, 6),
        "The nested depth of the query exceeds the maximum nested depth for queries set in"
        " [indices.query.bool.max_nested_depth]",
    ),
)
FIELDS_NOT_TEXTS = "[fields] must be a list of texts"
RUNTIME_NOT_OBJECT = "runtime must be a map type"
NO_RUNTIME_TYPE = (
    "The mapper type [{kind}] declared on runtime field [{field}] does not exist. It might have been created within a future"
    " version or requires a plugin to be installed. Check the documentation."
)
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
NOT_A_SOURCE_FILTER = "Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] but found [VALUE_NUMBER]"
NO_SORT_ORDER = "No enum constant org.elasticsearch.search.sort.SortOrder.{value}"
NEGATIVE_PAGE = "[{name}] parameter cannot be negative, found [{value}]"
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
NO_FIELD_IN = "[{name}] must be given as names, or as objects with a [field]"
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
COUNT_UNKNOWN = "request does not support [{key}]"
MSEARCH_HEADER = "the header of a search must be an object"
MANY_CLAUSES = "maxClauseCount is set to {most}"
MANY_NESTED_CLAUSES = "Query contains too many nested clauses; maxClauseCount is set to {most}"
MANY_TERMS = (
    "The number of terms [{count}] used in the Terms Query request has exceeded the allowed maximum of [{most}]. This maximum"
    " can be set by changing the [index.max_terms_count] index level setting."
)

NOT_IN_SEARCH = "[{name}] in a search is not emulated by fake_es"
NO_FIELDS = "no fields specified"
