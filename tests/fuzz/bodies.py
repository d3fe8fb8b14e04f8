"""Good bodies to begin with, by operation: JSON trees, or text where the body is none; and names that fields have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

START = 1_464_739_200_000
HOUR = 3_600_000

DETECTOR: dict[str, Any] = {"function": "mean", "field_name": "value", "by_field_name": "host", "use_null": False}
JOB: dict[str, Any] = {
    "analysis_config": {"bucket_span": "1h", "detectors": [DETECTOR], "influencers": ["host"]},
    "data_description": {"time_field": "time", "time_format": "epoch_ms"},
}
RICH_JOB: dict[str, Any] = {
    **JOB,
    "description": "All of it",
    "groups": ["g"],
    "analysis_config": {
        "bucket_span": "5m", "latency": "1h", "categorization_field_name": "message", "categorization_filters": ["a.*"],
        "summary_count_field_name": "n", "model_prune_window": "30d", "multivariate_by_fields": False,
        "per_partition_categorization": {"enabled": True, "stop_on_warn": True},
        "detectors": [
            {"function": "count", "by_field_name": "mlcategory", "partition_field_name": "host"},
            {"function": "rare", "by_field_name": "host", "exclude_frequent": "all", "detector_description": "r",
             "custom_rules": [{"actions": ["skip_result"], "scope": {"host": {"filter_id": "filt", "filter_type": "include"}},
                               "conditions": [{"applies_to": "actual", "operator": "gt", "value": 3.0}]}]},
        ],
    },
    "analysis_limits": {"model_memory_limit": "10mb", "categorization_examples_limit": 4},
    "model_plot_config": {"enabled": True, "terms": "a,b", "annotations_enabled": True},
    "custom_settings": {"x": [1, {"y": None}]},
    "background_persist_interval": "2h", "renormalization_window_days": 3, "results_retention_days": 5,
    "model_snapshot_retention_days": 5, "daily_model_snapshot_retention_after_days": 2, "results_index_name": "own",
    "allow_lazy_open": True,
}  # fmt: skip
AGGREGATIONS: dict[str, Any] = {
    "buckets": {
        "date_histogram": {"field": "time", "fixed_interval": "1h", "time_zone": "UTC"},
        "aggregations": {
            "time": {"max": {"field": "time"}},
            "hosts": {
                "terms": {"field": "host", "size": 10, "order": {"_key": "asc"}},
                "aggs": {"v": {"avg": {"field": "value"}}},
            },
            "d": {"derivative": {"buckets_path": "time"}},
        },
    }
}
QUERY: dict[str, Any] = {
    "bool": {
        "must": [{"match_all": {}}, {"term": {"host": {"value": "web"}}}],
        "filter": [
            {"range": {"time": {"gte": "now-20y", "lt": "now", "format": "epoch_millis"}}},
            {"exists": {"field": "value"}},
        ],
        "should": [{"match": {"message": "failed"}}, {"query_string": {"query": "host:web AND value:>1"}}],
        "must_not": {"terms": {"host": ["x", "y"]}},
        "minimum_should_match": 0,
    }
}
FEED: dict[str, Any] = {
    "job_id": "b", "indices": ["logs"], "query": {"match_all": {}}, "query_delay": "60s", "frequency": "10m",
    "scroll_size": 100, "chunking_config": {"mode": "manual", "time_span": "1h"}, "max_empty_searches": 5,
    "delayed_data_check_config": {"enabled": True, "check_window": "2h"},
    "script_fields": {"s": {"script": {"source": "doc['value'].value * params.f", "lang": "painless", "params": {"f": 2}}}},
    "indices_options": {"expand_wildcards": ["open"], "ignore_unavailable": True, "allow_no_indices": True},
    "runtime_mappings": {"r": {"type": "long", "script": "emit(1)"}},
}  # fmt: skip
AGGREGATED_FEED: dict[str, Any] = {"job_id": "b", "indices": ["logs"], "aggregations": AGGREGATIONS}
SEARCH: dict[str, Any] = {
    "query": QUERY, "size": 5, "from": 0, "sort": [{"time": {"order": "desc", "missing": "_last"}}, "_score"],
    "aggs": AGGREGATIONS, "_source": {"includes": ["h*"], "excludes": ["x"]}, "track_total_hits": True,
    "docvalue_fields": [{"field": "time", "format": "epoch_millis"}], "collapse": {"field": "host"}, "search_after": [1, 2],
    "script_fields": {"s": {"script": "doc['value'].value"}}, "runtime_mappings": {"r": {"type": "keyword"}}, "timeout": "1s",
}  # fmt: skip
DOCUMENT: dict[str, Any] = {"time": START, "value": 1.5, "host": "web", "message": "it failed", "nested": {"a": [1, 2]}}
PAGE: dict[str, Any] = {
    "start": "2016-06-01", "end": str(START + 9 * HOUR), "page": {"from": 0, "size": 5}, "sort": "timestamp", "desc": True,
    "exclude_interim": False, "expand": True,
}  # fmt: skip
RECORDS = "".join(json.dumps({"time": START + place * HOUR, "value": place, "host": "web"}) + "\n" for place in range(5))
EVENT: dict[str, Any] = {"description": "feast", "start_time": START, "end_time": START + HOUR, "calendar_id": "cal"}

BODIES: dict[str, list[Any]] = {
    "ml.put_job": [JOB, RICH_JOB, {**JOB, "datafeed_config": {"indices": ["logs"]}}],
    "ml.update_job": [
        {key: RICH_JOB[key] for key in ("description", "groups", "analysis_limits", "model_plot_config", "custom_settings")},
        {"detectors": [{"detector_index": 0, "description": "d", "custom_rules": []}], "background_persist_interval": "2h"},
    ],
    "ml.open_job": [{"timeout": "1m"}],
    "ml.close_job": [{"timeout": "1m", "force": True, "allow_no_match": True}],
    "ml.flush_job": [
        {"calc_interim": True, "start": str(START), "end": str(START + HOUR)},
        {"advance_time": str(START + 9 * HOUR)},
    ],
    "ml.post_data": [RECORDS, "time,value,host\n1464739200000,1,web\n", "[" + RECORDS.strip().replace("\n", ",") + "]"],
    "ml.forecast": [{"duration": "1d", "expires_in": "2d", "max_model_memory": "20mb"}],
    "ml.get_buckets": [{**PAGE, "anomaly_score": 0.0}],
    "ml.get_records": [{**PAGE, "record_score": 0.0}],
    "ml.get_influencers": [{**PAGE, "influencer_score": 0.0}],
    "ml.get_categories": [{"page": {"from": 0, "size": 5}}],
    "ml.get_overall_buckets": [{"top_n": 1, "bucket_span": "1h", "overall_score": 0.0, "start": "now-1d"}],
    "ml.get_model_snapshots": [{**PAGE, "snapshot_id": "snap"}],
    "ml.update_model_snapshot": [{"description": "d", "retain": True}],
    "ml.revert_model_snapshot": [{"delete_intervening_results": True}],
    "ml.put_datafeed": [FEED, AGGREGATED_FEED],
    "ml.update_datafeed": [{key: FEED[key] for key in ("indices", "query", "scroll_size", "chunking_config", "frequency")}],
    "ml.start_datafeed": [{"start": "0", "end": "now", "timeout": "20s"}],
    "ml.stop_datafeed": [{"force": True, "timeout": "20s", "allow_no_match": True}],
    "ml.preview_datafeed": [{"datafeed_config": feed, "job_config": JOB} for feed in (FEED, AGGREGATED_FEED)],
    "ml.put_calendar": [{"description": "d", "job_ids": ["a"]}],
    "ml.post_calendar_events": [{"events": [EVENT]}],
    "ml.get_calendars": [{"page": {"from": 0, "size": 5}}],
    "ml.put_filter": [{"description": "d", "items": ["a", "*.b"]}],
    "ml.update_filter": [{"description": "d", "add_items": ["c"], "remove_items": ["a"]}],
    "ml.validate_detector": [DETECTOR],
    "ml.validate": [JOB, RICH_JOB],
    "ml.estimate_model_memory": [
        {"analysis_config": JOB["analysis_config"], "overall_cardinality": {"host": 10}, "max_bucket_cardinality": {"host": 9}}
    ],
    "search": [SEARCH, {"query": QUERY}, {"aggs": AGGREGATIONS, "size": 0}],
    "count": [{"query": QUERY}],
    "delete_by_query": [{"query": QUERY, "max_docs": 1}],
    "update_by_query": [{"query": QUERY, "script": {"source": "ctx._source.value += 1"}}],
    "msearch": ['{"index":"logs"}\n{"query":{"match_all":{}}}\n', "{}\n{}\n"],
    "mget": [{"docs": [{"_index": "logs", "_id": "1"}]}, {"ids": ["1", "2"]}],
    "scroll": [{"scroll_id": "x", "scroll": "1m"}],
    "clear_scroll": [{"scroll_id": ["x"]}],
    "index": [DOCUMENT],
    "create": [DOCUMENT],
    "update": [{"doc": DOCUMENT, "doc_as_upsert": True}, {"script": {"source": "ctx._source.value = 2"}, "upsert": DOCUMENT}],
    "bulk": ['{"index":{"_index":"logs","_id":"9"}}\n{"time":1,"value":2}\n{"delete":{"_index":"logs","_id":"9"}}\n'],
    "indices.create": [
        {"settings": {"index": {"number_of_shards": 1}}, "mappings": {"properties": {"f": {"type": "keyword"}}},
         "aliases": {"al": {"filter": {"term": {"f": "x"}}}}}
    ],
    "indices.put_mapping": [{"properties": {"g": {"type": "date", "format": "epoch_millis"}}, "dynamic": "strict"}],
    "indices.put_settings": [{"index": {"number_of_replicas": 0}}, {"index.refresh_interval": "1s"}],
    "indices.update_aliases": [
        {"actions": [{"add": {"index": "logs", "alias": "al"}}, {"remove": {"index": "logs", "alias": "al"}}]}
    ],
    "indices.put_index_template": [{"index_patterns": ["t*"], "template": {"mappings": {"properties": {}}}, "priority": 3}],
    "indices.put_template": [{"index_patterns": ["t*"], "template": "t*", "settings": {}}],
    "cluster.put_settings": [{"persistent": {"xpack.ml.max_open_jobs": 5}, "transient": {"a.b": None}}],
    "ingest.put_pipeline": [
        {"processors": [
            {"set": {"field": "x", "value": "{{y}}"}}, {"grok": {"field": "m", "patterns": ["%{IP:ip}"]}},
            {"date": {"field": "d", "formats": ["ISO8601"]}}, {"script": {"source": "ctx.a = 1"}}, {"rename": {"field": "a"}},
        ]}
    ],
    "ingest.simulate": [
        {"pipeline": {"processors": [{"date": {"field": "d", "formats": ["ISO8601"]}}]}, "docs": [{"_source": {"d": "x"}}]}
    ],
    "security.put_user": [
        {"password": "secret1", "roles": ["machine_learning_user"], "full_name": "A", "email": "a", "enabled": True}
    ],
    "security.put_role": [
        {"cluster": ["monitor_ml"], "indices": [{"names": ["*"], "privileges": ["read"]}], "run_as": ["ada"]}
    ],
    "security.change_password": [{"password": "secret2"}],
    "security.has_privileges": [{"cluster": ["all"], "index": [{"names": ["a"], "privileges": ["read"]}], "application": []}],
}  # fmt: skip


def _names(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield name
            yield from _names(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _names(item)


FIELDS = (*dict.fromkeys(_names(list(BODIES.values()))), "foo", "", "é", "_id", "job_id", "detector")
