"""Mappings of ML's indices as tables of field names by type (``results_index_mappings.json`` and similar files)."""

from __future__ import annotations

from typing import Any

Tree = dict[str, Any]
Release = tuple[int, ...]

# First releases of fields that 5.4 does not have. Fields in ``causes`` have the same releases.
RESULTS_SINCE: dict[str, Release] = {
    "scheduled_events": (6, 2),
    "multi_bucket_impact": (6, 5),
    "geo_results": (7, 6),
    "num_matches": (7, 8),
    "anomaly_score_explanation": (8, 6),
}
# First releases of fields of ``anomaly_score_explanation`` that are newer than it (``AnomalyScoreExplanation.java``).
EXPLANATION_SINCE: dict[str, Release] = {
    "multimodal_distribution": (8, 7),
    "by_field_first_occurrence": (8, 8),
    "by_field_relative_rarity": (8, 8),
}

# First releases of fields of the mapping that no result has at its top (elastic/elasticsearch#44683, #90812 and #148583).
_MAPPED_SINCE: dict[str, Release] = {
    "exponential_average_calculation_context": (7, 4),
    "@timestamp": (8, 6),
    "event": (9, 5),
}
_SIZES_SINCE: dict[str, Release] = {"peak_model_bytes": (7, 9)}
# The field to which values of the data are copied. Searches without a field use it (``ElasticsearchMappings``).
ALL_FIELD_VALUES = "all_field_values"
_GATHERED = ("by_field_value", "over_field_value", "partition_field_value")

# All field names of results. A field of the data with such a name gets no field in the results.
_RESULTS = {
    "keyword": """job_id result_type by_field_name by_field_value over_field_name over_field_value partition_field_name
        partition_field_value correlated_by_field_value function function_description field_name influencer_field_name
        influencer_field_value forecast_id forecast_status forecast_messages model_feature snapshot_id min_version
        categorization_status memory_status assignment_memory_basis mlcategory datafeed_id""",
    "date": """timestamp log_time latest_record_timestamp earliest_record_timestamp last_data_time
        latest_empty_bucket_timestamp latest_sparse_bucket_timestamp latest_record_time_stamp latest_result_time_stamp
        forecast_create_timestamp forecast_start_timestamp forecast_end_timestamp forecast_expiry_timestamp""",
    "double": """actual typical probability multi_bucket_impact anomaly_score initial_anomaly_score raw_anomaly_score
        record_score initial_record_score influencer_score initial_influencer_score model_lower model_upper model_median
        forecast_lower forecast_upper forecast_prediction forecast_progress total_bucket_processing_time_ms
        minimum_bucket_processing_time_ms maximum_bucket_processing_time_ms average_bucket_processing_time_ms
        exponential_average_bucket_processing_time_ms exponential_average_bucket_processing_time_per_hour_ms
        total_search_time_ms average_search_time_per_bucket_ms exponential_average_search_time_per_hour_ms""",
    "long": """bucket_span event_count processing_time_ms detector_count bucket_count search_count processed_record_count
        processed_field_count input_bytes input_record_count input_field_count invalid_date_count missing_field_count
        out_of_order_timestamp_count empty_bucket_count sparse_bucket_count category_id max_matching_length num_matches
        preferred_to_categories model_bytes model_bytes_exceeded model_bytes_memory_limit peak_model_bytes
        output_memory_allocator_bytes total_by_field_count total_over_field_count total_partition_field_count
        bucket_allocation_failures_count categorized_doc_count total_category_count frequent_category_count
        rare_category_count dead_category_count failed_category_count forecast_memory_bytes""",
    "integer": "detector_index snapshot_doc_count",
    "boolean": "is_interim retain",
    "text": "terms examples description",
}
_ANNOTATIONS = {
    "keyword": """event type create_username modified_username job_id partition_field_name partition_field_value
        over_field_name over_field_value by_field_name by_field_value""",
    "date": "timestamp end_timestamp create_time modified_time",
    "integer": "detector_index",
    "text": "annotation",
}
_CONFIG = {
    "keyword": """job_id job_type job_version groups datafeed_id config_type results_index_name model_snapshot_id
        model_snapshot_min_version indices id version""",
    "date": "create_time finished_time",
    "long": """model_snapshot_retention_days daily_model_snapshot_retention_after_days renormalization_window_days
        results_retention_days""",
    "text": "description",
    "boolean": "allow_lazy_open deleting",
}
_META = {
    "keyword": "calendar_id job_ids filter_id type event_id description",
    "date": "start_time end_time",
}
_NESTED = {
    "bucket_influencers": """anomaly_score:double initial_anomaly_score:double raw_anomaly_score:double
        probability:double influencer_field_name:keyword job_id:keyword result_type:keyword timestamp:date
        bucket_span:long is_interim:boolean""",
    "influencers": "influencer_field_name:keyword influencer_field_values:keyword",
    "causes": """actual:double typical:double probability:double by_field_name:keyword by_field_value:keyword
        over_field_name:keyword over_field_value:keyword partition_field_name:keyword partition_field_value:keyword
        correlated_by_field_value:keyword function:keyword function_description:keyword field_name:keyword""",
}  # fmt: skip
_PARTITION_SCORES = """partition_field_name:keyword partition_field_value:keyword initial_anomaly_score:double
    probability:double"""
_SIZES = {
    "keyword": "job_id result_type memory_status assignment_memory_basis",
    "date": "timestamp log_time",
    "long": """model_bytes peak_model_bytes total_by_field_count total_over_field_count total_partition_field_count
        bucket_allocation_failures_count""",
}
# The state of the hourly average in documents of timing statistics.
_CONTEXT = {"double": "incremental_metric_value_ms previous_exponential_average_ms", "date": "latest_timestamp"}
_EXPLANATION = {
    "keyword": "anomaly_type",
    "integer": "anomaly_length single_bucket_impact multi_bucket_impact anomaly_characteristics_impact",
    "double": "lower_confidence_bound typical_value upper_confidence_bound by_field_relative_rarity",
    "boolean": "high_variance_penalty incomplete_bucket_penalty multimodal_distribution by_field_first_occurrence",
}
_POINTS: Tree = {"properties": {"actual_point": {"type": "geo_point"}, "typical_point": {"type": "geo_point"}}}
_OBJECTS: Tree = {
    "regex": {"type": "keyword"},
    "scheduled_events": {"type": "keyword"},
    "quantiles": {"type": "object", "enabled": False},
    "geo_results": _POINTS,
    ALL_FIELD_VALUES: {"type": "text", "analyzer": "whitespace"},
    "@timestamp": {"type": "alias", "path": "timestamp"},
    "event": {"properties": {"ingested": {"type": "date"}}},
}
_KEYWORD: Tree = {"match": "*", "mapping": {"type": "keyword"}}
_STRINGS = [{"strings_as_keywords": {"match": "*", "match_mapping_type": "string", "mapping": {"type": "keyword"}}}]


def _typed(table: dict[str, str]) -> Tree:
    return {name: {"type": kind} for kind, names in table.items() for name in names.split()}


def _nested(text: str) -> Tree:
    fields = (word.split(":") for word in text.split())
    return {"type": "nested", "properties": {name: {"type": kind} for name, kind in fields}}


def _known(fields: Tree, since: dict[str, Release], release: Release) -> Tree:
    """Those of the fields that a release has."""
    return {name: field for name, field in fields.items() if since.get(name, ()) <= release}


def _gathered(fields: Tree, *names: str) -> Tree:
    """The fields, with those named copied to ``all_field_values``."""
    return fields | {name: fields[name] | {"copy_to": [ALL_FIELD_VALUES]} for name in names}


def _result_fields(release: Release) -> Tree:
    fields = _typed(_RESULTS) | {name: _nested(text) for name, text in _NESTED.items()} | _OBJECTS
    causes, influencers = fields["causes"], fields["influencers"]
    causes["properties"] = _gathered(causes["properties"], *_GATHERED, "correlated_by_field_value")
    causes["properties"] |= _known({"geo_results": _POINTS}, RESULTS_SINCE, release)
    influencers["properties"] = _gathered(influencers["properties"], "influencer_field_values")
    fields["anomaly_score_explanation"] = {"properties": _known(_typed(_EXPLANATION), EXPLANATION_SINCE, release)}
    fields["model_size_stats"] = {"properties": _known(_typed(_SIZES), _SIZES_SINCE, release)}
    fields["exponential_average_calculation_context"] = {"properties": _typed(_CONTEXT)}
    if release < (6, 5):
        fields["partition_scores"] = _nested(_PARTITION_SCORES)
    return _known(_gathered(fields, *_GATHERED, "job_id", "influencer_field_value"), RESULTS_SINCE | _MAPPED_SINCE, release)


def _meta(release: Release) -> Tree:
    """``_meta`` with the version of the mapping; from 8.11 always 8.11 and a separate number (elastic/elasticsearch#99942)."""
    shown = release[:3] if release < (8, 11) else (8, 11, 0)
    meta: Tree = {"version": ".".join(map(str, shown))}
    return meta | ({"managed_index_mappings_version": 1 if release < (9, 5) else 2} if release >= (8, 10) else {})


def _dynamic(release: Release) -> list[Tree]:
    """The dynamic template: unknown fields become keywords.

    Before 8.18 this includes objects, which are then refused (elastic/elasticsearch#118845).
    """
    if release < (8, 18):
        return [{"strings_as_keywords": _KEYWORD}]
    objects = {"match_mapping_type": "object", "mapping": {"type": "object"}}
    return [{"map_objects": objects}, {"non_objects_as_keywords": _KEYWORD}]


def results_mapping(release: Release) -> Tree:
    """The mapping of results. In 5.4 it has no version, and unknown fields are mapped dynamically.

    The releases of the parts of an explanation are those that write them, because the server's files do not tell. Some
    counts are numbers here although the server does not map them and so stores keywords.
    """
    properties = _result_fields(release)
    if release < (5, 5):
        return {"properties": properties | {"sequence_num": {"type": "integer"}}}
    return {"_meta": _meta(release), "dynamic_templates": _dynamic(release), "properties": properties}


def state_mapping() -> Tree:
    """The mapping of models and quantiles, without any searchable field."""
    return {"enabled": False}


def config_mapping() -> Tree:
    """The mapping of configurations of jobs and datafeeds."""
    return {"dynamic": "false", "properties": _typed(_CONFIG)}


def meta_mapping() -> Tree:
    """The mapping of calendars, events and filters."""
    return {"dynamic_templates": _STRINGS, "properties": _typed(_META)}


def notifications_mapping() -> Tree:
    """The mapping of audit messages."""
    properties = _typed({"keyword": "job_id level node_name job_type", "date": "timestamp"})
    message = {"type": "text", "fields": {"raw": {"type": "keyword", "ignore_above": 1024}}}
    return {"dynamic": "false", "properties": properties | {"message": message}}


def annotations_mapping() -> Tree:
    """The mapping of annotations."""
    return {"dynamic_templates": _STRINGS, "properties": _typed(_ANNOTATIONS)}


# Reserved names in all releases: a field of the data with such a name gets no field in the results.
RESERVED = frozenset({
    *_typed(_RESULTS), *_NESTED, *_OBJECTS.keys() - {"@timestamp", "event"}, *_typed(_CONTEXT), *_POINTS["properties"],
    "anomaly_score_explanation", "exponential_average_calculation_context", "model_size_stats", "influencer_field_values",
    "records", "_id", "_index",
})  # fmt: skip
