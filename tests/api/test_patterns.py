"""Patterns of callers: what they mean, what is refused of them, and that none of them holds up the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import thread_time
from typing import Any

import pytest

from tests.api.secured import Secured
from tests.support import Http, Reply, http

LONG = "a" * 64
STARS = "*a" * 8 + "*z"
# Each takes a backtracking matcher for ever on ``LONG``.
NASTY = "(a+a+)+z"
JOB = {"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {}}


def soon(call: Callable[[], Reply]) -> Reply:
    """What a call answers, which must not take long."""
    started = thread_time()
    reply = call()
    assert thread_time() - started < 1
    return reply


def beside(**settings: Any) -> Http:
    """An emulator with a job and a document whose names are long."""
    fake = http(**settings)
    fake.put(LONG, JOB)
    fake("PUT", "/logs", {"mappings": {"properties": {"tag": {"type": "keyword"}}}})
    fake("PUT", "/logs/_doc/1", {"tag": LONG, LONG: 1})
    return fake


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/_ml/anomaly_detectors/{stars}"),
        ("GET", "/_ml/anomaly_detectors/{stars}/_stats"),
        ("POST", "/_ml/anomaly_detectors/{stars}/_close?allow_no_match=true"),
        ("GET", "/_ml/datafeeds/{stars}"),
        ("GET", "/_cat/indices/{stars}"),
        ("GET", "/{stars}/_search"),
        ("GET", "/_cat/ml/anomaly_detectors?h={stars}"),
        ("GET", "/logs/_doc/1?_source_includes={stars}"),
        ("GET", "/logs/_doc/1?_source_excludes={stars}"),
        ("GET", "/logs/_doc/1?filter_path={stars}"),
        ("GET", "/logs/_field_caps?fields={stars}"),
        ("GET", "/_tasks?actions={stars}"),
        ("GET", "/_index_template/{stars}"),
        ("GET", "/_ingest/pipeline/{stars}"),
    ],
)
def test_names_with_many_stars(method: str, target: str) -> None:
    fake = beside()
    reply = soon(lambda: fake(method, target.format(stars=STARS)))
    assert reply.status in (200, 404), reply.body


@pytest.mark.parametrize(
    "query",
    [
        {"wildcard": {"tag": STARS}},
        {"wildcard": {"tag": "*?" * 30 + "z"}},
        {"regexp": {"tag": NASTY}},
        {"regexp": {"tag": {"value": "(A+A+)+Z", "case_insensitive": True}}},
        {"query_string": {"query": f"tag:/{NASTY}/"}},
        {"query_string": {"query": f"tag:{STARS}"}},
        {"exists": {"field": STARS}},
        {"query_string": {"query": "z", "fields": [STARS]}},
    ],
)
def test_queries_that_find_nothing_find_it_soon(query: dict[str, Any]) -> None:
    fake = beside()
    reply = soon(lambda: fake("POST", "/logs/_search", {"query": query}))
    assert reply.body["hits"]["hits"] == []


def tags(query: dict[str, Any], release: str | None = None) -> list[str]:
    """Tags of the documents that a query finds among ``abc``, ``aBc``, ``a.c``, ``x7``."""
    fake = http(release)
    kind = "doc" if fake.fake.version < (7, 0) else "_doc"
    mapping: dict[str, Any] = {"properties": {"tag": {"type": "keyword"}}}
    fake("PUT", "/i", {"mappings": mapping if fake.fake.version >= (7, 0) else {kind: mapping}})
    for number, tag in enumerate(["abc", "aBc", "a.c", "x7"]):
        fake("PUT", f"/i/{kind}/{number}", {"tag": tag})
    fake("POST", "/i/_refresh")
    reply = fake("POST", "/i/_search", {"query": query})
    assert reply.status == 200, reply.body
    return sorted(hit["_source"]["tag"] for hit in reply.body["hits"]["hits"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"wildcard": {"tag": "a?c"}}, ["a.c", "aBc", "abc"]),
        ({"wildcard": {"tag": {"value": "A?C", "case_insensitive": True}}}, ["a.c", "aBc", "abc"]),
        ({"wildcard": {"tag": "a\\?c"}}, []),
        ({"regexp": {"tag": "x<1-9>"}}, ["x7"]),
        ({"regexp": {"tag": {"value": "x<1-9>", "flags": "NONE"}}}, []),
        ({"regexp": {"tag": {"value": "x<1-9>", "flags": "INTERVAL|EMPTY"}}}, ["x7"]),
        ({"regexp": {"tag": {"value": "x<1-9>", "flags_value": 32}}}, ["x7"]),
        ({"regexp": {"tag": "~(a@)"}}, ["x7"]),
        ({"regexp": {"tag": {"value": "~(a@)", "flags_value": 0x1000A}}}, ["x7"]),
        ({"regexp": {"tag": "a@&~(@B@)"}}, ["a.c", "abc"]),
        ({"regexp": {"tag": "a\\.c"}}, ["a.c"]),
        ({"regexp": {"tag": "\\w\\d"}}, ["x7"]),
        ({"regexp": {"tag": {"value": "ABC", "case_insensitive": True}}}, ["aBc", "abc"]),
        ({"query_string": {"query": "tag:/x<1-9>/"}}, ["x7"]),
    ],
)
def test_what_patterns_mean(query: dict[str, Any], found: list[str]) -> None:
    assert tags(query) == found


def test_classes_of_characters_come_with_lucene_8_6() -> None:
    assert tags({"regexp": {"tag": "x\\d"}}, "7.8") == []
    assert tags({"regexp": {"tag": "x\\d"}}, "7.9") == ["x7"]


def refused(query: dict[str, Any], release: str = "8.19", **settings: Any) -> Any:
    """The first root cause of a search that is refused."""
    fake = http(release)
    assert fake("PUT", "/i", {"settings": settings, "mappings": {"properties": {"tag": {"type": "keyword"}}}}).status == 200
    reply = soon(lambda: fake("POST", "/i/_search", {"query": query}))
    assert reply.status == 400, reply.body
    return reply.body["error"]["root_cause"][0]


TOO_LONG = (
    "failed to create query: The length of regex [{length}] used in the Regexp Query request has exceeded the allowed maximum"
    " of [{most}]. This maximum can be set by changing the [index.max_regex_length] index level setting."
)


@pytest.mark.parametrize("query", ['{{"regexp": {{"tag": "{0}"}}}}', '{{"query_string": {{"query": "tag:/{0}/"}}}}'])
def test_an_expression_has_a_longest_length(query: str) -> None:
    def made(text: str) -> dict[str, Any]:
        return dict(json.loads(query.format(text)))

    assert refused(made("a" * 1001))["reason"] == TOO_LONG.format(length=1001, most=1000)
    assert refused(made("aaaa"), max_regex_length=3)["reason"] == TOO_LONG.format(length=4, most=3)
    assert tags(made("a" * 1000)) == []
    assert tags({"regexp": {"tag": "a" * 1001}}, "6.3") == []


def test_a_prefix_has_a_longest_length_from_8_15() -> None:
    assert "The length of prefix [1001] used in the Prefix Query" in refused({"prefix": {"tag": "a" * 1001}}, "8.15")["reason"]
    assert tags({"prefix": {"tag": "a" * 1001}}, "8.14") == []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("(a", "expected ')' at position 2"),
        ("(" * 900, "unexpected end-of-string"),
        ("a{1", "expected '}' at position 3"),
        ("(a|b)*a(a|b){20}", "Determinizing (a|b)*a(a|b){20} would require more than 10000 effort."),
    ],
)
def test_expressions_that_are_refused(value: str, why: str) -> None:
    error = refused({"regexp": {"tag": value}})
    assert (error["type"], error["reason"]) == ("query_shard_exception", f"failed to create query: {why}")


def test_too_complex_is_told_by_its_type() -> None:
    fake = http("8.19")
    fake("PUT", "/i", {"mappings": {"properties": {"tag": {"type": "keyword"}}}})
    reply = fake("POST", "/i/_search", {"query": {"regexp": {"tag": {"value": "a{50}", "max_determinized_states": 10}}}})
    assert "too_complex_to_determinize_exception" in str(reply.body)
    assert reply.status == 400


def test_an_unknown_operator() -> None:
    fake = http()
    fake("PUT", "/i")
    reply = fake("POST", "/i/_search", {"query": {"regexp": {"tag": {"value": "a", "flags": "ALL_OF_THEM"}}}})
    assert (reply.status, reply.reason) == (400, "Unknown regexp flag [ALL_OF_THEM]")


def test_many_expressions_together_are_bounded() -> None:
    queries = [{"regexp": {"tag": f".*{letter}.{{12}}"}} for letter in "abcdefghijklmnopqrstuvwxyz"]
    fake = http("8.19")
    fake("PUT", "/i", {"mappings": {"properties": {"tag": {"type": "keyword"}}}})
    reply = fake("POST", "/i/_search", {"query": {"bool": {"should": queries}}})
    assert reply.status == 400
    assert "too_complex_to_determinize_exception" in str(reply.body)


@pytest.mark.parametrize(("include", "keys"), [("x<1-9>", ["x7"]), ("~(a@)", ["x7"]), (NASTY, [])])
def test_terms_that_an_aggregation_includes(include: str, keys: list[str]) -> None:
    fake = beside()
    fake("PUT", "/logs/_doc/2", {"tag": "x7"})
    aggregation = {"terms": {"field": "tag", "include": include}}
    reply = soon(lambda: fake("POST", "/logs/_search", {"size": 0, "aggs": {"tags": aggregation}}))
    assert [bucket["key"] for bucket in reply.body["aggregations"]["tags"]["buckets"]] == keys


@pytest.mark.parametrize(
    ("include", "type_"),
    [("(a", "x_content_parse_exception"), ("(a|b)*a(a|b){20}", "too_complex_to_determinize_exception")],
)
def test_expressions_that_an_aggregation_refuses(include: str, type_: str) -> None:
    fake = beside()
    aggregation = {"terms": {"field": "tag", "include": include}}
    reply = soon(lambda: fake("POST", "/logs/_search", {"size": 0, "aggs": {"tags": aggregation}}))
    assert reply.status == 400
    assert type_ in str(reply.body)


class Reader(Secured):
    """Somebody who may read indices of one pattern."""

    def __init__(self, pattern: str, release: str | None = None) -> None:
        super().__init__(release)
        for name in ("a_foo-b", "a_bar-b", "log-7", LONG):
            self.by("elastic", "PUT", f"/{name}/_doc/1", {"a": 1})
        self.reply = self.by(
            "elastic", "PUT", "{security}/role/some", {"indices": [{"names": [pattern], "privileges": ["read"]}]}
        )
        self.by("elastic", "PUT", "{security}/user/guest", {"password": "secret-guest", "roles": ["some"]})

    def may_read(self) -> list[str]:
        names = ("a_foo-b", "a_bar-b", "log-7", LONG)
        return [name for name in names if soon(lambda: self.by("guest", "GET", f"/{name}/_search")).status == 200]  # noqa: B023


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("/~(@_foo-@)/", ["a_bar-b", "log-7", LONG]), ("/log-<1-9>/", ["log-7"]), ("/@b&a_f@/", ["a_foo-b"]),
        ("/(a+a+)+/", [LONG]), ("/log-\\d/", ["log-7"]),
        ("log-?", ["log-7"]), ("*a" * 20 + "*b", []), ("a_*", ["a_foo-b", "a_bar-b"]),
    ],
)  # fmt: skip
def test_names_of_indices_in_a_role(pattern: str, names: list[str]) -> None:
    assert Reader(pattern).may_read() == names


@pytest.mark.parametrize("pattern", ["/(/", "/log", "/"])
def test_broken_patterns_in_a_role(pattern: str) -> None:
    newest = Reader(pattern, "9.4").reply
    assert (newest.status, newest.type) == (400, "action_request_validation_exception")
    assert f"invalid regular expression pattern [{pattern}]" in str(newest.reason)
    before = Reader(pattern, "8.18")
    assert before.reply.status == 200
    reply = before.by("guest", "GET", "/log-7/_search")
    assert (reply.status, reply.reason) == (400, f"The set of patterns [{pattern}] is invalid")


def test_patterns_that_are_too_complex_for_a_role() -> None:
    guest = Reader("/(a|b)*a(a|b){20}/")
    reply = soon(lambda: guest.by("guest", "GET", "/log-7/_search"))
    assert (reply.status, reply.reason) == (400, "The set of patterns [/(a|b)*a(a|b){20}/] is too complex to evaluate")


def test_patterns_in_the_rules_of_role_mappings() -> None:
    secured = Secured()
    body = {"enabled": True, "roles": ["some"], "rules": {"field": {"dn": "/(/"}}}
    reply = secured.by("elastic", "PUT", "{security}/role_mapping/m", body)
    assert (reply.status, reply.reason) == (400, "unexpected end-of-string")


def simulated(processor: dict[str, Any], text: str) -> Any:
    body = {"pipeline": {"processors": [processor]}, "docs": [{"_source": {"t": text}}]}
    reply = soon(lambda: http()("POST", "/_ingest/pipeline/_simulate", body))
    assert reply.status == 200, reply.body
    (document,) = reply.body["docs"]
    return document


@pytest.mark.parametrize(
    ("pattern", "replacement", "text", "changed"),
    [
        (r"\p{Alpha}+", "x", "ab-c", "x-x"), (r"[a-z&&[^b]]", "x", "abc", "xbx"), (r"(a)(b)?", "$2$1", "ac", "ac"),
        (r"a", r"\$1", "a", "$1"), (r"(?<n>a)", "<${n}>", "ab", "<a>b"), (r"(a)", "$10", "a", "a0"), (r"a++b", "x", "aab", "x"),
        (r"\Qa.b\E", "x", "a.b axb", "x axb"), (r"\w", "x", "é", "é"), (r"[a--]", "x", "-", "x"), (r"\x{41}", "x", "A", "x"),
    ],
)  # fmt: skip
def test_gsub_speaks_java(pattern: str, replacement: str, text: str, changed: str) -> None:
    document = simulated({"gsub": {"field": "t", "pattern": pattern, "replacement": replacement}}, text)
    assert document["doc"]["_source"]["t"] == changed


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", "Unclosed group near index 1"), ("*a", "Dangling meta character '*' near index 0"),
        ("a{", "Illegal repetition near index 1"),
        ("[a", "Unclosed character class near index 1"), ("(?P<n>a)", "Unknown inline modifier near index 1"),
        ("(?R)", "Unknown inline"),
        ("\\y", "Illegal/unsupported escape sequence near index 1"), ("(" * 3000 + ")" * 3000, "nested too deeply"),
        ("\\p{Foo}", "Unknown character property name {Foo}"), ("a{e<=1}", "Illegal repetition near index 1"),
    ],
)  # fmt: skip
def test_broken_expressions_of_java(pattern: str, why: str) -> None:
    processor = {"gsub": {"field": "t", "pattern": pattern, "replacement": ""}}
    reply = http()("PUT", "/_ingest/pipeline/p", {"processors": [processor]})
    assert reply.status == 400
    assert why in str(reply.reason)


SLOW = r"^(([a-z])+.)+[A-Z]([a-z])+$"
SLOW_ON = "ab" * 200 + "?"


@pytest.mark.parametrize(
    "processor",
    [
        {"gsub": {"field": "t", "pattern": SLOW, "replacement": ""}},
        {"split": {"field": "t", "separator": SLOW}},
        {"dissect": {"field": "t", "pattern": "%{a}" + "a%{b}" * 30 + "z"}},
    ],
)
def test_processors_stop_in_time(processor: dict[str, Any]) -> None:
    document = simulated(processor, SLOW_ON)
    assert "error" in document


def test_a_whole_bulk_stops_in_time() -> None:
    fake = http()
    steps = [{"gsub": {"field": "t", "pattern": SLOW, "replacement": "", "ignore_failure": True}} for _ in range(20)]
    fake("PUT", "/_ingest/pipeline/p", {"processors": steps})
    lines = "".join('{"index":{}}\n{"t":"' + SLOW_ON + '"}\n' for _ in range(20))
    started = thread_time()
    response = fake.raw("POST", "/i/_bulk?pipeline=p", lines.encode(), **{"content-type": "application/x-ndjson"})
    assert response.status == 200
    assert thread_time() - started < 2


def test_categorization_filters_stop_in_time() -> None:
    fake = http()
    config = {"categorization_field_name": "m", "categorization_filters": [SLOW], "bucket_span": "1m",
              "detectors": [{"function": "count", "by_field_name": "mlcategory"}]}  # fmt: skip
    assert fake.put("x", {"analysis_config": config, "data_description": {"time_field": "t"}}).status == 200
    fake.job("x", "_open")
    records = [{"t": 1_700_000_000 + second, "m": SLOW_ON + str(second)} for second in range(20)]
    reply = soon(lambda: fake.job("x", "_data", records))
    assert reply.status == 202
    assert fake.stats("x")["model_size_stats"]["failed_category_count"] == 20


def test_templates_with_long_patterns_that_overlap() -> None:
    fake = http()
    fake("PUT", "/_index_template/one", {"index_patterns": ["a*" * 2000 + "c"]})
    reply = soon(lambda: fake("PUT", "/_index_template/two", {"index_patterns": ["*b" * 2000]}))
    assert reply.status == 200


@pytest.mark.parametrize("bucket_span", [" " * 100_000, "1" + " " * 100_000 + "x", "s" * 100_000])
def test_durations_of_many_spaces(bucket_span: str) -> None:
    config = {"analysis_config": {"detectors": [{"function": "count"}], "bucket_span": bucket_span}, "data_description": {}}
    assert soon(lambda: http().put("x", config)).status == 400


@pytest.mark.parametrize(
    ("analyzer", "why"),
    [
        ({"tokenizer": {"type": "pattern", "pattern": "("}}, "Unclosed group near index 1"),
        ({"char_filter": [{"type": "pattern_replace", "pattern": "*"}]}, "Dangling meta character '*' near index 0"),
        ({"char_filter": [{"type": "pattern_replace"}]}, "pattern is missing for [__anonymous__pattern_replace] char filter"),
    ],
)
def test_broken_expressions_of_an_analyzer(analyzer: dict[str, Any], why: str) -> None:
    reply = http().put("x", categorizing(analyzer))
    assert reply.status == 400
    assert str(reply.reason).startswith(why)


def categorizing(analyzer: dict[str, Any]) -> dict[str, Any]:
    config = {"categorization_field_name": "m", "categorization_analyzer": analyzer, "bucket_span": "1m",
              "detectors": [{"function": "count", "by_field_name": "mlcategory"}]}  # fmt: skip
    return {"analysis_config": config, "data_description": {"time_field": "t"}}


def test_a_group_that_an_analyzer_has_not() -> None:
    fake = http()
    replace = {"type": "pattern_replace", "pattern": "(a)", "replacement": "$3"}
    assert fake.put("x", categorizing({"char_filter": [replace], "tokenizer": "ml_classic"})).status == 200
    fake.job("x", "_open")
    assert fake.job("x", "_data", [{"t": 1_700_000_000, "m": "abc"}]).status == 202
    assert fake.stats("x")["model_size_stats"]["failed_category_count"] == 1
