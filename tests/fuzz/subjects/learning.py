"""Machine learning: jobs, datafeeds, calendars, filters, results."""

from __future__ import annotations

from typing import Any

from tests.fuzz.bodies import AGGREGATED_FEED, BODIES, HOUR, RECORDS, RICH_JOB, START
from tests.fuzz.subjects.base import Step, Subject

_MADE_JOB: tuple[Step, ...] = (
    ("GET", "{ml}/anomaly_detectors/made", None),
    (
        "POST",
        "{ml}/anomaly_detectors/made/_update",
        {"description": "x", "detectors": [{"detector_index": 0, "description": "d"}]},
    ),
    ("POST", "{ml}/anomaly_detectors/made/_update", {"per_partition_categorization": {"enabled": True}}),
    ("POST", "{ml}/anomaly_detectors/made/_update", {"analysis_limits": {"model_memory_limit": "20mb"}, "groups": ["h"]}),
    ("POST", "{ml}/anomaly_detectors/made/_open", None),
    ("POST", "{ml}/anomaly_detectors/made/_data", RECORDS),
    ("POST", "{ml}/anomaly_detectors/made/_flush", {"calc_interim": True}),
    ("POST", "{ml}/anomaly_detectors/made/_forecast", None),
    ("GET", "{ml}/anomaly_detectors/made/_stats", None),
    ("POST", "{ml}/anomaly_detectors/made/_close", None),
    ("GET", "{ml}/anomaly_detectors/made/results/buckets", None),
    ("GET", "/_cat/ml/anomaly_detectors?v=true", None),
    ("GET", "/_xpack/usage", None),
    ("DELETE", "{ml}/anomaly_detectors/made?force=true", None),
)
_MADE_FEED: tuple[Step, ...] = (
    ("GET", "{ml}/datafeeds/made", None),
    ("GET", "{ml}/datafeeds/made/_preview", None),
    ("POST", "{ml}/anomaly_detectors/d/_open", None),
    ("POST", "{ml}/anomaly_detectors/summed/_open", None),
    ("POST", "{ml}/datafeeds/made/_start", {"start": "2016-06-01", "end": "2016-06-02"}),
    ("GET", "{ml}/datafeeds/made/_stats", None),
    ("POST", "{ml}/datafeeds/made/_stop", {"force": True}),
    ("POST", "{ml}/anomaly_detectors/d,summed/_close?force=true", None),
    ("DELETE", "{ml}/datafeeds/made?force=true", None),
)
_JOB = "{ml}/anomaly_detectors/a"
_AGGREGATED = {**AGGREGATED_FEED, "job_id": "summed"}
SUMMARY_JOB: dict[str, Any] = {
    "analysis_config": {
        "bucket_span": "1h",
        "summary_count_field_name": "doc_count",
        "detectors": [{"function": "mean", "field_name": "v"}],
    },
    "data_description": {"time_field": "time"},
}
CATEGORIZED: dict[str, Any] = {
    "analysis_config": {
        "bucket_span": "1h",
        "categorization_field_name": "host",
        "categorization_analyzer": {
            "char_filter": [
                "first_line_with_letters",
                {"type": "mapping", "mappings": ["a => b"]},
                {"type": "pattern_replace", "pattern": "x", "replacement": "y", "flags": "CASE_INSENSITIVE"},
            ],
            "tokenizer": {"type": "pattern", "pattern": " ", "group": -1},
            "filter": [
                {"type": "stop", "stopwords": ["not"], "ignore_case": True},
                "lowercase",
                {"type": "limit", "max_token_count": 100},
            ],
        },
        "detectors": [{"function": "count", "by_field_name": "mlcategory"}],
    },
    "data_description": {"time_field": "time", "time_format": "epoch_ms"},
}
DELIMITED: dict[str, Any] = {
    **CATEGORIZED,
    "analysis_config": {
        "bucket_span": "1h",
        "detectors": [
            {
                "function": "mean",
                "field_name": "value",
                "partition_field_name": "host",
                "custom_rules": [
                    {
                        "actions": ["skip_result"],
                        "scope": {"host": {"filter_id": "filt", "filter_type": "include"}},
                        "conditions": [{"applies_to": "actual", "operator": "gt", "value": 3.0}],
                    }
                ],
            }
        ],
    },
    "data_description": {"format": "delimited", "field_delimiter": ",", "quote_character": "'", "time_field": "time"},
}
_RULE = {
    "actions": ["skip_result"],
    "scope": {"host": {"filter_id": "filt"}},
    "conditions": [{"applies_to": "time", "operator": "gt", "value": 3.0}],
}
RICH: dict[str, Any] = {
    **RICH_JOB,
    "analysis_config": {
        **RICH_JOB["analysis_config"],
        "detectors": [
            RICH_JOB["analysis_config"]["detectors"][0],
            {
                **RICH_JOB["analysis_config"]["detectors"][1],
                "custom_rules": [_RULE],
                "partition_field_name": "host",
                "by_field_name": "x",
            },
        ],
    },
}


def ml() -> list[Subject]:
    made: list[Subject] = [
        Subject(f"put_job {place}", "PUT", "{ml}/anomaly_detectors/made", body, _MADE_JOB)
        for place, body in enumerate([RICH, CATEGORIZED, DELIMITED])
    ]
    made += [
        Subject(
            f"put_datafeed {place}", "PUT", "{ml}/datafeeds/made", {**body, "job_id": "summed" if place else "d"}, _MADE_FEED
        )
        for place, body in enumerate([BODIES["ml.put_datafeed"][0], _AGGREGATED])
    ]
    made.append(
        Subject(
            "update plain",
            "POST",
            f"{_JOB}/_update",
            {
                "description": "x",
                "background_persist_interval": "2h",
                "renormalization_window_days": 3,
                "model_plot_config": {"enabled": True, "terms": "a"},
                "custom_settings": {"a": 1},
                "groups": ["g"],
            },
            (("GET", _JOB, None), ("POST", f"{_JOB}/_data", RECORDS)),
        )
    )
    made.append(
        Subject("preview own", "POST", "{ml}/datafeeds/_preview", {"datafeed_config": _AGGREGATED, "job_config": SUMMARY_JOB})
    )
    made += [
        Subject(f"{name} {place}", "POST", target, body, after)
        for name, target, after in (
            ("ml.update_job", f"{_JOB}/_update", (("GET", _JOB, None), ("POST", f"{_JOB}/_data", RECORDS))),
            ("ml.open_job", "{ml}/anomaly_detectors/b/_open", ()),
            ("ml.close_job", f"{_JOB}/_close", (("POST", f"{_JOB}/_open", None),)),
            ("ml.flush_job", f"{_JOB}/_flush", (("GET", f"{_JOB}/_stats", None),)),
            ("ml.forecast", f"{_JOB}/_forecast", (("GET", f"{_JOB}/_stats", None),)),
            ("ml.get_buckets", f"{_JOB}/results/buckets", ()),
            ("ml.get_records", f"{_JOB}/results/records", ()),
            ("ml.get_influencers", f"{_JOB}/results/influencers", ()),
            ("ml.get_categories", f"{_JOB}/results/categories", ()),
            ("ml.get_overall_buckets", f"{_JOB}/results/overall_buckets", ()),
            ("ml.get_model_snapshots", f"{_JOB}/model_snapshots", ()),
            ("ml.update_model_snapshot", f"{_JOB}/model_snapshots/1/_update", ()),
            ("ml.update_datafeed", "{ml}/datafeeds/feed-b/_update", (("GET", "{ml}/datafeeds/feed-b/_preview", None),)),
            ("ml.start_datafeed", "{ml}/datafeeds/feed-a/_start", (("POST", "{ml}/datafeeds/feed-a/_stop?force=true", None),)),
            ("ml.stop_datafeed", "{ml}/datafeeds/feed-a/_stop", ()),
            ("ml.preview_datafeed", "{ml}/datafeeds/_preview", ()),
            (
                "ml.post_calendar_events",
                "{ml}/calendars/cal/events",
                (("GET", "{ml}/calendars/cal/events", None), ("POST", f"{_JOB}/_data", RECORDS)),
            ),
            ("ml.get_calendars", "{ml}/calendars", ()),
            ("ml.validate_detector", "{ml}/anomaly_detectors/_validate/detector", ()),
            ("ml.validate", "{ml}/anomaly_detectors/_validate", ()),
            ("ml.estimate_model_memory", "{ml}/anomaly_detectors/_estimate_model_memory", ()),
        )
        for place, body in enumerate(BODIES[name])
        if not isinstance(body, str)
    ]
    record = {"time": START + HOUR, "value": 1.5, "host": "web"}
    made += [
        Subject("post_data", "POST", f"{_JOB}/_data", record, (("POST", f"{_JOB}/_flush", {"calc_interim": True}),)),
        Subject("post_data rich", "POST", "{ml}/anomaly_detectors/c/_data", {**record, "message": "it failed", "n": 1}),
        Subject(
            "put_calendar",
            "PUT",
            "{ml}/calendars/made",
            {"description": "d", "job_ids": ["a"]},
            (("GET", "{ml}/calendars", None), ("DELETE", "{ml}/calendars/made", None)),
        ),
        Subject(
            "update_filter",
            "POST",
            "{ml}/filters/filt/_update",
            {"description": "d", "add_items": ["c"], "remove_items": ["x"]},
            (("POST", "{ml}/filters/filt/_update", {"add_items": ["x"], "remove_items": ["c"]}),),
        ),
        Subject(
            "put_filter",
            "PUT",
            "{ml}/filters/made",
            {"description": "d", "items": ["a"]},
            (("GET", "{ml}/filters", None), ("DELETE", "{ml}/filters/made", None)),
        ),
        Subject("delete_expired_data", "DELETE", "{ml}/_delete_expired_data", {"requests_per_second": 1.0, "timeout": "1h"}),
        Subject(
            "get_calendar_events",
            "GET",
            "{ml}/calendars/cal/events",
            {"start": "0", "end": "1", "job_id": "a", "from": 0, "size": 1},
        ),
    ]
    return made
