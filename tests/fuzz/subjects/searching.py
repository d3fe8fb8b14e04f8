"""Searches: queries, aggregations, the other parts of a body."""

from __future__ import annotations

from typing import Any

from tests.fuzz.bodies import BODIES, HOUR, START
from tests.fuzz.subjects.base import SCRIPT, Subject

QUERIES: dict[str, Any] = {
    "bool": {
        "must": [{"match_all": {"boost": 1.5, "_name": "n"}}],
        "filter": {"term": {"host": "web"}},
        "should": [{"match_none": {}}, {"term": {"n": {"value": 3, "boost": 2}}}],
        "must_not": [{"term": {"flag": False}}],
        "minimum_should_match": "1<90%",
        "boost": 1.0,
        "adjust_pure_negative": True,
    },
    "constant_score": {"filter": {"term": {"ip": "10.0.0.0/8"}}, "boost": 1.2},
    "dis_max": {"queries": [{"term": {"value": 1.5}}, {"term": {"time": START}}], "tie_breaker": 0.3},
    "nested": {"path": "objects", "query": {"term": {"objects.a": 1}}, "score_mode": "avg", "ignore_unmapped": True},
    "terms": {"n": [3, 4], "boost": 1.0},
    "ids": {"values": ["1", "2"], "boost": 1.0},
    "exists": {"field": "host", "boost": 1.0},
    "prefix": {"host": {"value": "w", "case_insensitive": True}},
    "wildcard": {"host": {"value": "w*", "boost": 1.0}},
    "regexp": {"host": {"value": "w.*", "flags": "ALL", "max_determinized_states": 10000}},
    "range": {"time": {"gte": "2016", "lt": "now", "format": "yyyy", "time_zone": "+01:00", "relation": "intersects"}},
    "match": {
        "message": {
            "query": "it failed",
            "operator": "and",
            "fuzziness": "AUTO",
            "minimum_should_match": "75%",
            "prefix_length": 1,
            "max_expansions": 5,
            "analyzer": "standard",
            "zero_terms_query": "all",
            "lenient": True,
        }
    },
    "match_phrase": {"message": {"query": "it failed", "slop": 1}},
    "match_phrase_prefix": {"message": {"query": "it fai", "max_expansions": 3}},
    "match_bool_prefix": {"message": {"query": "it fai", "minimum_should_match": 1}},
    "multi_match": {"query": "it failed", "fields": ["message^2", "h*"], "type": "best_fields", "tie_breaker": 0.3, "slop": 1},
    "fuzzy": {"host": {"value": "wib", "fuzziness": 1, "prefix_length": 1, "transpositions": True}},
    "query_string": {
        "query": 'host:web AND n:>1 message:"it failed"~2 wib~1',
        "default_field": "message",
        "default_operator": "and",
        "fields": ["message"],
        "analyze_wildcard": True,
        "lenient": True,
        "minimum_should_match": "50%",
        "phrase_slop": 1,
        "time_zone": "UTC",
        "tie_breaker": 0.1,
    },
    "simple_query_string": {"query": "it + failed", "fields": ["message^3"], "flags": "ALL", "default_operator": "or"},
}
_RANGES = [{"from": 0, "to": 1, "key": "k"}, {"from": 2}]
METRICS: dict[str, Any] = {
    **{name: {name: {"field": "n", "missing": 1, "format": "0.0"}} for name in ("avg", "max", "min", "sum", "stats")},
    "value_count": {"value_count": {"field": "host"}},
    "cardinality": {"cardinality": {"field": "host", "precision_threshold": 10}},
    "extended_stats": {"extended_stats": {"field": "n", "sigma": 2.0}},
    "median_absolute_deviation": {"median_absolute_deviation": {"field": "n", "compression": 10}},
    "weighted_avg": {"weighted_avg": {"value": {"field": "n", "missing": 1}, "weight": {"field": "value"}}},
    "percentiles": {"percentiles": {"field": "n", "percents": [5, 99.5], "keyed": False, "tdigest": {"compression": 100}}},
    "percentile_ranks": {
        "percentile_ranks": {"field": "n", "values": [1, 2], "hdr": {"number_of_significant_value_digits": 3}}
    },
    "top_hits": {"top_hits": {"size": 1, "from": 0, "sort": [{"n": "asc"}], "_source": ["n"], "version": True}},
    "top_metrics": {"top_metrics": {"metrics": [{"field": "n"}], "sort": {"time": "desc"}, "size": 1}},
    "geo_bounds": {"geo_bounds": {"field": "place", "wrap_longitude": True}},
    "geo_centroid": {"geo_centroid": {"field": "place"}},
}
_SUBS = {"aggs": {"v": {"avg": {"field": "n"}}}}
BUCKETS: dict[str, Any] = {
    "terms": {
        "terms": {
            "field": "host",
            "size": 3,
            "shard_size": 10,
            "min_doc_count": 1,
            "order": [{"v": "desc"}, {"_key": "asc"}],
            "include": "w.*",
            "exclude": ["x"],
            "missing": "none",
        },
        **_SUBS,
    },
    "terms_parted": {"terms": {"field": "n", "include": {"partition": 0, "num_partitions": 2}, "order": {"_count": "asc"}}},
    "rare_terms": {"rare_terms": {"field": "host", "max_doc_count": 2, "precision": 0.01}},
    "histogram": {
        "histogram": {
            "field": "n",
            "interval": 2,
            "offset": 1,
            "min_doc_count": 0,
            "keyed": True,
            "order": {"_key": "desc"},
            "extended_bounds": {"min": 0, "max": 10},
            "missing": 0,
        }
    },
    "hard_histogram": {"histogram": {"field": "n", "interval": 2, "hard_bounds": {"min": 0, "max": 10}}},
    "date_histogram": {
        "date_histogram": {
            "field": "time",
            "fixed_interval": "1h",
            "offset": "+30m",
            "time_zone": "Europe/Paris",
            "format": "yyyy-MM-dd",
            "extended_bounds": {"min": START, "max": START + HOUR},
            "keyed": True,
        }
    },
    "calendar": {"date_histogram": {"field": "time", "calendar_interval": "1d", "min_doc_count": 0, "missing": "2016-01-01"}},
    "old_date_histogram": {"date_histogram": {"field": "time", "interval": "1h"}},
    "range": {"range": {"field": "n", "ranges": _RANGES, "keyed": True}, **_SUBS},
    "date_range": {
        "date_range": {"field": "time", "format": "yyyy", "time_zone": "UTC", "ranges": [{"from": "2015", "to": "now/d"}]}
    },
    "filter": {"filter": {"term": {"host": "web"}}, **_SUBS, "meta": {"a": 1}},
    "filters": {
        "filters": {"filters": {"a": {"term": {"host": "web"}}}, "other_bucket": True, "other_bucket_key": "rest"},
        **_SUBS,
    },
    "anonymous": {"filters": {"filters": [{"term": {"host": "web"}}]}},
    "missing": {"missing": {"field": "x"}},
    "global": {"global": {}, **_SUBS},
    "nested": {
        "nested": {"path": "objects"},
        "aggs": {"v": {"max": {"field": "objects.a"}}, "r": {"reverse_nested": {"path": "x"}}},
    },
    "composite": {
        "composite": {
            "size": 3,
            "after": {"h": "a", "t": START, "n": 1.0},
            "sources": [
                {"h": {"terms": {"field": "host", "missing_bucket": True, "order": "asc"}}},
                {"t": {"date_histogram": {"field": "time", "fixed_interval": "1h", "offset": 0, "format": "epoch_millis"}}},
                {"n": {"histogram": {"field": "n", "interval": 5}}},
            ],
        },
        **_SUBS,
    },
}
PIPELINES: dict[str, Any] = {
    "derivative": {"derivative": {"buckets_path": "v", "unit": "1h", "gap_policy": "skip", "format": "0.0"}},
    "serial_diff": {"serial_diff": {"buckets_path": "v", "lag": 1}},
    "cumulative_sum": {"cumulative_sum": {"buckets_path": "v"}},
    "moving_fn": {"moving_fn": {"buckets_path": "v", "window": 3, "shift": 0, "script": "MovingFunctions.max(values)"}},
    "bucket_script": {
        "bucket_script": {"buckets_path": {"a": "v", "c": "_count"}, "script": {"source": "params.a / params.c"}}
    },
    "bucket_selector": {"bucket_selector": {"buckets_path": {"a": "v"}, "script": "params.a > 0"}},
    "bucket_sort": {"bucket_sort": {"sort": [{"v": {"order": "desc"}}], "from": 0, "size": 2, "gap_policy": "skip"}},
}
SIBLINGS: dict[str, Any] = {
    **{
        name: {name: {"buckets_path": "h>v", "format": "0"}}
        for name in ("avg_bucket", "max_bucket", "min_bucket", "sum_bucket")
    },
    "stats_bucket": {"stats_bucket": {"buckets_path": "h>v"}},
    "extended_stats_bucket": {"extended_stats_bucket": {"buckets_path": "h>v", "sigma": 2}},
    "percentiles_bucket": {"percentiles_bucket": {"buckets_path": "h>v", "percents": [10, 50], "keyed": True}},
}
_HISTOGRAM: dict[str, Any] = {"histogram": {"field": "n", "interval": 1}}


def searches() -> list[Subject]:
    made = [Subject(f"query {name}", "POST", "/logs/_search", {"query": {name: body}}) for name, body in QUERIES.items()]
    made += [
        Subject(f"agg {name}", "POST", "/logs/_search", {"aggs": {"x": body}}) for name, body in {**METRICS, **BUCKETS}.items()
    ]
    histogram = {"aggs": {"v": {"avg": {"field": "n"}}}, **_HISTOGRAM}
    for name, body in PIPELINES.items():
        tree = {"aggs": {"h": {**histogram, "aggs": {**histogram["aggs"], "p": body}}}}
        made.append(Subject(f"agg {name}", "POST", "/logs/_search", tree))
    made += [
        Subject(f"agg {name}", "POST", "/logs/_search", {"aggs": {"h": histogram, "p": body}})
        for name, body in SIBLINGS.items()
    ]
    plain: dict[str, Any] = {
        "query": {"match_all": {}},
        "size": 5,
        "from": 0,
        "min_score": 0.1,
        "terminate_after": 10,
        "timeout": "1s",
        "explain": False,
        "version": True,
        "seq_no_primary_term": True,
        "track_total_hits": 100,
        "track_scores": True,
        "post_filter": {"match_all": {}},
        "sort": [{"n": {"order": "desc", "missing": "_last", "mode": "min", "unmapped_type": "long"}}, "_score"],
        "stored_fields": ["n"],
        "docvalue_fields": [{"field": "time", "format": "epoch_millis"}, "n"],
        "fields": ["h*", {"field": "d", "format": "yyyy"}],
        "script_fields": {"s": {"script": SCRIPT, "ignore_failure": True}},
        "collapse": {"field": "host"},
        "runtime_mappings": {"r": {"type": "long", "script": {"source": "emit(1)"}}},
        "indices_boost": [{"logs": 1.5}],
        "_source": {"includes": ["h*"], "excludes": ["x"]},
        "slice": {"id": 0, "max": 2, "field": "n"},
        "stats": ["a"],
        "preference": "x",
        "rescore": {"window_size": 3, "query": {"rescore_query": {"match_all": {}}}},
        "highlight": {"fields": {"message": {}}},
    }
    made += [
        Subject(
            f"search {name}", "POST", "/logs/_search", {"query": {"match_all": {}}, "track_total_hits": True, name: plain[name]}
        )
        for name in plain
    ]
    made += [
        Subject(
            "search after",
            "POST",
            "/logs/_search",
            {"sort": [{"n": "asc"}, {"host": "desc"}, {"time": "asc"}], "search_after": [1, "web", START]},
        ),
        Subject(
            "search format",
            "POST",
            "/logs/_search",
            {"sort": [{"time": {"order": "asc", "format": "yyyy", "numeric_type": "date"}}], "search_after": ["2016"]},
        ),
        Subject(
            "sort ip", "POST", "/logs/_search", {"sort": ["ip", "flag", "value"], "search_after": ["10.0.0.0", False, 1.0]}
        ),
        Subject(
            "sort script", "POST", "/logs/_search", {"sort": {"_script": {"type": "number", "script": SCRIPT, "order": "asc"}}}
        ),
        Subject("count", "POST", "/logs/_count", {"query": {"match_all": {}}}),
        Subject("validate", "POST", "/logs/_validate/query", {"query": {"match_all": {}}}),
        Subject("field_caps", "POST", "/logs/_field_caps", {"fields": ["*"]}),
        Subject("scroll", "POST", "/_search/scroll", BODIES["scroll"][0]),
        Subject("clear_scroll", "DELETE", "/_search/scroll", BODIES["clear_scroll"][0]),
        Subject("pit", "POST", "/_search", {"pit": {"id": "x", "keep_alive": "1m"}}),
        Subject("close pit", "DELETE", "/_pit", {"id": "x"}),
        Subject(
            "analyze",
            "POST",
            "/logs/_analyze",
            {"text": ["it failed"], "analyzer": "standard", "explain": False, "attributes": ["x"]},
        ),
        Subject("analyze parts", "POST", "/_analyze", {"text": "a b", "tokenizer": "standard", "filter": ["lowercase"]}),
        Subject("analyze field", "POST", "/logs/_analyze", {"text": "a b", "field": "message"}),
    ]
    return made
