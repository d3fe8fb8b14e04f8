"""Whatever is sent, what comes back is JSON in UTF-8: numbers beyond a double, lone surrogates, bytes that are no text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fake_es.wire.render import Response
from tests.support import Http, http

LONE = r'"\ud800"'
START, HOUR = 1_464_739_200_000, 3_600_000


def _refuse(name: str) -> Any:
    raise AssertionError(f"{name} is no JSON")


def read(answer: Response) -> Any:
    """The JSON of an answer, held to the letter."""
    assert b"fake_es_internal" not in answer.body
    return json.loads(answer.body.decode("utf-8", "strict"), parse_constant=_refuse)


def ask(fake: Http, method: str, target: str, body: str | bytes = b"", content_type: str = "application/json") -> Any:
    data = body.encode() if isinstance(body, str) else body
    headers = {"content_type": content_type, "accept": "application/json"} if data else {}
    return read(fake.raw(method, target.replace("{ml}", fake.prefix), data, **headers))


def stored() -> Http:
    fake = http("9.5")
    fields: dict[str, Any] = {
        "kept": {"type": "object", "enabled": False},
        "forgiving": {"type": "double", "ignore_malformed": True},
    }
    types = ("keyword", "text", "double", "float", "half_float", "long", "date", "boolean")
    fields |= {name: {"type": name} for name in types} | {"scaled_float": {"type": "scaled_float", "scaling_factor": 100}}
    fake("PUT", "/i", {"mappings": {"properties": fields}})
    return fake


@pytest.mark.parametrize("field", ["new", "double", "float", "half_float", "scaled_float"])
@pytest.mark.parametrize(
    ("value", "shown"), [("1e309", "Infinity"), ("-1e309", "-Infinity"), ('"NaN"', "NaN"), ("9" * 400, "Infinity")]
)
def test_no_field_of_numbers_takes_what_is_not_finite(field: str, value: str, shown: str) -> None:
    if field == "new" and value[0] in '"9':
        return
    fake = stored()
    refused = ask(fake, "PUT", "/i/_doc/1", f'{{"{field}":{value}}}')
    kind = "float" if field == "new" else field
    assert refused["error"]["caused_by"]["reason"] == f"[{kind}] supports only finite values, but got [{shown}]"
    assert ask(fake, "PUT", "/i/_doc/1", f'{{"{field}":1e4}}')["result"] == "created"


@pytest.mark.parametrize("query", ["", "?pretty", "?filter_path=_source"])
@pytest.mark.parametrize("field", ["kept", "forgiving", "keyword", "text"])
def test_a_document_keeps_a_number_beyond_a_double(field: str, query: str) -> None:
    fake = stored()
    assert ask(fake, "PUT", "/i/_doc/1", f'{{"{field}":[1e309,-1e309,1e308]}}')["result"] == "created"
    found = ask(fake, "GET", f"/i/_doc/1{query}")["_source"][field]
    assert found == [10**309, -(10**309), 1e308]
    shown = ask(
        fake, "POST", "/i/_search", f'{{"docvalue_fields":["{field}"],"aggs":{{"m":{{"max":{{"field":"forgiving"}}}}}}}}'
    )
    assert shown["hits"]["total"]["value"] == 1


def test_what_is_malformed_is_not_aggregated() -> None:
    fake = stored()
    for place, value in enumerate(("1e309", "-1e309", "5")):
        ask(fake, "PUT", f"/i/_doc/{place}", f'{{"forgiving":{value}}}')
    aggregations = {kind: {kind: {"field": "forgiving"}} for kind in ("stats", "terms", "percentiles", "avg", "sum")}
    shown = ask(fake, "POST", "/i/_search", json.dumps({"size": 0, "aggs": aggregations}))["aggregations"]
    assert (shown["sum"]["value"], shown["stats"]["count"]) == (5.0, 1)


@pytest.mark.parametrize("query", ["", "?pretty", "?filter_path=aggregations"])
def test_a_sum_beyond_a_double(query: str) -> None:
    fake = stored()
    for place, value in enumerate(("1e308", "1e308")):
        ask(fake, "PUT", f"/i/_doc/{place}", f'{{"double":{value}}}')
    found = ask(fake, "POST", f"/i/_search{query}", '{"aggs":{"s":{"sum":{"field":"double"}},"a":{"avg":{"field":"none"}}}}')
    assert found["aggregations"]["a"] == {"value": None}


@pytest.mark.parametrize("query", ["", "?pretty", "?filter_path=hits"])
def test_a_lone_surrogate_comes_back_as_it_was_sent(query: str) -> None:
    fake = stored()
    ask(fake, "PUT", "/i/_doc/1", rf'{{"keyword":"a\udc00","text":{LONE},"kept":{{{LONE}:1}},"\ud83d\ude00":1}}')
    raw = fake.raw("GET", f"/i/_search{query}")
    (hit,) = read(raw)["hits"]["hits"]
    assert hit["_source"] == {"keyword": "a\udc00", "text": "\ud800", "kept": {"\ud800": 1}, "\U0001f600": 1}
    assert rb"a\udc00" in raw.body and "\U0001f600".encode() in raw.body  # noqa: PT018
    buckets = ask(fake, "POST", "/i/_search", '{"aggs":{"k":{"terms":{"field":"keyword"}}}}')["aggregations"]["k"]["buckets"]
    assert buckets == [{"key": "a\udc00", "doc_count": 1}]


def test_other_formats() -> None:
    import cbor2
    import yaml  # type: ignore[import-untyped]

    fake = stored()
    ask(fake, "PUT", "/i/_doc/1", rf'{{"keyword":{LONE},"kept":1e309}}')
    shown = yaml.safe_load(fake.raw("GET", "/i/_doc/1?format=yaml").body.decode())["_source"]
    assert shown == {"keyword": "\ud800", "kept": 10**309}
    assert cbor2.loads(fake.raw("GET", "/i/_doc/1?format=cbor").body)["_source"] == {"keyword": "?", "kept": 10**309}


@pytest.mark.parametrize("body", [b"a: .inf\n", b"a: .nan\n", b'a: "\\ud800"\n'])
def test_what_json_cannot_say_is_no_yaml(body: bytes) -> None:
    assert ask(stored(), "PUT", "/i/_doc/1", body, "application/yaml")["status"] == 400


def test_what_json_cannot_say_is_no_cbor() -> None:
    import cbor2

    for tree in ({"a": float("inf")}, {"a": float("nan")}):
        assert ask(stored(), "PUT", "/i/_doc/1", cbor2.dumps(tree), "application/cbor")["status"] == 400
    assert ask(stored(), "PUT", "/i/_doc/1", b"\xa1\x61a\x62\xff\xfe", "application/cbor")["status"] == 400


QUERIES = [
    f'{{"query":{{"term":{{"keyword":{LONE}}}}}}}', f'{{"query":{{"match":{{"text":{LONE}}}}}}}', f'{{"query":{{{LONE}:1}}}}',
    f'{{"query":{{"query_string":{{"query":{LONE}}}}}}}', f'{{"query":{{"ids":{{"values":[{LONE}]}}}}}}', f"{{{LONE}:1}}",
    f'{{"sort":[{LONE}]}}', f'{{"_source":[{LONE}]}}', f'{{"script_fields":{{{LONE}:{{"script":"1"}}}}}}', "\xff",
    f'{{"aggs":{{{LONE}:{{"max":{{"field":"double"}}}}}}}}', f'{{"timeout":{LONE}}}', f'{{"pit":{{"id":{LONE}}}}}',
    '{"query":{"range":{"double":{"gte":1e309}}}}', '{"query":{"term":{"double":1e309}}}', '{"min_score":1e309}',
    '{"query":{"match_all":{"boost":1e309}}}', '{"aggs":{"x":{"avg":{"field":"none"}},"y":{"percentiles":{"field":"none"}}}}',
    '{"script_fields":{"x":{"script":{"source":"params.a","params":{"a":1e309}}}}}',
]  # fmt: skip


@pytest.mark.parametrize("body", QUERIES)
def test_searches(body: str) -> None:
    fake = stored()
    ask(fake, "PUT", "/i/_doc/1", '{"keyword":"a"}')
    for target in ("/i/_search", "/i/_search?pretty", "/i/_search?explain=true", "/i/_count"):
        ask(fake, "POST", target, body)
    ask(fake, "POST", "/_msearch", f'{{"index":"i"}}\n{body}\n', "application/x-ndjson")


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize("text", ["%ED%A0%80", "%FF", "%FF%FE", "\ud800"])
def test_paths_queries_and_bodies_that_are_no_utf_8(text: str, method: str) -> None:
    fake = stored()
    paths = (
        "/{}", "/i/_doc/{}", "/{}/_search", "/_cat/{}", "/_ml/anomaly_detectors/{}", "/i/_search?q={}", "/i/_search?{}=1",
        "/_alias/{}", "/_ingest/pipeline/{}", "/_search/scroll/{}", "/_tasks/{}", "/i/_search?format={}",
    )  # fmt: skip
    for path in paths:
        for body in (b"", rb'{"\ud800":"\udc00","a":1e309}', b'{"a":"\xed\xa0\x80"}', b"\xff"):
            headers = {"content_type": "application/json"} if body else {}
            answer = fake.raw(method, path.format(text), body, **headers)
            assert b"fake_es_internal" not in answer.body
            answer.body.decode("utf-8", "strict")
            if answer.body and "json" in dict(answer.headers).get("content-type", ""):
                read(answer)


def test_configurations_of_jobs_and_what_is_around_them() -> None:
    fake = http("9.5")
    rule = '{"conditions":[{"applies_to":"actual","operator":"gt","value":1e309}]}'
    detector = rf'{{"function":"count","by_field_name":"\ud800","custom_rules":[{rule}]}}'
    job = (
        rf'{{"description":{LONE},"custom_settings":{{"a":[-1e309]}},"data_description":{{"time_field":"time","time_format":"epoch_ms"}},'
        rf'"analysis_config":{{"bucket_span":"1h","detectors":[{detector}],"influencers":["\ud801"]}}}}'
    )
    assert ask(fake, "PUT", "{ml}/anomaly_detectors/x", job)["custom_settings"] == {"a": ["-Infinity"]}
    (shown,) = ask(fake, "GET", "{ml}/anomaly_detectors/x?pretty")["jobs"]
    assert (shown["description"], shown["custom_settings"]) == ("\ud800", {"a": ["-Infinity"]})
    fake.job("x", "_open")
    records = "".join(rf'{{"time":{START + place * HOUR},"\ud800":"\udc00","\ud801":"\udc01"}}' + "\n" for place in range(30))
    assert ask(fake, "POST", "{ml}/anomaly_detectors/x/_data", records)["processed_record_count"] == 30
    burst = (rf'{{"time":{START + 30 * HOUR},"\ud800":"\udc00","\ud801":"\udc01"}}' + "\n") * 60
    ask(fake, "POST", "{ml}/anomaly_detectors/x/_data", f'{burst}{{"time":{START + 32 * HOUR}}}')
    for results in ("records", "buckets?expand=true", "influencers"):
        ask(fake, "GET", "{ml}/anomaly_detectors/x/results/" + results)
    ask(fake, "PUT", "{ml}/filters/f", f'{{"items":[{LONE}]}}')
    ask(fake, "PUT", "{ml}/calendars/c", f'{{"description":{LONE}}}')
    assert ask(fake, "GET", "{ml}/filters")["filters"][0]["items"] == ["\ud800"]
    assert ask(fake, "GET", "{ml}/calendars")["calendars"][0]["description"] == "\ud800"
