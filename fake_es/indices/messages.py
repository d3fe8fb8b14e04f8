"""Texts of the errors of indices, aliases, templates and their APIs."""

from __future__ import annotations

from fake_es.wire.words import Words

NO_SUCH_INDEX = Words("no such index", ((7, 0), "no such index [{name}]"))
INDEX_EXISTS = "index [{name}/{uuid}] already exists"
INVALID_INDEX_NAME = "Invalid index name [{name}], {why}"
INVALID_ALIAS_NAME = "Invalid alias name [{name}]: {why}"
LIST_SETTING = "Found list type value for setting [{setting}] but but did not expect a list for it."
ALREADY_EXISTS = Words("document already exists (current version [{known}])")
WRONG_SEQ_NO = Words(
    "required seqNo [{seq_no}], primary term [{term}]. current document has seqNo [{current}] and primary term [{current_term}]"
)
SEQ_NO_NOT_FOUND = Words("required seqNo [{seq_no}], primary term [{term}]. but no document was found")
WRONG_VERSION = Words("current version [{current}] is different than the one provided [{given}]")
NOT_HIGHER_VERSION = Words("current version [{current}] is higher or equal to the one provided [{given}]")
NO_WRITE_INDEX = (
    "no write index is defined for alias [{alias}]. The write index may be explicitly disabled using is_write_index=false or"
    " the alias points to multiple indices without one being designated as a write index"
)
ALIAS_IS_INDEX = "Invalid alias name [{alias}]: an index or data stream exists with the same name as the alias"
MATCHES_ALIAS = "The provided expression [{name}] matches an alias, specify the corresponding concrete indices instead."
INDEX_IS_ALIAS = "Invalid index name [{name}], already exists as alias"
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
MANY_INDICES = "alias [{alias}] has more than one index associated with it [{names}], can't execute a single index op"
TYPE_MISSING = "type [[{type}]] missing"
TYPE_IN_PUT = "Types cannot be provided in put mapping requests, unless the include_type_name parameter is set to true."
NO_ALIAS_ACTIONS = "Must specify at least one alias action"
UNKNOWN_ALIAS_ACTION = "an alias action must be one of [add], [remove] and [remove_index]"
ALIAS_NEEDS = "One of [{what}] is required"
ALIASES_MISSING = "aliases [{names}] missing"
NO_MAPPING_TYPE = "mapping type is missing"
BAD_LEVEL = "level parameter must be one of [cluster] or [indices] or [shards] but was [{value}]"
NO_METRIC = "request [{path}] contains unrecognized metric: {names}"
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

CLOSING_DISABLED = (
    "closing indices is disabled - set [cluster.indices.close.enable: true] to enable it. "
    "NOTE: Closed indices still consume a significant amount of diskspace"
)
IGNORE_THROTTLED_DEPRECATED = (
    "[ignore_throttled] parameter is deprecated because frozen indices have been deprecated."
    " Consider cold or frozen tiers in place of frozen indices."
)
