"""Reading the categories of a job's messages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.stored import START, fresh, store
from tests.support import Http, http


@pytest.fixture
def fake() -> Http:
    """Job "x" has three categories, indexed out of order."""
    fake = fresh()
    store(fake, made(2, partition_field_name="p", partition_field_value="a"), made(1), made(3))
    return fake


def made(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "category_id": number,
        "result_type": "category_definition",
        "terms": "Node started",
        "regex": ".*?Node.+?started.*",
        "max_matching_length": 20,
        "examples": ["Node 3 started", "Node 14 started"],
    } | fields


def numbers(fake: Http, query: str = "", body: Any = None) -> list[int]:
    reply = fake.job("x", f"results/categories{query}", body, method="POST" if body is not None else "GET")
    assert reply.status == 200, reply.body
    return [category["category_id"] for category in reply.body["categories"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3]),
        ("?from=1&size=1", [2]),
        ("/2", [2]),
        ("/77", []),
        ("?partition_field_value=a", [2]),
        ("/1?partition_field_value=a", []),
    ],
)
def test_which_categories(fake: Http, query: str, expected: list[int]) -> None:
    assert numbers(fake, query) == expected


def test_a_body_in_place_of_parameters(fake: Http) -> None:
    assert numbers(fake, body={"page": {"from": 2}}) == [3]
    assert numbers(fake, "/3", {}) == [3]
    assert numbers(fake, body={"category_id": 2}) == numbers(fake, body={"category_id": "2"}) == [2]


def test_a_category(fake: Http) -> None:
    assert fake.job("x", "results/categories/2", method="GET").body == {
        "count": 1,
        "categories": [
            {
                "job_id": "x",
                "category_id": 2,
                "partition_field_name": "p",
                "partition_field_value": "a",
                "terms": "Node started",
                "regex": ".*?Node.+?started.*",
                "max_matching_length": 20,
                "examples": ["Node 3 started", "Node 14 started"],
                "grok_pattern": ".*?Node.+?%{NUMBER:field}.+?started.*",
                "result_type": "category_definition",
                "mlcategory": "2",
                "p": "a",
            }
        ],
    }


def test_what_is_worked_out_stands_in_its_place(fake: Http) -> None:
    shown = list(fake.job("x", "results/categories/1", method="GET").body["categories"][0])
    assert shown[-4:] == ["examples", "grok_pattern", "result_type", "mlcategory"]


def test_definitions_without_a_kind_were_written_before_7() -> None:
    fake = fresh(version="6.8")
    old = {name: value for name, value in made(1).items() if name != "result_type"}
    store(fake, old)
    shown = fake.job("x", "results/categories", method="GET").body["categories"][0]
    assert shown["category_id"] == 1
    assert "mlcategory" not in shown


@pytest.mark.parametrize(
    ("examples", "regex", "expected"),
    [
        (["a"], "", ""),
        ([], ".*?a.*", ""),
        (["from 10.0.0.1 to 10.0.0.2"], ".*?from.+?to.*", ".*?from.+?%{IP:ipaddress}.+?to.+?%{IP:ipaddress2}.*"),
        (["2016-06-01T00:00:00Z up", "2016-06-01 00:00:05 up"], ".*?up.*", ".*?%{TIMESTAMP_ISO8601:timestamp}.+?up.*"),
        (["one two", "one three"], ".*?one.*", ".*?one.*"),
        (["cut sh..."], ".*?cut.+?short.*", ".*?cut.+?short.*"),
        (["by hand"], ".*?(by.*", ".*?(by.*"),
        (["took 5", "took"], ".*?took.*", ".*?took.*"),
        (["a=ob", "a=b"], ".*?a=.*?b.*", ".*?a=.*?b.*"),
        (["a=1,b", "a=22,b"], ".*?a=.+?b.*", ".*?a=.*?%{NUMBER:field}.+?b.*"),
        (
            ["x 1 2 3 4 5 6 7 8 9 10 11 12"],
            ".*?x.*",
            ".*?x" + "".join(f".+?%{{NUMBER:field{number if number > 1 else ''}}}" for number in range(1, 11)) + ".*",
        ),
    ],
)
def test_grok_patterns(fake: Http, examples: list[str], regex: str, expected: str) -> None:
    store(fake, made(9, examples=examples, regex=regex))
    assert fake.job("x", "results/categories/9", method="GET").body["categories"][0]["grok_pattern"] == expected


@pytest.mark.parametrize(
    ("query", "body", "kind", "reason"),
    [
        ("/one", None, "number_format_exception", 'For input string: "one"'),
        ("/1?size=5", None, "illegal_argument_exception", "Param [from, size] is incompatible with [category_id]."),
        ("/1", {"page": {"size": 5}}, "illegal_argument_exception", "Param [category_id] is incompatible with [from, size]."),
        ("", {}, "action_request_validation_exception", "Both [category_id] and [from, size] cannot be null"),
        ("?from=-1", None, "illegal_argument_exception", "Parameter [from] cannot be < 0"),
    ],
)
def test_refusals(fake: Http, query: str, body: Any, kind: str, reason: str) -> None:
    reply = fake.job("x", f"results/categories{query}", body)
    assert (reply.status, reply.type) == (400, kind)
    assert reason in reply.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"category_id": 1, "page": {}}, "Param [from, size] is incompatible with [category_id]."),
        ({"page": {}, "category_id": 1}, "Param [category_id] is incompatible with [from, size]."),
        ({"category_id": "one"}, 'For input string: "one"'),
    ],
)
def test_bodies_that_are_refused(fake: Http, body: Any, reason: str) -> None:
    reply = fake.job("x", "results/categories", body)
    assert (reply.status, reply.type) == (400, "x_content_parse_exception")
    assert reply.body["error"]["caused_by"]["reason"] == reason


def test_a_job_that_is_not_there(fake: Http) -> None:
    assert fake.job("z", "results/categories", method="GET").status == 404


@pytest.mark.parametrize("action", ["_flush", "_close"])
def test_what_was_matched_is_told_of_when_a_job_is_flushed_or_closed(action: str) -> None:
    fake = http()
    detector = {"function": "count", "by_field_name": "mlcategory"}
    config = {"bucket_span": "1h", "detectors": [detector], "categorization_field_name": "message"}
    fake.put("y", {"analysis_config": config, "data_description": {"time_field": "time"}})
    fake.job("y", "_open")
    for at in range(5):
        assert fake.job("y", "_data", json.dumps({"time": START // 1000 + at, "message": "Node started"})).status == 202
    assert fake.job("y", action).status == 200
    (category,) = fake.job("y", "results/categories", method="GET").body["categories"]
    assert category["num_matches"] == 5


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2013-06-01 12:30:45 +0000", "%{TOMCAT_DATESTAMP:timestamp}"),
        ("2013-06-01T12:30:45,123Z", "%{TIMESTAMP_ISO8601:timestamp}"),
        ("Mon Jun 03 2013 12:30:45 UTC", "%{DATESTAMP_RFC822:timestamp}"),
        ("Mon, 03 Jun 2013 12:30:45 +0200", "%{DATESTAMP_RFC2822:timestamp}"),
        ("Mon Jun 03 12:30:45 UTC 2013", "%{DATESTAMP_OTHER:timestamp}"),
        ("20130603123045", "%{DATESTAMP_EVENTLOG:timestamp}"),
        ("Jun  3 12:30:45", "%{SYSLOGTIMESTAMP:timestamp}"),
        ("03/Jun/2013:12:30:45 +0200", "%{HTTPDATE:timestamp}"),
        ("Jun 3, 2013 12:30:45 PM", "%{CATALINA_DATESTAMP:timestamp}"),
        ("Jun 03 2013 12:30:45", "%{CISCOTIMESTAMP:timestamp}"),
        ("06/03/2013", "%{DATE:date}"),
        ("12:30:45", "%{TIME:time}"),
        ("WARN", "%{LOGLEVEL:loglevel}"),
        ("https://user@example.com:9200/a?b=c", "%{URI:uri}"),
        ("0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f", "%{UUID:uuid}"),
        ("0a:1b:2c:3d:4e:5f", "%{MAC:macaddress}"),
        ("0a1b.2c3d.4e5f", "%{MAC:macaddress}"),
        ("/var/log/messages", "%{PATH:path}"),
        ("first.last@example.com", "%{EMAILADDRESS:email}"),
        ("192.168.0.1", "%{IP:ipaddress}"),
        ("2001:db8::ff00:42:8329", "%{IP:ipaddress}"),
        ("'quoted text'", "%{QUOTEDSTRING:field}"),
        ("-12.5", "%{NUMBER:field}"),
        ("0xdeadbeef", "%{BASE16NUM:field}"),
    ],
)
def test_each_kind_of_value_has_its_grok_pattern(fake: Http, value: str, expected: str) -> None:
    store(fake, made(9, examples=[f"it was {value} then"], regex=".*?it.+?was.+?then.*"))
    found = fake.job("x", "results/categories/9", method="GET").body["categories"][0]["grok_pattern"]
    assert found == f".*?it.+?was.+?{expected}.+?then.*"


@pytest.mark.parametrize("release", ["5.4.0", "9.5"])
def test_a_job_has_1000_categorization_filters_at_most(release: str) -> None:
    fake = http(release)
    filters = [f"x{number}" for number in range(1001)]
    analysis = {
        "bucket_span": "1h",
        "categorization_field_name": "m",
        "categorization_filters": filters[1:],
        "detectors": [{"function": "count", "by_field_name": "mlcategory"}],
    }
    body = {"analysis_config": analysis, "data_description": {"time_field": "time"}}
    assert fake.put("most", body).status == 200
    analysis["categorization_filters"] = filters
    text = "fake_es accepts at most [1000] entries in [categorization_filters], but there are [1001]"
    refused = fake.put("more", body)
    assert (refused.status, text in str(refused.body)) == (400, True)
