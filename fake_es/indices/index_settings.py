"""Which settings an index may have, and which of them may still be changed (``IndexScopedSettings``)."""

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

# Fixed when the index is made.
_FINAL = frozenset({
    "number_of_shards", "number_of_routing_shards", "routing_partition_size", "sort.field", "sort.order", "sort.mode",
    "sort.missing", "mode", "time_series.start_time", "routing_path", "soft_deletes.enabled",
})  # fmt: skip
# To be changed while the index is closed.
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
# Families whose members nobody lists.
_FAMILIES = (
    "analysis.", "similarity.", "lifecycle.", "routing.allocation.", "routing.rebalance.", "search.slowlog.",
    "indexing.slowlog.", "merge.", "xpack.", "frozen", "plugin.", "sort.", "store.",
)  # fmt: skip
# Kept by the server itself.
_PRIVATE = frozenset({"uuid", "creation_date", "version.created", "version.upgraded", "provided_name", "history.uuid"})

_SMALLEST = {
    "number_of_shards": 1, "number_of_replicas": 0, "max_result_window": 1, "mapping.total_fields.limit": 0,
    "mapping.depth.limit": 1, "max_regex_length": 1,
}  # fmt: skip
_MOST_SHARDS = 1024
# What the other settings take; those that are not named take any text.
_WHOLE = re.compile(
    r"max_\w+|mapping\.\w+\.limit|priority|highlight\.max_analyzed_offset|analyze\.max_token_count"
    r"|allocation\.max_retries|number_of_routing_shards|routing_partition_size"
)
_TIMES = frozenset({
    "refresh_interval", "gc_deletes", "search.idle.after", "translog.sync_interval", "translog.retention.age",
    "unassigned.node_left.delayed_timeout", "soft_deletes.retention_lease.period", "look_ahead_time", "look_back_time",
})  # fmt: skip
_TRUTHS = frozenset({
    "hidden", "search.throttled", "query_string.lenient", "requests.cache.enable", "queries.cache.enabled", "warmer.enabled",
    "blocks.read_only", "blocks.read_only_allow_delete", "blocks.read", "blocks.write", "blocks.metadata",
    "soft_deletes.enabled", "load_fixed_bitset_filters_eagerly",
})  # fmt: skip
_LISTS = ("query.default_field", "sort.", "routing_path", "store.preload", "analysis.", "time_series.", "similarity.")
_FAR = 0.3
_DEFAULTS = {
    "refresh_interval": "1s", "max_result_window": "10000", "max_inner_result_window": "100", "hidden": "false",
    "mapping.total_fields.limit": "1000", "mapping.depth.limit": "20", "blocks.read_only": "false", "blocks.write": "false",
    "auto_expand_replicas": "false", "codec": "default", "priority": "1", "gc_deletes": "60s",
}  # fmt: skip


def defaults(settings: Mapping[str, Any]) -> Flat:
    """Settings an index has without anybody's having made them."""
    return {f"index.{name}": value for name, value in _DEFAULTS.items() if f"index.{name}" not in settings}


def check_settings(settings: Mapping[str, Any], release: tuple[int, ...]) -> None:
    """Refuse settings that no index may be made with.

    :raises IllegalArgument: an unknown name, one that only the server may set, or a value that does not fit.
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
    # Settings have to be closer than other names (``AbstractScopedSettings``).
    close = (f"index.{name}" for name in _FINAL | _STATIC | _DYNAMIC)
    most = max(len(setting), 1) * _FAR
    hint = did_you_mean(setting, [name for name in close if edits(setting, name) < most])
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
    elif name in _TRUTHS and value not in ("true", "false"):
        raise IllegalArgument(messages.BAD_SETTING.format(value=value, setting=setting))
    least = _SMALLEST.get(name, INT_MIN if _WHOLE.fullmatch(name) else None)
    if least is None:
        return
    number = whole(value, INT_MIN, INT_MAX) if isinstance(value, str) else None
    if number is None:
        raise IllegalArgument(messages.BAD_SETTING.format(value=value, setting=setting))
    if number < least:
        raise IllegalArgument(messages.SETTING_TOO_SMALL.format(value=value, setting=setting, least=least))
    if name == "number_of_shards" and number > _MOST_SHARDS:
        raise IllegalArgument(messages.SETTING_TOO_BIG.format(value=value, setting=setting, most=_MOST_SHARDS))


def check_update(index: Index, settings: Mapping[str, Any]) -> None:
    """Refuse settings that this index can no longer change.

    :raises IllegalArgument: it is fixed, or the index is open.
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
    """Change settings of an index; null takes one back, ``keep`` leaves those alone that are made already."""
    made = ("index.number_of_replicas",)
    for setting, value in settings.items():
        if keep and setting in index.settings:
            continue
        if value is None and setting in made:
            index.settings[setting] = "1"
        elif value is None:
            index.settings.pop(setting, None)
        else:
            index.settings[setting] = value
    index.mapping.take_limits(index.settings)
