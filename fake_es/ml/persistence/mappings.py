"""Mappings of the indices that ML writes to (``results_index_mappings.json`` and its kin), as tables of names by type."""

from __future__ import annotations

from typing import Any

Tree = dict[str, Any]
Release = tuple[int, ...]

# Fields that results did not have from the beginning. Those of ``causes`` go by the same names.
RESULTS_SINCE: dict[str, Release] = {
    "scheduled_events": (6, 2),
    "multi_bucket_impact": (6, 5),
    "geo_results": (7, 6),
    "num_matches": (7, 8),
    "anomaly_score_explanation": (8, 6),
}
# And parts of ``anomaly_score_explanation`` that came later than the whole (``AnomalyScoreExplanation.java``).
EXPLANATION_SINCE: dict[str, Release] = {
    "multimodal_distribution": (8, 7),
    "by_field_first_occurrence": (8, 8),
    "by_field_relative_rarity": (8, 8),
}

# And fields of the mapping alone (elastic/elasticsearch#44683, #90812 and #148583).
_MAPPED_SINCE: dict[str, Release] = {
    "exponential_average_calculation_context": (7, 4),
    "@timestamp": (8, 6),
    "event": (9, 5),
}
_SIZES_SINCE: dict[str, Release] = {"peak_model_bytes": (7, 9)}
# Where values of the data are gathered, and looked for by searches that name no field (``ElasticsearchMappings``).
ALL_FIELD_VALUES = "all_field_values"
_GATHERED = ("by_field_value", "over_field_value", "partition_field_value")

# Every name that results have of their own: a field of the data that is called so gets no field of its own.
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
# What an average over an hour goes on from: of the documents of timings.
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
    """Of some fields those that a release has."""
    return {name: field for name, field in fields.items() if since.get(name, ()) <= release}


def _gathered(fields: Tree, *names: str) -> Tree:
    """Fields, of which these are copied to the one of all values."""
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
    """Which release the mapping is of: from 8.11 always that one (elastic/elasticsearch#99942), with a number of its own."""
    shown = release[:3] if release < (8, 11) else (8, 11, 0)
    meta: Tree = {"version": ".".join(map(str, shown))}
    return meta | ({"managed_index_mappings_version": 1 if release < (9, 5) else 2} if release >= (8, 10) else {})


def _dynamic(release: Release) -> list[Tree]:
    """What is not named becomes a keyword, before 8.18 (elastic/elasticsearch#118845) even an object: that is refused."""
    if release < (8, 18):
        return [{"strings_as_keywords": _KEYWORD}]
    objects = {"match_mapping_type": "object", "mapping": {"type": "object"}}
    return [{"map_objects": objects}, {"non_objects_as_keywords": _KEYWORD}]


def results_mapping(release: Release) -> Tree:
    """Of results. 5.4 leaves what is not named to dynamic mapping, and does not say its version.

    Of the server's files one has the first ten parts of an explanation and later ones have all; each is taken to have come
    with the release that writes it. Some counts that the server does not name, and so has as keywords, are numbers here.
    """
    properties = _result_fields(release)
    if release < (5, 5):
        return {"properties": properties}
    return {"_meta": _meta(release), "dynamic_templates": _dynamic(release), "properties": properties}


def state_mapping() -> Tree:
    """Of models and quantiles: none of it can be searched."""
    return {"enabled": False}


def config_mapping() -> Tree:
    """Of the configurations of jobs and datafeeds."""
    return {"dynamic": "false", "properties": _typed(_CONFIG)}


def meta_mapping() -> Tree:
    """Of calendars, their events, and filters."""
    return {"dynamic_templates": _STRINGS, "properties": _typed(_META)}


def notifications_mapping() -> Tree:
    """Of audit messages."""
    properties = _typed({"keyword": "job_id level node_name job_type", "date": "timestamp"})
    message = {"type": "text", "fields": {"raw": {"type": "keyword", "ignore_above": 1024}}}
    return {"dynamic": "false", "properties": properties | {"message": message}}


def annotations_mapping() -> Tree:
    """Of annotations."""
    return {"dynamic_templates": _STRINGS, "properties": _typed(_ANNOTATIONS)}


# Fields of the data that are called so get no field of their own in results, whatever the release.
RESERVED = frozenset({
    *_typed(_RESULTS), *_NESTED, *_OBJECTS.keys() - {"@timestamp", "event"}, *_typed(_CONTEXT), *_POINTS["properties"],
    "anomaly_score_explanation", "exponential_average_calculation_context", "model_size_stats", "influencer_field_values",
    "records", "_id", "_index",
})  # fmt: skip
