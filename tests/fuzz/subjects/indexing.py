"""Documents, indices, templates, pipelines."""

from __future__ import annotations

from typing import Any

from tests.fuzz.subjects.base import DOC, MAPPINGS, Step, Subject
from tests.fuzz.subjects.learning import RICH
from tests.fuzz.subjects.searching import BUCKETS

_INDEX_MADE: tuple[Step, ...] = (
    ("PUT", "/made/{doc}/1", DOC),
    (
        "PUT",
        "/made/{doc}/2",
        {"n": "2", "value": 1e300, "host": None, "time": "2017", "objects": {"a": 2}, "new": {"b": [1.0]}},
    ),
    ("GET", "/made", None),
    (
        "POST",
        "/made/_search",
        {"query": {"match": {"message": "failed"}}, "sort": [{"n": "asc"}], "aggs": BUCKETS["terms"]["aggs"]},
    ),
    ("POST", "/made/_search", {"query": {"range": {"time": {"gte": "2016"}}}, "docvalue_fields": ["*"]}),
    ("GET", "/_cat/indices", None),
    ("GET", "/made/_stats", None),
    ("PUT", "/made/_settings", {"index": {"number_of_replicas": 1}}),
    ("GET", "/_cluster/health", None),
    ("DELETE", "/made", None),
)
ANALYSIS: dict[str, Any] = {
    "analyzer": {"mine": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase"], "char_filter": ["html"]}},
    "tokenizer": {"t": {"type": "pattern", "pattern": ","}},
    "filter": {"f": {"type": "stop", "stopwords": ["a"]}},
    "normalizer": {"lowercase": {"type": "custom", "filter": ["lowercase"]}},
}
SETTINGS: dict[str, Any] = {
    "index": {
        "number_of_shards": 1,
        "number_of_replicas": "0",
        "refresh_interval": "1s",
        "max_result_window": 10000,
        "default_pipeline": "other",
        "hidden": False,
        "analysis": ANALYSIS,
        "blocks": {"write": False},
        "mapping": {"total_fields": {"limit": 1000}, "depth": {"limit": 20}},
        "auto_expand_replicas": "0-1",
        "codec": "default",
        "sort": {"field": "n"},
        "routing": {"allocation": {"include": {"_name": "x"}}},
        "query": {"default_field": ["host"]},
    }
}


def documents() -> list[Subject]:
    search: tuple[Step, ...] = (
        ("POST", "/logs/_search", {"sort": ["n"], "aggs": {"h": BUCKETS["terms"]}, "docvalue_fields": ["n", "time"]}),
    )
    reindex = {
        "source": {"index": ["logs"], "query": {"match_all": {}}, "size": 10, "sort": {"n": "asc"}, "_source": ["n"]},
        "dest": {"index": "made", "op_type": "index", "version_type": "internal", "pipeline": "other", "routing": "keep"},
        "script": {"source": "ctx._source.a = 1", "params": {"b": 1}},
        "max_docs": 1,
        "conflicts": "proceed",
    }
    by_query = {"query": {"match_all": {}}, "max_docs": 1, "conflicts": "proceed"}
    update = {
        "script": {"source": "ctx._source.n += params.k", "lang": "painless", "params": {"k": 1}},
        "upsert": DOC,
        "_source": ["n"],
        "scripted_upsert": True,
        "detect_noop": True,
    }
    return [
        Subject("index", "PUT", "/logs/{doc}/2", DOC, search),
        Subject(
            "dynamic", "PUT", "/made/{doc}/2", {**DOC, "nested": {"a": {"b": [1, 2]}}}, (*_INDEX_MADE[1:4], _INDEX_MADE[-1])
        ),
        Subject("update", "POST", "/logs/{update}/1", update, search),
        Subject("update doc", "POST", "/logs/{update}/1", {"doc": DOC, "doc_as_upsert": True, "detect_noop": True}, search),
        Subject(
            "mget",
            "POST",
            "/_mget",
            {
                "docs": [
                    {
                        "_index": "logs",
                        "_id": "1",
                        "_source": {"includes": ["n"]},
                        "routing": "r",
                        "version": 1,
                        "stored_fields": ["n"],
                    }
                ]
            },
        ),
        Subject("mget ids", "POST", "/logs/_mget", {"ids": ["1", "2"]}),
        Subject("reindex", "POST", "/_reindex", reindex, (_INDEX_MADE[-1],)),
        Subject("update_by_query", "POST", "/logs/_update_by_query", {**by_query, "script": update["script"]}, search),
        Subject("delete_by_query", "POST", "/logs/_delete_by_query", {**by_query, "query": {"term": {"host": "x"}}}, search),
    ]


def indices() -> list[Subject]:
    template = {
        "settings": SETTINGS,
        "mappings": MAPPINGS,
        "aliases": {"al": {"filter": {"term": {"host": "web"}}, "routing": "r", "is_write_index": True}},
    }
    used: tuple[Step, ...] = (*_INDEX_MADE, ("GET", "/_template", None))
    alias_used: tuple[Step, ...] = (
        ("POST", "/al/_search", {"query": {"match_all": {}}}),
        ("PUT", "/al/{doc}/7", DOC),
        ("GET", "/_cat/aliases", None),
        ("DELETE", "/logs/_alias/al", None),
    )
    return [
        Subject("create mappings", "PUT", "/made", {"mappings": {"{typed}": MAPPINGS}}, _INDEX_MADE),
        Subject("create settings", "PUT", "/made", {"settings": SETTINGS, "aliases": template["aliases"]}, _INDEX_MADE),
        Subject(
            "put_mapping",
            "PUT",
            "/logs/{mapping}",
            {"properties": MAPPINGS["properties"], "dynamic": "strict"},
            (("PUT", "/logs/{doc}/3", DOC), ("GET", "/logs/_mapping", None)),
        ),
        Subject(
            "put_settings",
            "PUT",
            "/logs/_settings",
            {
                "index": {
                    "number_of_replicas": "0",
                    "refresh_interval": "1s",
                    "max_result_window": 10000,
                    "default_pipeline": "other",
                    "hidden": False,
                    "blocks": {"write": False},
                    "mapping": {"total_fields": {"limit": 1000}},
                    "auto_expand_replicas": "0-1",
                    "routing": {"allocation": {"include": {"_name": "x"}}},
                    "query": {"default_field": ["host"]},
                }
            },
            (
                ("PUT", "/logs/{doc}/3", DOC),
                ("GET", "/_cat/indices", None),
                ("POST", "/logs/_search", None),
                ("GET", "/_cluster/health", None),
            ),
        ),
        Subject(
            "put_settings dotted",
            "PUT",
            "/logs/_settings",
            {
                "index.refresh_interval": "1s",
                "index.max_result_window": 10,
                "index.default_pipeline": "p",
                "index.number_of_replicas": 1,
            },
            (("PUT", "/logs/{doc}/3", DOC), ("POST", "/logs/_search", None), ("GET", "/_cat/indices", None)),
        ),
        Subject(
            "aliases",
            "POST",
            "/_aliases",
            {
                "actions": [
                    {
                        "add": {
                            "indices": ["logs"],
                            "aliases": ["al"],
                            "filter": {"term": {"host": "web"}},
                            "routing": "r",
                            "index_routing": "a",
                            "search_routing": "b",
                            "is_write_index": True,
                            "is_hidden": False,
                        }
                    },
                    {"remove": {"index": "logs", "alias": "none", "must_exist": False}},
                ]
            },
            alias_used,
        ),
        Subject(
            "put_alias",
            "PUT",
            "/logs/_alias/al",
            {"filter": {"term": {"host": "web"}}, "routing": "r", "is_write_index": True},
            alias_used,
        ),
        Subject(
            "put_template",
            "PUT",
            "/_template/made",
            {
                "index_patterns": ["mad*"],
                "template": "mad*",
                "order": 1,
                "version": 1,
                **template,
                "mappings": {"{typed}": MAPPINGS},
            },
            (*used, ("DELETE", "/_template/made", None)),
        ),
        Subject(
            "put_index_template",
            "PUT",
            "/_index_template/made",
            {
                "index_patterns": ["mad*"],
                "template": template,
                "composed_of": [],
                "priority": 3,
                "version": 1,
                "_meta": {"a": 1},
                "allow_auto_create": True,
            },
            (*used, ("DELETE", "/_index_template/made", None)),
        ),
        Subject(
            "put_component_template",
            "PUT",
            "/_component_template/made",
            {"template": template, "version": 1, "_meta": {}},
            (("DELETE", "/_component_template/made", None),),
        ),
        Subject(
            "simulate", "POST", "/_index_template/_simulate_index/madx", {"index_patterns": ["mad*"], "template": template}
        ),
        Subject(
            "cluster settings",
            "PUT",
            "/_cluster/settings",
            {
                "persistent": {"xpack.ml.max_open_jobs": 5, "search": {"max_buckets": 100}},
                "transient": {
                    "cluster.routing.allocation.enable": "all",
                    "xpack.ml.max_model_memory_limit": "1gb",
                    "xpack.ml.node_concurrent_job_allocations": 2,
                    "cluster.persistent_tasks.allocation.recheck_interval": "30s",
                },
            },
            (
                ("GET", "/_cluster/settings", None),
                ("PUT", "{ml}/anomaly_detectors/made", RICH),
                ("DELETE", "{ml}/anomaly_detectors/made", None),
                ("POST", "/logs/_search", {"aggs": {"x": BUCKETS["terms"]}}),
                ("GET", "{ml}/info", None),
            ),
        ),
    ]
