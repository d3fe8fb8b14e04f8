"""Requests meant to keep a server busy: allowed in their form, but of a cost that grows without limit unless it is bounded."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any, NamedTuple

LONG = "a" * 64
STARS = "*a" * 20 + "*z"
NESTED = "(((a+)+)+)+z"
MEGABYTE = 1024 * 1024


class Hostile(NamedTuple):
    """One request, its body made when it is asked for."""

    method: str
    target: str
    body: Callable[[], bytes] = bytes
    headers: tuple[str, ...] = ("Content-Type: application/json",)


def as_json(tree: Any) -> Callable[[], bytes]:
    return lambda: json.dumps(tree).encode()


def search(query: Any, **more: Any) -> Hostile:
    return Hostile("POST", "/logs/_search", as_json({"query": query, **more}))


def simulate(processors: list[Any], document: Any) -> Hostile:
    body = {"pipeline": {"processors": processors}, "docs": [{"_source": document}]}
    return Hostile("POST", "/_ingest/pipeline/_simulate", as_json(body))


def packed(text: bytes, *, target: str = "/logs/_doc/9") -> Hostile:
    headers = ("Content-Type: application/json", "Content-Encoding: gzip")
    return Hostile("POST", target, lambda: gzip.compress(text, 1), headers)


_JOB = {"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {}}
_CATEGORIZED = {
    "analysis_config": {
        "detectors": [{"function": "count", "by_field_name": "mlcategory"}],
        "categorization_field_name": "m",
        "categorization_filters": [NESTED],
    },
    "data_description": {},
}
_MAPPINGS = {"mappings": {"properties": {"h": {"type": "keyword"}, "n": {"type": "long"}, "t": {"type": "text"}}}}

# What must be there for the others to bite.
PREPARED = (
    Hostile("PUT", f"/_ml/anomaly_detectors/{LONG}", as_json(_JOB)),
    Hostile("PUT", "/_ml/anomaly_detectors/categories", as_json(_CATEGORIZED)),
    Hostile("POST", "/_ml/anomaly_detectors/categories/_open"),
    Hostile("PUT", "/_ml/anomaly_detectors/counts", as_json(_JOB)),
    Hostile("POST", "/_ml/anomaly_detectors/counts/_open"),
    Hostile("PUT", "/logs", as_json(_MAPPINGS)),
    Hostile("PUT", f"/{LONG}"),
    Hostile("PUT", "/logs/_doc/1", as_json({"h": LONG, "n": 1, "t": LONG, LONG: 1, "time": 0})),
)

HOSTILE = {
    "job wildcard": Hostile("GET", f"/_ml/anomaly_detectors/{STARS}"),
    "job wildcard of statistics": Hostile("GET", f"/_ml/anomaly_detectors/{STARS}/_stats"),
    "job wildcard of closing": Hostile("POST", f"/_ml/anomaly_detectors/{STARS}/_close"),
    "index wildcard": Hostile("GET", f"/{STARS}/_search"),
    "wildcard query": search({"wildcard": {"h": {"value": STARS}}}),
    "regexp query": search({"regexp": {"h": NESTED}}),
    "regexp of brackets": search({"regexp": {"h": "(" * 3000}}),
    "regexp of repeats": search({"regexp": {"h": "((a{1,900}){1,900}){1,900}"}}),
    "query string of stars": search({"query_string": {"query": f"h:{STARS}"}}),
    "query string of a regexp": search({"query_string": {"query": f"h:/{NESTED}/"}}),
    "query string of quotes": search({"query_string": {"query": '"a" ' * 100_000}}),
    "query string of signs": search({"query_string": {"query": "a:" * 200_000}}),
    "simple query string": search({"simple_query_string": {"query": "-a " * 200_000}}),
    "joined simple query string": search({"simple_query_string": {"query": "a|" * 200_000}}),
    "long terms include": search({"match_all": {}}, aggs={"a": {"terms": {"field": "h", "include": "a|" * 200_000}}}),
    "query string of brackets": search({"query_string": {"query": "(" * 2000 + "a" + ")" * 2000}}),
    "terms include": search({"match_all": {}}, aggs={"a": {"terms": {"field": "h", "include": NESTED}}}),
    "source filter": search({"match_all": {}}, _source=STARS),
    "filter path": Hostile("GET", "/logs/_search?filter_path=" + "**." * 30 + "x"),
    "gsub": simulate([{"gsub": {"field": "m", "pattern": NESTED, "replacement": ""}}], {"m": LONG}),
    "split": simulate([{"split": {"field": "m", "separator": NESTED}}], {"m": LONG}),
    "grok": simulate([{"grok": {"field": "m", "patterns": [NESTED]}}], {"m": LONG}),
    "doubled values": simulate([{"set": {"field": "m", "value": "{{m}}" * 10}} for _ in range(12)], {"m": LONG}),
    "deep set": simulate([{"set": {"field": ".".join(["a"] * 3000), "value": 1}}], {}),
    "blanks in a template": simulate([{"set": {"field": "m", "value": "{{" + " " * 300_000}}], {}),
    "pattern tokenizer": Hostile(
        "POST", "/_analyze", as_json({"tokenizer": {"type": "pattern", "pattern": NESTED}, "text": LONG})
    ),
    "categorization filter": Hostile(
        "POST", "/_ml/anomaly_detectors/categories/_data", as_json({"time": 1_464_739_200_000, "m": LONG})
    ),
    "a histogram of many buckets": search(
        {"match_all": {}},
        aggs={"a": {"histogram": {"field": "n", "interval": 1e-300, "extended_bounds": {"min": 0, "max": 1e300}}}},
    ),
    "many clauses": search({"bool": {"should": [{"term": {"n": 1}}] * 20_000}}),
    "many terms": search({"terms": {"n": list(range(100_000))}}),
    "a long array": Hostile("PUT", "/logs/_doc/2", lambda: b'{"n":[' + b"1," * 2_000_000 + b"1]}"),
    "many keys": Hostile("PUT", "/logs/_doc/3", as_json({f"k{number}": 1 for number in range(100_000)})),
    "many arrays": Hostile("PUT", "/logs/_doc/4", lambda: b'{"x":[' + b"[]," * 500_000 + b"1]}"),
    "many objects": Hostile("PUT", "/logs/_doc/6", lambda: b'{"x":[' + b"{}," * 500_000 + b"{}]}"),
    "arrays in arrays": Hostile("PUT", "/logs/_doc/7", lambda: b'{"x":[' + b"[[]]," * 300_000 + b"1]}"),
    "a long update": Hostile("POST", "/logs/_update/1", lambda: b'{"doc":{"x":[' + b'{"a":1},' * 300_000 + b"{}]}}"),
    "a cut-off record": Hostile(
        "POST", "/_ml/anomaly_detectors/categories/_data", lambda: b'{"time":1' + b',"a":{"b":[1]}' * 400_000
    ),
    "empty buckets": Hostile(
        "POST", "/_ml/anomaly_detectors/counts/_data", lambda: b'{"time":1403481600}\n{"time":1485910800000}'
    ),
    "yaml": Hostile("PUT", "/logs/_doc/5", lambda: b"a: [1, 2]\nb: x\n" * 10_000, ("Content-Type: application/yaml",)),
    "blanks": Hostile("POST", "/_search", lambda: b" " * (30 * MEGABYTE) + b"{}"),
    "one word": Hostile("POST", "/_bulk", lambda: b"x" * (20 * MEGABYTE) + b"\n"),
    "empty lines": Hostile("POST", "/_bulk", lambda: b"\n" * (20 * MEGABYTE)),
    "many items": Hostile("POST", "/_bulk", lambda: b'{"index":{"_index":"logs"}}\n{"n":1}\n' * 10_000),
    "a far advance": Hostile("POST", f"/_ml/anomaly_detectors/categories/_flush?advance_time={'9' * 16}"),
    "a bomb": packed(b" " * (99 * MEGABYTE) + b"{}"),
    "a larger bomb": packed(b" " * (300 * MEGABYTE)),
}
