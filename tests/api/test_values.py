"""Values as bodies and queries may write them, and text that is no JSON."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import FakeElasticsearch, VirtualClock
from fake_es.clock import ClockError
from tests.support import JOB, RELEASES, http


@pytest.mark.parametrize(
    ("field", "written", "shown"),
    [
        ("results_retention_days", "5", 5),
        ("allow_lazy_open", "true", True),
        ("allow_lazy_open", "false", False),
        ("groups", "g", ["g"]),
        ("groups", [5, True], ["5", "true"]),
    ],
)
def test_values_of_another_kind_are_read_as_what_they_mean(field: str, written: Any, shown: Any) -> None:
    assert http("9.5").put("x", JOB | {field: written}).body[field] == shown


@pytest.mark.parametrize(
    ("field", "written", "reason"),
    [
        ("results_retention_days", "x", 'For input string: "x"'),
        ("results_retention_days", 1.5, "1.5 cannot be converted to Long without data loss"),
        ("results_retention_days", "99999999999999999999", "Value [99999999999999999999] is out of range for a long"),
        ("results_retention_days", 1e30, "Value [1e+30] is out of range for a long"),
        ("allow_lazy_open", "yes", "Failed to parse value [yes] as only [true] or [false] are allowed."),
        ("groups", [None], "Can't get text on a VALUE_NULL"),
        ("groups", [{}], "Can't get text on a START_OBJECT"),
    ],
)
def test_values_that_mean_nothing(field: str, written: Any, reason: str) -> None:
    reply = http("9.5").put("x", JOB | {field: written})
    assert reply.reason.endswith(f"[job_details] failed to parse field [{field}]")
    assert reply.body["error"]["caused_by"] == {"type": "illegal_argument_exception", "reason": reason}


@pytest.mark.parametrize(
    ("release", "written", "shown"),
    [("9.5", "10000000s", "10000000s"), ("9.5", "1209600001000ms", "1209600001000ms"), ("5.6", "1.5h", "1.5h")],
)
def test_a_duration_is_shown_in_the_unit_and_with_the_digits_it_was_written_in(release: str, written: str, shown: str) -> None:
    reply = http(release).put("x", JOB | {"analysis_config": JOB["analysis_config"] | {"bucket_span": written}})
    assert reply.body["analysis_config"]["bucket_span"] == shown


@pytest.mark.parametrize("release", RELEASES)
def test_refusals_of_long_durations_show_their_digits(release: str) -> None:
    reply = http(release).put("x", JOB | {"background_persist_interval": "3600001ms"})
    assert reply.reason == "background_persist_interval has to be a multiple of 1s; actual was '1h'"


@pytest.mark.parametrize("written", [[], "text", 5, None])
def test_an_object_is_an_object(written: Any) -> None:
    assert "analysis_config doesn't support values of type" in http("9.5").put("x", JOB | {"analysis_config": written}).reason


@pytest.mark.parametrize(
    ("limit", "shown"),
    [("1.5gb", "1536mb"), ("2 GB", "2048mb"), ("1048576b", "1mb"), ("0.5tb", "524288mb"), ("1.5mb", "1mb")],
)
def test_sizes_have_units(limit: str, shown: str) -> None:
    limits = http("9.5").put("x", JOB | {"analysis_limits": {"model_memory_limit": limit}}).body["analysis_limits"]
    assert limits["model_memory_limit"] == shown


def test_a_size_beyond_all_counting() -> None:
    reply = http("9.5").put("x", JOB | {"analysis_limits": {"model_memory_limit": "99999999pb"}})
    root = reply.body["error"]["root_cause"][0]["reason"]
    assert root == "failed to parse setting [model_memory_limit] with value [99999999pb] as a size in bytes"


@pytest.mark.parametrize(
    ("release", "timeout", "status"),
    [
        ("9.5", "0", 500), ("9.5", "-1", 200), ("9.5", "90s", 200), ("9.5", " 1h ", 200), ("9.5", "5M", 400), ("9.5", "s", 400),
        ("9.5", "1.5m", 400), ("5.6", "1.5m", 200), ("9.5", "-5s", 400), ("9.5", "5", 400), ("9.5", "5 parsecs", 400),
    ],
)  # fmt: skip
def test_durations_have_units(release: str, timeout: str, status: int) -> None:
    fake = http(release)
    fake.put("x")
    fake.job("x", "_open")
    assert fake.job("x", f"_close?timeout={timeout}").status == status


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('{"a" 1}', "1:6", "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"),
        ("{a:1}", "1:2", "Unexpected character ('a' (code 97)): was expecting double-quote to start field name"),
        ('{"a":1 "b":2}', "1:8", "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"),
        ("[1 2]", "1:4", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"),
        ('{"a":"\x01"}', "1:7", "Illegal unquoted character ((CTRL-CHAR, code 1)): has to be escaped"),
        ('{"a":"\\q"}', "1:7", "Unrecognized character escape"),
        ('{"a":-}', "1:6", "Unexpected character ('-' (code 45)): expected a valid numeric value"),
        ('{"a":]}', "1:6", "Unexpected character (']' (code 93)): expected a valid value"),
        ('{"a":1,"a":2}', "1:8", "Duplicate field 'a'"),
        ('/* why */ {"a":NaN}', "1:16", "Unrecognized token 'NaN'"),
        ('{"a":[%sNaN]}' % ("1," * 1500), "1:3007", "Unrecognized token 'NaN'"),
        (f'{{"a":[{"1," * 1500}NaN,{"1," * 1500}1]}}', "1:3007", "Unrecognized token 'NaN'"),
        ('{"a":%s}' % ("x" * 256), "1:6", f"Unrecognized token '{'x' * 256}'"),
        ('{"a":%s}' % ("x" * 257), "1:6", f"Unrecognized token '{'x' * 256}...'"),
        ('{"a":$x_1}', "1:6", "Unrecognized token '$x_1'"),
        ('{"a":\t\r\n x}', "2:2", "Unrecognized token 'x'"),
        ('{"a":1,\n}', "2:1", "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"),
    ],
)
def test_text_that_is_no_json(text: str, place: str, reason: str) -> None:
    error = http("9.5").put("x", text).body["error"]
    assert error["type"] == "x_content_parse_exception"
    assert error["reason"].startswith(f"[{place}] {reason}")
    old = http("7.17").put("x", text).body["error"]
    assert old["reason"].endswith("[job_details] failed to parse object")
    assert old["caused_by"]["type"] == "json_parse_exception"
    assert old["caused_by"]["reason"].startswith(reason)


@pytest.mark.parametrize("text", ["[1", '{"a":"x', "// nothing but a remark", "/* open"])
def test_text_that_ends_too_soon(text: str) -> None:
    error = http("9.5").put("x", text).body["error"]
    assert (error["type"], error["caused_by"]["type"]) == ("x_content_e_o_f_exception", "json_e_o_f_exception")


@pytest.mark.parametrize("text", ["5", '"text"', "null", "[]"])
def test_a_body_is_an_object(text: str) -> None:
    assert "Expected START_OBJECT but was: " in http("9.5").put("x", text).reason


def test_remarks_are_overlooked() -> None:
    text = '/* a job */ {"description": "d" // of no use\n}'
    assert http("9.5").put("x", text).reason == "An analysis_config must be set"


@pytest.mark.parametrize(
    ("expression", "left"),
    [
        ("jobs.job_id", {"jobs": [{"job_id": "a"}, {"job_id": "b"}]}),
        ("jobs.**.function,count", {"count": 2, "jobs": [{"analysis_config": {"detectors": [{"function": "metric"}]}}] * 2}),
        ("count,jobs.nothing", {"count": 2}),
        ("jobs.*.bucket_span", {"jobs": [{"analysis_config": {"bucket_span": "1h"}}] * 2}),
        ("jobs.job_id.deeper", {}),
        ("-jobs", {"count": 2}),
        ("-jobs.*", {"count": 2}),
        ("-**", {}),
    ],
)
def test_lists_are_filtered_item_by_item(expression: str, left: Any) -> None:
    fake = http("9.5")
    fake.put("a")
    fake.put("b")
    assert fake("GET", "{ml}/anomaly_detectors?filter_path=" + expression).body == left


def test_leaving_out_a_field_of_items_leaves_the_rest() -> None:
    fake = http("9.5")
    fake.put("a")
    (job,) = fake("GET", "{ml}/anomaly_detectors?filter_path=-jobs.job_id,-jobs.*_config").body["jobs"]
    assert "job_id" not in job
    assert "analysis_config" not in job
    assert job["job_type"] == "anomaly_detector"


def test_two_stars_stand_for_everything() -> None:
    assert http("9.5")("GET", "/?filter_path=version.**").body.keys() == {"version"}
    assert http("9.5")("GET", "/?filter_path=**").body["tagline"] == "You Know, for Search"


def test_a_body_may_stand_in_the_query() -> None:
    fake = http("9.5")
    fake.put("x")
    source = '?source_content_type=application/json&source={"anomaly_score":"x"}'
    reply = fake.job("x", "results/buckets" + source, method="GET")
    assert reply.body["error"]["caused_by"]["reason"] == 'For input string: "x"'


@pytest.mark.parametrize(
    ("settings", "kind", "said"),
    [
        ({"clock": "sundial"}, ValueError, r"unknown clock \[sundial\]: virtual, system or a Clock"),
        ({"delays": 5}, ClockError, r"\[5\] is no delay profile"),
        ({"delays": "some"}, ClockError, "some"),
        ({"delays": {"nap": "5m"}}, ClockError, "nap"),
    ],
)
def test_an_emulator_is_made_right_or_not_at_all(settings: dict[str, Any], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        FakeElasticsearch("9.5", **settings)


def test_delays_may_be_a_function() -> None:
    clock = VirtualClock()
    fake = http("9.5", clock=clock, delays=lambda *_: 60_000)
    fake.put("x")
    before = clock.now()
    assert fake.job("x", "_open").status == 200
    assert clock.now() - before >= 60_000


def test_an_emulator_says_what_it_is() -> None:
    assert repr(FakeElasticsearch("8.19.0")) == "<FakeElasticsearch 8.19.0>"
