"""Pipelines and their processors."""

from __future__ import annotations

from typing import Any

from tests.fuzz.subjects.base import DOC, Step, Subject

PROCESSORS: dict[str, Any] = {
    "set": {
        "set": {"field": "x", "value": {"a": [1]}, "override": True, "if": "ctx.n > 1", "tag": "t", "ignore_failure": False}
    },
    "set_template": {"set": {"field": "x", "value": "{{host}}", "on_failure": [{"set": {"field": "error", "value": "e"}}]}},
    "copy": {"set": {"field": "x", "copy_from": "host", "ignore_empty_value": True}},
    "remove": {"remove": {"field": ["host", "n"], "ignore_missing": True}},
    "keep": {"remove": {"keep": ["host"]}},
    "rename": {"rename": {"field": "host", "target_field": "h", "ignore_missing": True}},
    "append": {"append": {"field": "list", "value": ["a", 1], "allow_duplicates": False}},
    "convert": {"convert": {"field": "n", "type": "string", "target_field": "m", "ignore_missing": True}},
    "convert_integer": {"convert": {"field": "n", "type": "integer"}},
    "convert_double": {"convert": {"field": "n", "type": "double"}},
    "convert_auto": {"convert": {"field": "n", "type": "auto"}},
    "json": {"json": {"field": "text", "target_field": "j", "add_to_root": False}},
    "dot_expander": {"dot_expander": {"field": "a.b", "override": False}},
    "fail": {"fail": {"message": "no {{host}}"}},
    "drop": {"drop": {"if": "ctx.n == 4"}},
    "foreach": {"foreach": {"field": "objects", "processor": {"set": {"field": "_ingest._value.b", "value": 1}}}},
    "pipeline": {"pipeline": {"name": "other", "ignore_missing_pipeline": True}},
    "script": {"script": {"source": "ctx.a = params.b", "lang": "painless", "params": {"b": 1}}},
    "dissect": {"dissect": {"field": "message", "pattern": "%{a} %{b}", "append_separator": "-", "ignore_missing": True}},
    "lowercase": {"lowercase": {"field": "host", "target_field": "h", "ignore_missing": True}},
    "trim": {"trim": {"field": "host"}},
    "gsub": {"gsub": {"field": "host", "pattern": "w(.)", "replacement": "$1"}},
    "split": {"split": {"field": "message", "separator": " ", "preserve_trailing": True}},
    "join": {"join": {"field": "list", "separator": "-"}},
    "date": {"date": {"field": "d", "formats": ["ISO8601", "yyyy"], "timezone": "UTC", "target_field": "@t", "locale": "en"}},
    "date_unix": {"date": {"field": "n", "formats": ["UNIX_MS", "UNIX"]}},
    "date_index_name": {
        "date_index_name": {
            "field": "d",
            "date_rounding": "d",
            "index_name_prefix": "p-",
            "date_formats": ["ISO8601"],
            "index_name_format": "yyyy",
            "timezone": "UTC",
        }
    },
}


def ingest() -> list[Subject]:
    used: tuple[Step, ...] = (
        ("PUT", "/logs/{doc}/5?pipeline=made", {**DOC, "a.b": 1, "text": '{"q": 1}', "list": ["x", 1]}),
        ("GET", "/_ingest/pipeline/made", None),
        ("GET", "/_nodes/stats/ingest", None),
        ("POST", "/logs/_search", None),
        ("DELETE", "/_ingest/pipeline/made", None),
    )
    made = [
        Subject(f"processor {name}", "PUT", "/_ingest/pipeline/made", {"processors": [body]}, used)
        for name, body in PROCESSORS.items()
    ]
    whole = {
        "description": "d",
        "version": 1,
        "_meta": {},
        "processors": [PROCESSORS["trim"]],
        "on_failure": [PROCESSORS["copy"]],
    }
    simulated = {
        "pipeline": whole,
        "docs": [{"_index": "i", "_id": "1", "_routing": "r", "_version": 1, "_version_type": "internal", "_source": DOC}],
    }
    made.append(Subject("pipeline", "PUT", "/_ingest/pipeline/made", whole, used))
    made.append(Subject("simulate", "POST", "/_ingest/pipeline/_simulate?verbose=true", simulated))
    return made
