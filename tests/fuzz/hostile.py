"""Requests that would keep others waiting, or never end, if nothing bounded them.

``hostile()`` gives them by and by: some bodies are large, and none is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

# A request: method, path (``{ml}`` stands for the prefix of the release) and body, JSON data or text.
Request = tuple[str, str, Any]


class Hostile(NamedTuple):
    """One such request: sent to an emulator of ``release`` after the requests of ``setup``; ``body`` makes its body."""

    name: str
    release: str
    setup: tuple[Request, ...]
    method: str
    path: str
    headers: Mapping[str, str]
    body: Callable[[], bytes]


JSON = {"content-type": "application/json"}
YAML = {"content-type": "application/yaml"}
_DOCUMENT: Request = ("PUT", "/x/_doc/1?refresh=true", {"a": 1, "t": "2020-01-01", "time": "2020-01-01", "text": "x" * 100})


def _job(span: str) -> tuple[Request, ...]:
    detectors = [{"function": "count"}]
    tree = {"analysis_config": {"bucket_span": span, "detectors": detectors}, "data_description": {}}
    return ("PUT", "{ml}/anomaly_detectors/j", tree), ("POST", "{ml}/anomaly_detectors/j/_open", None)


_FEED: tuple[Request, ...] = (
    *_job("3000d"),
    _DOCUMENT,
    ("PUT", "{ml}/datafeeds/f", {"job_id": "j", "indices": ["x"], "frequency": "1s", "query_delay": "0s"}),
    ("POST", "{ml}/datafeeds/f/_start", None),
)


def hostile() -> Iterator[Hostile]:
    """All of them."""
    yield from _paths()
    yield from _pipelines()
    yield from _scripts()
    yield from _long()
    yield from _searches()
    yield from _times()


def _written(tree: Any) -> bytes:
    return json.dumps(tree).encode()


def _paths() -> Iterator[Hostile]:
    for name, path in (
        ("thirty levels of any depth", "**." * 30 + "x"),
        ("levels of any depth around a name", "**.defaults." * 20 + "x"),
        ("paths left out", "-" + "**." * 30 + "x"),
        ("a thousand paths", ",".join(f"**.a{number}" for number in range(300))),
    ):
        for release in ("5.4.0", "9.5"):
            target = f"/_cluster/state?filter_path={path}"
            yield Hostile(f"filter path: {name}", release, (_DOCUMENT,) if release > "6" else (), "GET", target, {}, bytes)


def _each(processor: dict[str, Any]) -> dict[str, Any]:
    return {"foreach": {"field": "l", "processor": processor}}


_TEN = "{{a}}" * 10
_PROCESSORS: dict[str, list[Any]] = {
    "set": [{"set": {"field": "a", "value": _TEN}}] * 12,
    "append": [{"append": {"field": "a", "value": ["{{a}}", "{{a}}"]}}] * 40,
    "copy_from": [{"set": {"field": f"o.y{number}", "copy_from": "o"}} for number in range(60)],
    "gsub": [{"gsub": {"field": "a", "pattern": "x", "replacement": "x" * 10}}] * 12,
    "gsub of groups": [{"gsub": {"field": "a", "pattern": "(x)", "replacement": "$1" * 10}}] * 12,
    "join": [
        {"set": {"field": "b", "value": "{{a}}{{a}}"}},
        {"append": {"field": "l", "value": ["{{b}}", "{{b}}"]}},
        {"join": {"field": "l", "separator": ",", "target_field": "a"}},
    ]
    * 40,
    "foreach that adds to its own list": [_each({"append": {"field": "l", "value": "x"}})] * 30,
    "foreach within foreach": [_each(_each(_each({"set": {"field": "z", "value": "1"}})))],
    "script": [{"script": "ctx.a = ctx.a + ctx.a"}] * 60,
    "script that holds all in all": [{"script": f"ctx.a{number} = ctx"} for number in range(60)],
    "script that holds itself": [{"script": "ctx.o.b = ctx.o"}],
}  # fmt: skip


def _pipelines() -> Iterator[Hostile]:
    document = {"a": "x" * 10, "o": {"y": 1}, "l": ["a"] * 1000}
    for name, processors in _PROCESSORS.items():
        body = partial(_written, {"pipeline": {"processors": processors}, "docs": [{"_source": document}]})
        for verbose in ("false", "true"):
            target = f"/_ingest/pipeline/_simulate?verbose={verbose}"
            yield Hostile(f"pipeline: {name}, verbose {verbose}", "9.5", (), "POST", target, JSON, body)
    calls: tuple[Request, ...] = tuple(
        ("PUT", f"/_ingest/pipeline/p{number}", {"processors": [{"pipeline": {"name": f"p{number - 1}"}}] * 2})
        for number in range(1, 40)
    )
    setup: tuple[Request, ...] = (("PUT", "/_ingest/pipeline/p0", {"processors": []}), *calls)
    yield Hostile("pipeline: two calls of two calls", "9.5", setup, "PUT", "/x/_doc/1?pipeline=p39", JSON, lambda: b'{"a":1}')


def _scripts() -> Iterator[Hostile]:
    objects: dict[str, Any] = {f"o{number}": {} for number in range(40)}
    held = "".join(
        f"ctx._source.o{number}.x = ctx._source.o{number - 1}; ctx._source.o{number}.y = ctx._source.o{number - 1};"
        for number in range(1, 40)
    )
    for name, source in (
        ("doubled", "ctx._source.text = ctx._source.text + ctx._source.text;" * 40),
        ("replaced", f"ctx._source.text = ctx._source.text.replace('x', '{'x' * 30}');" * 20),
        ("holds itself", "ctx._source.me = ctx._source"),
        ("holds twice what holds twice", held),
    ):
        body = partial(_written, {"script": {"source": source}, "upsert": objects})
        setup: Request = ("PUT", "/x/_doc/1", {"text": "x" * 100, **objects})
        yield Hostile(f"update script: {name}", "9.5", (setup,), "POST", "/x/_update/1", JSON, body)


def _numbers(count: int, before: bytes, after: bytes) -> bytes:
    return before + b",".join([b"1"] * count) + after


def _keys(count: int, before: bytes, after: bytes, value: Any = 1) -> bytes:
    return before + _written({f"k{number}": value for number in range(count)}) + after


def _long() -> Iterator[Hostile]:
    many, index = 500_000, (_DOCUMENT,)
    for name, target, before, after in (
        ("a document", "/x/_doc/2", b'{"n":[', b"]}"),
        ("a document that is refused at its end", "/x/_doc/2", b'{"a":[', b',"x"]}'),
        ("a document that is cut off", "/x/_doc/2", b'{"a":[', b"]"),
        ("terms", "/x/_search", b'{"query":{"terms":{"a":[', b"]}}}"),
        ("an unknown field of a job", "/_ml/anomaly_detectors/j", b'{"n":[', b"]}"),
        ("an unknown query", "/x/_search", b'{"query":{"nope":{"a":[', b"]}}}"),
        ("an unknown setting", "/x/_settings", b'{"n":[', b"]}"),
        ("items of a filter", "/_ml/filters/f", b'{"items":[', b"]}"),
    ):
        method = "POST" if "_search" in target else "PUT"
        yield Hostile(f"array: {name}", "9.5", index, method, target, JSON, partial(_numbers, many, before, after))
    for name, target, before, after, value in (
        ("a document", "/x/_doc/2", b"", b"", 1),
        ("terms", "/x/_search", b'{"query":{"terms":', b"}}", 1),
        ("a job", "/_ml/anomaly_detectors/j", b"", b"", 1),
        ("settings", "/x/_settings", b"", b"", 1),
        ("a mapping", "/x/_mapping", b'{"properties":', b"}", {"type": "long"}),
        ("a pipeline", "/_ingest/pipeline/p", b'{"processors":[],"_meta":', b"}", 1),
        ("cluster settings", "/_cluster/settings", b'{"persistent":', b"}", 1),
    ):
        method = "POST" if "_search" in target else "PUT"
        body = partial(_keys, 30_000, before, after, value)
        yield Hostile(f"names: {name}", "9.5", index, method, target, JSON, body)
    yaml = b"a:\n" + b"".join(b"- %d\n" % number for number in range(40_000))
    yield Hostile("YAML: a list", "9.5", (), "PUT", "/x/_doc/1", YAML, lambda: yaml)
    yield Hostile("YAML: levels", "9.5", (), "PUT", "/x/_doc/1", YAML, lambda: b"[" * 100_000)
    objects = b",".join([b'{"a":1}'] * 100_000)
    for name, text in (("small objects", b'{"o":[' + objects + b"]}"), ("small objects, cut off", b'{"o":[' + objects)):
        yield Hostile(f"document: {name}", "9.5", index, "PUT", "/x/_doc/2", JSON, partial(bytes, text))
    items: dict[str, tuple[str, Any]] = {
        "documents wanted": ("/x/_mget", {"ids": [str(number) for number in range(40_000)]}),
        "texts": ("/x/_analyze", {"text": ["a"] * 100_000}),
        "aliases": ("/_aliases", {"actions": [{"add": {"index": "x", "alias": f"y{number}"}} for number in range(5000)]}),
    }
    for name, (target, tree) in items.items():
        yield Hostile(f"items: {name}", "9.5", index, "POST", target, JSON, partial(_written, tree))
    records = b"".join(b'{"time":%d}\n' % number for number in range(60_000))
    yield Hostile("items: records", "9.5", _job("1h"), "POST", "/_ml/anomaly_detectors/j/_data", JSON, lambda: records)
    lines = b"".join(b'{"index":{}}\n{"a":%d}\n' % number for number in range(20_000))
    yield Hostile("lines: bulk", "9.5", index, "POST", "/x/_bulk", JSON, lambda: lines)
    yield Hostile("lines: searches", "9.5", index, "POST", "/x/_msearch", JSON, lambda: b"{}\n{}\n" * 5000)


def _searches() -> Iterator[Hostile]:
    clauses = [{"term": {"a": number}} for number in range(20_000)]
    bounds = {"field": "a", "interval": 1, "extended_bounds": {"min": 0, "max": 60_000}}
    searches: dict[str, Any] = {
        "clauses": {"query": {"bool": {"should": clauses}}},
        "clauses of a query string": {"query": {"query_string": {"query": " OR ".join(f"a:{n}" for n in range(3000))}}},
        "values of fields": {"docvalue_fields": ["a"] * 200_000},
        "aggregations side by side": {"aggs": {f"a{number}": {"max": {"field": "a"}} for number in range(5000)}},
        "buckets in buckets": {"aggs": {"h": {"histogram": bounds, "aggs": {"h": {"histogram": bounds}}}}},
        "a tiny interval": {"aggs": {"h": {"histogram": {**bounds, "interval": 1e-9}}}},
        "seconds of a century": {
            "aggs": {
                "h": {
                    "date_histogram": {
                        "field": "t",
                        "fixed_interval": "1s",
                        "extended_bounds": {"min": "1970-01-01", "max": "2070-01-01"},
                    }
                }
            }
        },
        "a far page": {"from": 2**31 - 1, "size": 10},
        "a large page": {"size": 2**31 - 1},
        "a large composite": {"aggs": {"c": {"composite": {"size": 2**31 - 1, "sources": [{"a": {"terms": {"field": "a"}}}]}}}},
        "all terms": {"aggs": {"t": {"terms": {"field": "a", "size": 2**31 - 1}}}},
    }
    documents = "".join(f'{{"index":{{}}}}\n{{"a":{number},"k":"k{number}"}}\n' for number in range(2000))
    queries = (
        {"bool": {"should": [{"range": {"a": {"gte": number}}} for number in range(200)]}},
        {"bool": {"should": [{"wildcard": {"k.keyword": f"*{number}*a"}} for number in range(100)]}},
        {"simple_query_string": {"query": " ".join(f"w{number}" for number in range(5000))}},
    )
    body = partial(bytes, b"".join(b"{}\n" + _written({"query": query}) + b"\n" for query in queries))
    many: Request = ("POST", "/m/_bulk", documents)
    yield Hostile("search: clauses over many documents", "9.5", (many,), "POST", "/m/_msearch", JSON, body)
    for name, tree in searches.items():
        for release in ("7.17", "9.5"):
            yield Hostile(f"search: {name}", release, (_DOCUMENT,), "POST", "/x/_search", JSON, partial(_written, tree))


def _times() -> Iterator[Hostile]:
    far = partial(_written, {"advance_time": "9999999999999999"})
    data: Request = ("POST", "{ml}/anomaly_detectors/j/_data", '{"time":0}')
    job = (*_job("1h"), data)
    yield Hostile("time: a flush far ahead", "9.5", job, "POST", "/_ml/anomaly_detectors/j/_flush", JSON, far)
    flush: Request = ("POST", "{ml}/anomaly_detectors/j/_flush", {"advance_time": "9999999999999999"})
    setup, close = (*_job("3000d"), data, flush), "/_ml/anomaly_detectors/j/_close"
    yield Hostile("time: the end of a job that is far ahead", "9.5", setup, "POST", close, {}, bytes)
    records = b'{"time":0}\n{"time":9007199254740991}\n'
    yield Hostile("time: records far apart", "9.5", _job("1h"), "POST", "/_ml/anomaly_detectors/j/_data", JSON, lambda: records)
    later = partial(_written, {"advance": "2900000d"})
    yield Hostile("time: eight thousand years of searches", "9.5", _FEED, "POST", "/_fake/clock", JSON, later)
    health = "/_cluster/health?wait_for_nodes=9&timeout=100000d"
    yield Hostile("time: a wait for what does not come", "9.5", _FEED, "GET", health, {}, bytes)
