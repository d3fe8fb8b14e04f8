"""The settings of indices: which exist, which values they take, and which can be updated (``IndexScopedSettings``)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fake_es.indices import messages
from fake_es.indices.index import Index
from fake_es.wire.durations import parse_time_value
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument
from fake_es.wire.numbers import INT_MAX, INT_MIN, whole
from fake_es.wire.similarity import did_you_mean, edits

Flat = dict[str, Any]

# Can be set only when the index is created.
_FINAL = frozenset({
    "number_of_shards", "number_of_routing_shards", "routing_partition_size", "sort.field", "sort.order", "sort.mode",
    "sort.missing", "mode", "time_series.start_time", "routing_path", "soft_deletes.enabled",
})  # fmt: skip
# Can be updated only while the index is closed.
_STATIC = frozenset({
    "codec", "shard.check_on_startup", "load_fixed_bitset_filters_eagerly", "store.type", "store.preload", "mapper.dynamic",
    "mapping.single_type", "mapping.coerce", "mapping.ignore_malformed", "query.parse.allow_unmapped_fields",
    "mapping.source.mode", "mapping.synthetic_source_keep",
})  # fmt: skip
_DYNAMIC = frozenset({
    "number_of_replicas", "auto_expand_replicas", "refresh_interval", "max_result_window", "max_inner_result_window",
    "max_rescore_window", "max_docvalue_fields_search", "max_script_fields", "max_ngram_diff", "max_shingle_diff",
    "max_refresh_listeners", "max_slices_per_scroll", "max_terms_count", "max_regex_length", "max_adjacency_matrix_filters",
    "highlight.max_analyzed_offset", "analyze.max_token_count", "gc_deletes", "default_pipeline", "final_pipeline", "hidden",
    "search.idle.after", "search.throttled", "priority", "query.default_field", "query_string.lenient", "requests.cache.enable",
    "queries.cache.enabled", "warmer.enabled", "translog.durability", "translog.sync_interval", "translog.flush_threshold_size",
    "translog.generation_threshold_size", "translog.retention.age", "translog.retention.size", "ttl.disable_purge",
    "unassigned.node_left.delayed_timeout", "write.wait_for_active_shards", "flush_after_merge", "look_ahead_time",
    "look_back_time", "blocks.read_only", "blocks.read_only_allow_delete", "blocks.read", "blocks.write", "blocks.metadata",
    "mapping.total_fields.limit", "mapping.total_fields.ignore_dynamic_beyond_limit", "mapping.depth.limit",
    "mapping.nested_fields.limit", "mapping.nested_objects.limit", "mapping.field_name_length.limit",
    "mapping.dimension_fields.limit", "compound_format", "soft_deletes.retention.operations",
    "soft_deletes.retention_lease.period", "allocation.max_retries", "dense_vector.hnsw_filter_heuristic",
})  # fmt: skip
# Prefixes of names that are not checked further.
_FAMILIES = (
    "analysis.", "similarity.", "lifecycle.", "routing.allocation.", "routing.rebalance.", "search.slowlog.",
    "indexing.slowlog.", "merge.", "xpack.", "frozen", "plugin.", "sort.", "store.",
)  # fmt: skip
# Set by the server itself.
_PRIVATE = frozenset({"uuid", "creation_date", "version.created", "version.upgraded", "provided_name", "history.uuid"})

_SMALLEST = {
    "number_of_shards": 1, "number_of_replicas": 0, "max_result_window": 1, "mapping.total_fields.limit": 0,
    "mapping.depth.limit": 1, "max_regex_length": 1,
}  # fmt: skip
_MAX_SHARDS = 1024
# Types of values. Settings without a type take any text.
_WHOLE = re.compile(
    r"max_\w+|mapping\.\w+\.limit|priority|highlight\.max_analyzed_offset|analyze\.max_token_count"
    r"|allocation\.max_retries|number_of_routing_shards|routing_partition_size"
)
_TIMES = frozenset({
    "refresh_interval", "gc_deletes", "search.idle.after", "translog.sync_interval", "translog.retention.age",
    "unassigned.node_left.delayed_timeout", "soft_deletes.retention_lease.period", "look_ahead_time", "look_back_time",
})  # fmt: skip
_BOOLEANS = frozenset({
    "hidden", "search.throttled", "query_string.lenient", "requests.cache.enable", "queries.cache.enabled", "warmer.enabled",
    "blocks.read_only", "blocks.read_only_allow_delete", "blocks.read", "blocks.write", "blocks.metadata",
    "soft_deletes.enabled", "load_fixed_bitset_filters_eagerly",
})  # fmt: skip
_LISTS = ("query.default_field", "sort.", "routing_path", "store.preload", "analysis.", "time_series.", "similarity.")
# Suggestions for unknown names differ in less than this share of the letters.
_MAX_DISTANCE = 0.3
_DEFAULTS = {
    "refresh_interval": "1s", "max_result_window": "10000", "max_inner_result_window": "100", "hidden": "false",
    "mapping.total_fields.limit": "1000", "mapping.depth.limit": "20", "blocks.read_only": "false", "blocks.write": "false",
    "auto_expand_replicas": "false", "codec": "default", "priority": "1", "gc_deletes": "60s",
}  # fmt: skip


def defaults(settings: Mapping[str, Any]) -> Flat:
    """The default values of settings that are not set."""
    return {f"index.{name}": value for name, value in _DEFAULTS.items() if f"index.{name}" not in settings}


def check_settings(settings: Mapping[str, Any], release: tuple[int, ...]) -> None:
    """Check settings for a new index.

    :raises IllegalArgument: an unknown setting, one that only the server sets, or a wrong value.
    :raises ActionRequestValidation: up to 6.x, a setting that only the server sets.
    """
    for setting, value in settings.items():
        name = setting.removeprefix("index.")
        if name in _PRIVATE:
            text = messages.PRIVATE_SETTING.format(setting=setting)
            raise ActionRequestValidation(text) if release < (7, 0) else IllegalArgument(text)
        if name not in _FINAL | _STATIC | _DYNAMIC and not name.startswith(_FAMILIES):
            raise IllegalArgument(_unknown(setting))
        _check_value(setting, name, value, release)


def _unknown(setting: str) -> str:
    # Suggested settings must be closer than other suggestions (``AbstractScopedSettings``).
    known = (f"index.{name}" for name in _FINAL | _STATIC | _DYNAMIC)
    most = max(len(setting), 1) * _MAX_DISTANCE
    hint = did_you_mean(setting, [name for name in known if edits(setting, name) < most])
    text = messages.SIMILAR_SETTING if hint else messages.UNKNOWN_SETTING
    return text.format(setting=setting, hint=hint)


def _check_value(setting: str, name: str, value: Any, release: tuple[int, ...]) -> None:
    if value is None:
        return
    if isinstance(value, list):
        if not name.startswith(_LISTS):
            raise IllegalArgument(messages.LIST_SETTING.format(setting=setting))
        return
    if name in _TIMES:
        parse_time_value(value, setting, release)
    elif name in _BOOLEANS and value not in ("true", "false"):
        raise IllegalArgument(messages.BAD_SETTING.format(value=value, setting=setting))
    least = _SMALLEST.get(name, INT_MIN if _WHOLE.fullmatch(name) else None)
    if least is None:
        return
    number = whole(value, INT_MIN, INT_MAX) if isinstance(value, str) else None
    if number is None:
        raise IllegalArgument(messages.BAD_SETTING.format(value=value, setting=setting))
    if number < least:
        raise IllegalArgument(messages.SETTING_TOO_SMALL.format(value=value, setting=setting, least=least))
    if name == "number_of_shards" and number > _MAX_SHARDS:
        raise IllegalArgument(messages.SETTING_TOO_BIG.format(value=value, setting=setting, most=_MAX_SHARDS))


def check_update(index: Index, settings: Mapping[str, Any]) -> None:
    """Check that settings of an existing index can be updated.

    :raises IllegalArgument: a final setting, or a static one while the index is open.
    """
    names = {setting: setting.removeprefix("index.") for setting in settings}
    for setting, name in names.items():
        if name in _FINAL:
            raise IllegalArgument(messages.FINAL_SETTING.format(index=index.name, setting=setting))
    static = sorted(setting for setting, name in names.items() if name in _STATIC or name.startswith("analysis."))
    if static and not index.closed:
        text = messages.STATIC_SETTINGS.format(settings=", ".join(static), index=index.name, uuid=index.uuid)
        raise IllegalArgument(text)


def update(index: Index, settings: Mapping[str, Any], *, keep: bool = False) -> None:
    """Update settings of an index. A null resets a setting to its default; ``keep`` skips settings that are already set."""
    for setting, value in settings.items():
        if keep and setting in index.settings:
            continue
        if value is None and setting == "index.number_of_replicas":
            index.settings[setting] = "1"
        elif value is None:
            index.settings.pop(setting, None)
        else:
            index.settings[setting] = value
    index.mapping.take_limits(index.settings)
