"""Values of a wrong kind where a caller's JSON is read: refused in words, nothing changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.test_numbers import document, search, stored
from tests.support import http

RELEASES = ("5.4.0", "6.8", "7.17", "9.5")
TEXT_FIRST = {"time": 1464739200000, "message": "it failed"}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("after", ["1", "{}", "[[]]", "[{}]", '["x"]', "[true]", "[1,2]", f"[{'9' * 500}]", "[1e400]"])
def test_search_after_that_does_not_fit(release: str, after: str) -> None:
    answer = search(stored(release), f'{{"sort":["n"],"search_after":{after}}}')
    assert answer.status == (200 if after.startswith("[9") else 400), answer.body


@pytest.mark.parametrize("release", RELEASES)
def test_fields_and_formats_of_queries_that_are_no_texts(release: str) -> None:
    fake = stored(release)
    for query in (
        '{"query_string":{"query":"x","fields":1}}', '{"query_string":{"query":"x","fields":[1]}}',
        '{"multi_match":{"query":"x","fields":1.5}}', '{"range":{"t":{"gte":"2016","format":{}}}}',
        '{"range":{"t":{"gte":"2016","format":"{{x}}"}}}', '{"range":{"t":{"gte":"2016","format":["yyyy"]}}}',
    ):  # fmt: skip
        assert search(fake, f'{{"query":{query}}}').status == 400, query
    assert search(fake, '{"sort":[{"t":{"order":"asc","format":{"a":1}}}]}').status == 400


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("params", ["[]", "1e308", '"x"', "true"])
def test_params_of_a_script_that_are_no_object(release: str, params: str) -> None:
    fake = stored(release)
    path = "/i/_update/1" if fake.fake.version >= (7, 0) else "/i/doc/1/_update"
    answer = fake("POST", path, f'{{"script":{{"source":"ctx._source.n += 1","params":{params}}}}}')
    assert answer.status == 400
    assert answer.reason.startswith("[script] params doesn't support values of type: ")


@pytest.mark.parametrize("release", RELEASES)
def test_settings_that_are_lists_or_of_no_such_kind(release: str) -> None:
    fake = stored(release)
    for name, bad in (
        ("default_pipeline", ["a"]), ("refresh_interval", "x"), ("refresh_interval", ["1s"]), ("max_result_window", "x"),
        ("max_result_window", [1]), ("hidden", "maybe"), ("blocks.write", {"a": 1}), ("number_of_replicas", "1e400"),
    ):  # fmt: skip
        assert fake("PUT", "/i/_settings", {"index": {name: bad}}).status == 400, (name, bad)
    answer = fake("PUT", "/i/_settings", {"index.default_pipeline": ["a"]})
    assert answer.reason.startswith("Found list type value for setting [index.default_pipeline]")
    assert document(fake, "2", '{"n":1}').status == 201


ANALYZERS: tuple[tuple[Any, str], ...] = (
    ({"char_filter": [1]}, "[char_filter] in [categorization_analyzer] array element should contain"),
    ({"filter": [None]}, "[filter] in [categorization_analyzer] array element should contain"),
    ({"char_filter": [{"type": "mapping", "mappings": [{}]}]}, "Failed to get setting group for [mappings]"),
    ({"char_filter": [{"type": "mapping", "mappings": [1, True]}]}, "Invalid Mapping Rule : [1]"),
    ({"char_filter": [{"type": "mapping"}]}, "mapping requires either `mappings` or `mappings_path` to be configured"),
    ({"char_filter": [{"type": "pattern_replace"}]}, "pattern is missing for [__anonymous__pattern_replace]"),
    ({"char_filter": [{"type": "pattern_replace", "pattern": "("}]}, ""),
    ({"tokenizer": {"type": "pattern", "pattern": []}}, "Failed to get setting group for [pattern]"),
    ({"tokenizer": {"pattern": "x"}}, "Missing [type] setting"),
    ({"tokenizer": "nonsense"}, "failed to find global tokenizer under [nonsense]"),
    ({"filter": [{"type": "limit", "max_token_count": []}]}, "Failed to get setting group for [max_token_count]"),
    ({"filter": [{"type": "limit", "max_token_count": "1e400"}]}, "Failed to parse value [1e400]"),
    ({"filter": [{"type": "stop", "ignore_case": 7}]}, "Failed to parse value [7] as only [true] or [false] are allowed."),
    ("nonsense", "Failed to find global analyzer [nonsense]"),
)


@pytest.mark.parametrize("release", ["6.2", "7.17", "9.5"])
@pytest.mark.parametrize(("analyzer", "reason"), ANALYZERS)
def test_analyzers_that_cannot_be_made_are_refused_with_their_job(release: str, analyzer: Any, reason: str) -> None:
    fake = http(release)
    answer = fake.put("x", categorized(analyzer))
    assert answer.status == 400
    assert reason in str(answer.body)
    assert fake.job("x", method="GET").status == 404


def test_what_an_analyzer_of_the_server_may_be_and_here_is_not_says_so() -> None:
    fake = http()
    for analyzer in ("english", {"filter": ["asciifolding"]}, {"filter": [{"type": "stop", "stopwords": "_french_"}]}):
        assert fake.put("x", categorized(analyzer)).status == 501
    assert fake.put("x", categorized({"char_filter": [{"type": "mapping", "mappings": ["a => 1", "1=>b"]}]})).status == 200


def categorized(analyzer: Any) -> Any:
    return {
        "analysis_config": {
            "bucket_span": "1h", "categorization_field_name": "message", "categorization_analyzer": analyzer,
            "detectors": [{"function": "count", "by_field_name": "mlcategory"}],
        },
        "data_description": {"time_field": "time", "time_format": "epoch_ms"},
    }  # fmt: skip


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "9.5"])
@pytest.mark.parametrize("text", ["it \\ud800 failed", "\\u0000\\u0007 failed", "x" * 100_000, "\\ud800", "\\udc00\\ud800"])
def test_messages_that_are_no_good_text_are_categorized(release: str, text: str) -> None:
    fake = http(release)
    body = categorized(None)
    del body["analysis_config"]["categorization_analyzer"]
    assert fake.put("x", body).status == 200
    fake.job("x", "_open")
    lines = "".join(f'{{"time":{1464739200000 + hour * 3_600_000},"message":"{text}"}}\n' for hour in range(3))
    assert fake.job("x", "_data", lines).status == 202
    assert fake.job("x", "_close").status == 200


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "9.5"])
@pytest.mark.parametrize("function", ["mean", "distinct_count", "info_content"])
def test_mlcategory_without_categorization_is_a_field_without_values(release: str, function: str) -> None:
    fake = http(release)
    detector = {"function": function, "field_name": "mlcategory"}
    config = {"analysis_config": {"bucket_span": "1h", "detectors": [detector]}, "data_description": {"time_field": "time"}}
    assert fake.put("x", config).status == 200
    fake.job("x", "_open")
    lines = "".join(json.dumps({"time": 1464739200 + hour * 3600, "mlcategory": 5}) + "\n" for hour in range(5))
    assert fake.job("x", "_data", lines).status == 202
    assert fake.job("x", "_flush", {"calc_interim": True}).status == 200
    assert fake.job("x", "_close").status == 200
    assert fake.job("x", "results/records", method="GET").body["count"] == 0


def test_per_partition_categorization_of_nothing_is_updated() -> None:
    fake = http("9.5")
    config = {
        "analysis_config": {"bucket_span": "1h", "per_partition_categorization": {}, "detectors": [{"function": "count"}]},
        "data_description": {"time_field": "time"},
    }
    assert fake.put("x", config).status == 200
    assert fake.job("x", "_update", {"per_partition_categorization": {"enabled": False}}).status == 200
    assert fake.job("x", "_update", {"per_partition_categorization": {"enabled": True}}).status == 400


@pytest.mark.parametrize("release", RELEASES)
def test_analyze_expands_no_stars(release: str) -> None:
    fake = stored(release)
    for path in ("/i*/_analyze", "/missing/_analyze"):
        assert fake("POST", path, {"text": "x"}).status == 404, path
    # No index may bear such a name.
    assert fake("POST", "/_analyze*/_analyze", {"text": "x"}).status == (404 if release == "5.4.0" else 400)
    assert fake("POST", "/i/_analyze", {"text": "x"}).status == 200
    for body in ('{"text":1}', '{"text":[null]}', '{"text":{"a":1}}'):
        assert fake("POST", "/_analyze", body).status == 400, body
    assert fake("POST", "/_analyze", '{"text":"x","tokenizer":"standard","filter":1}').status in (400, 501)


@pytest.mark.parametrize("release", ["7.17", "9.5"])
def test_long_patterns_of_templates(release: str) -> None:
    fake = http(release)
    assert fake("PUT", "/_index_template/a", {"index_patterns": ["a*" * 3000 + "x"], "priority": 1}).status == 200
    assert fake("PUT", "/_index_template/b", {"index_patterns": ["*a" * 3000 + "y"], "priority": 1}).status == 200
    assert fake("PUT", "/_index_template/c", {"index_patterns": ["ab*" + "cd*" * 2000 + "yx"], "priority": 1}).status == 400
    for pattern, status in (("b*z", 200), ("*b", 200), ("a*ax", 400), ("aa", 200), ("a" * 3000 + "x", 400)):
        body = {"index_patterns": [pattern], "priority": 1}
        assert fake("PUT", "/_index_template/d", body).status == status, pattern
