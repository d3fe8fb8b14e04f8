"""HTTP conventions by release, through requests that need no job."""

from __future__ import annotations

import gzip
import json

import pytest

from fake_es import FakeElasticsearch
from tests.support import RELEASES, http

VENDOR = "application/vnd.elasticsearch+json; compatible-with="


@pytest.mark.parametrize("release", RELEASES)
def test_the_root_names_the_release(release: str) -> None:
    reply = http(release)("GET", "/")
    assert reply.status == 200
    assert reply.body["version"]["number"].startswith(release)
    assert reply.body["tagline"] == "You Know, for Search"
    assert len(reply.body["cluster_uuid"]) == 22


@pytest.mark.parametrize("release", RELEASES)
def test_the_product_header_came_with_7_14(release: str) -> None:
    fake = http(release)
    said = {fake("GET", path).headers.get("x-elastic-product") for path in ("/", "/_nowhere", "/?wrong")}
    assert said == ({"Elasticsearch"} if fake.fake.version >= (7, 14) else {None})


def test_head_has_the_headers_of_get_and_no_body() -> None:
    fake = http()
    head, get = fake.raw("HEAD", "/"), fake.raw("GET", "/")
    assert (head.status, head.body, head.headers) == (200, b"", get.headers)


@pytest.mark.parametrize(
    ("release", "status", "text"),
    [
        ("5.4.0", 400, "No handler found for uri [/_nowhere/at/all/now?x=1] and method [GET]"),
        ("6.3", 400, "No handler found for uri [/_nowhere/at/all/now?x=1] and method [GET]"),
        ("6.4", 400, {"error": "no handler found for uri [/_nowhere/at/all/now?x=1] and method [GET]"}),
        ("9.5", 400, {"error": "no handler found for uri [/_nowhere/at/all/now?x=1] and method [GET]"}),
    ],
)
def test_an_unknown_route(release: str, status: int, text: object) -> None:
    reply = http(release)("GET", "/_nowhere/at/all/now?x=1")
    assert (reply.status, reply.body) == (status, text)


@pytest.mark.parametrize("release", ["6.0", "7.17", "9.5"])
def test_a_wrong_method_is_405_and_names_those_allowed(release: str) -> None:
    reply = http(release)("PATCH", "{ml}/anomaly_detectors/x/_close?pretty")
    prefix = "/_xpack/ml" if release == "6.0" else "/_ml"
    assert reply.status == 405
    assert reply.reason == (
        f"Incorrect HTTP method for uri [{prefix}/anomaly_detectors/x/_close?pretty] and method [PATCH], allowed: [POST]"
    )
    assert reply.headers["allow"] == "POST"
    assert reply.body["status"] == 405


@pytest.mark.parametrize("release", ["6.4", "7.17", "9.5"])
def test_a_method_that_is_none(release: str) -> None:
    reply = http(release)("BREW", "/")
    assert (reply.status, reply.reason) == (405, "Unexpected http method: BREW, allowed: [GET, HEAD]")
    reply = http(release)("BREW", "/_nowhere/at/all/now")
    assert (reply.status, reply.reason) == (405, "Unexpected http method: BREW")
    assert "allow" not in reply.headers


@pytest.mark.parametrize("release", ["5.4.0", "6.3"])
def test_up_to_6_3_a_method_that_is_none_is_get(release: str) -> None:
    assert http(release)("BREW", "/").body["tagline"] == "You Know, for Search"


def test_before_6_0_a_wrong_method_is_no_handler() -> None:
    reply = http("5.4.0")("PATCH", "/")
    assert (reply.status, reply.body) == (400, "No handler found for uri [/] and method [PATCH]")


def test_options_lists_the_methods() -> None:
    reply = http()("OPTIONS", "{ml}/anomaly_detectors/x")
    assert (reply.status, reply.body, reply.headers["allow"]) == (200, "", "DELETE,GET,PUT")
    assert "allow" not in http()("OPTIONS", "/_nowhere/at/all/now").headers


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("prety", "parameter: [prety] -> did you mean [pretty]?"),
        ("b=1&a", "parameters: [a], [b]"),
        ("filter_pat=x&humann", "parameters: [filter_pat] -> did you mean [filter_path]?, [humann] -> did you mean [human]?"),
    ],
)
def test_unrecognized_parameters(query: str, said: str) -> None:
    reply = http()("GET", f"/?{query}")
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert reply.reason == f"request [/] contains unrecognized {said}"


@pytest.mark.parametrize("query", ["a=%", "a=%4", "a=%zz", "%q=1"])
def test_a_broken_escape_in_the_query(query: str) -> None:
    reply = http()("GET", f"/?{query}")
    assert (reply.status, reply.type) == (400, "bad_parameter_exception")


def test_pretty() -> None:
    text = http().raw("GET", "{ml}/anomaly_detectors?pretty".format(ml="/_ml")).body
    assert text == b'{\n  "count" : 0,\n  "jobs" : [ ]\n}\n'


@pytest.mark.parametrize(
    ("expression", "left"),
    [
        ("name", {"name": "node-1"}),
        ("version.number,tagline", {"version": {"number": "9.5.1"}, "tagline": "You Know, for Search"}),
        ("version.*_snapshot", {"version": {"build_snapshot": False}}),
        ("**.number", {"version": {"number": "9.5.1"}}),
        ("-version,-cluster*,-tag*", {"name": "node-1"}),
        ("version,-version.build*,-version.lucene*,-version.min*", {"version": {"number": "9.5.1"}}),
        ("nothing.at.all", {}),
    ],
)
def test_filter_path(expression: str, left: object) -> None:
    assert http("9.5.1")("GET", f"/?filter_path={expression}").body == left


def test_filter_path_does_not_touch_errors() -> None:
    assert http()("GET", "/?wrong&filter_path=nothing").reason.startswith("request [/]")


def test_error_trace_adds_a_trace_to_each_exception() -> None:
    error = http()("GET", "/?wrong&error_trace").body["error"]
    assert error["stack_trace"].startswith("illegal_argument_exception: request [/]")
    assert error["root_cause"][0]["stack_trace"].startswith("illegal_argument_exception: request [/]")
    assert "stack_trace" not in http()("GET", "/?wrong").body["error"]


def test_an_opaque_id_comes_back() -> None:
    assert http()("GET", "/", x_opaque_id="mine").headers["x-opaque-id"] == "mine"


def test_gzip_both_ways() -> None:
    fake = http()
    answer = fake.raw("GET", "/", accept_encoding="gzip, deflate")
    assert dict(answer.headers)["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(answer.body))["name"] == "node-1"
    assert dict(answer.headers)["content-length"] == str(len(answer.body))
    body = gzip.compress(b'{"profile":"none"}')
    reply = fake("PUT", "/_fake/delays", body, content_encoding="gzip")
    assert reply.body == {"profile": "none"}


def test_a_body_that_only_claims_to_be_gzip() -> None:
    reply = http()("PUT", "/_fake/delays", b"plain", content_encoding="gzip")
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_above_the_limit_is_413_without_a_word(packed: bool) -> None:
    fake = http(max_content_length=1000)
    body = b'"' + b"x" * 1000 + b'"'
    headers = {"content_encoding": "gzip"} if packed else {}
    response = fake.raw(
        "PUT", "/_fake/delays", gzip.compress(body) if packed else body, content_type="application/json", **headers
    )
    assert (response.status, response.body) == (413, b"")


@pytest.mark.parametrize("release", ["6.0", "7.17", "8.19", "9.5"])
@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        (None, "Content-Type header is missing"),
        ("text/plain", "Content-Type header [text/plain] is not supported"),
        ("application/x-www-form-urlencoded", "Content-Type header [application/x-www-form-urlencoded] is not supported"),
        ("application/json; charset=latin-1", "Content-Type header [application/json; charset=latin-1] is not supported"),
    ],
)
def test_a_body_needs_a_type_that_is_known(release: str, content_type: str | None, said: str) -> None:
    headers = {"content_type": content_type} if content_type else {}
    response = http(release).raw("PUT", "/_fake/delays", b"{}", **headers)
    assert (response.status, json.loads(response.body)) == (406, {"error": said, "status": 406})


def test_in_5_x_the_type_of_a_body_is_guessed() -> None:
    assert http("5.4.0").raw("PUT", "/_fake/delays", b"{}").status == 200


@pytest.mark.parametrize(
    ("release", "accept", "given"),
    [
        ("5.4.0", "application/json", "application/json; charset=UTF-8"),
        ("7.17", "application/vnd.elasticsearch+json; compatible-with=7", "application/json; charset=UTF-8"),
        ("8.19", None, "application/json"),
        ("8.19", "*/*", "application/json"),
        ("8.19", "text/html, */*", "application/json"),
        ("8.19", "application/json; charset=utf-8", "application/json;charset=utf-8"),
        ("8.19", VENDOR + "8", "application/vnd.elasticsearch+json;compatible-with=8"),
        ("8.19", VENDOR + "7", "application/vnd.elasticsearch+json;compatible-with=7"),
        ("9.5", VENDOR + "8", "application/vnd.elasticsearch+json;compatible-with=8"),
    ],
)
def test_the_type_of_an_answer(release: str, accept: str | None, given: str) -> None:
    headers = {"accept": accept} if accept else {}
    assert http(release)("GET", "/", **headers).headers["content-type"] == given


def _cause(accept: str | None, content_type: str | None, body: bytes = b"{}", release: str = "9.5") -> str:
    headers = {name: value for name, value in (("accept", accept), ("content_type", content_type)) if value is not None}
    reply = http(release).raw("PUT", "/_fake/delays", body, **headers)
    error = json.loads(reply.body)["error"]
    assert (reply.status, error["type"]) == (400, "media_type_header_exception")
    assert error["root_cause"][0]["type"] == error["caused_by"]["type"] or error["caused_by"]["type"].startswith("illegal")
    return str(error["caused_by"]["reason"])


def test_versions_of_the_media_types_must_go_together() -> None:
    assert _cause(VENDOR + "7", VENDOR + "7") == (
        f"Accept version must be either version 9 or 8, but found 7. Accept={VENDOR}7"
    )
    assert _cause(VENDOR + "9", VENDOR + "7") == (
        f"Content-Type version must be either version 9 or 8, but found 7. Content-Type={VENDOR}7"
    )
    both = (
        "A compatible version is required on both Content-Type and Accept headers"
        " if either one has requested a compatible version"
    )
    assert _cause(VENDOR + "8", VENDOR + "9") == (
        f"{both} and the compatible versions must match. Accept={VENDOR}8, Content-Type={VENDOR}9"
    )
    assert _cause(VENDOR + "9", "application/json") == f"{both}. Accept={VENDOR}9, Content-Type=application/json"
    assert _cause(None, VENDOR + "9") == f"{both}. Accept=null, Content-Type={VENDOR}9"


def test_without_a_body_only_accept_counts() -> None:
    assert http("9.5")("GET", "/", accept=VENDOR + "8", content_type=VENDOR + "9").status == 200


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("nonsense", "invalid media-type [nonsense]"),
        ("application/json; a b", "invalid parameters for header [application/json; a b]"),
        ("", "Header [Accept] cannot be empty."),
    ],
)
def test_media_types_that_are_none(header: str, said: str) -> None:
    reply = http("8.19")("GET", "/", accept=header)
    assert reply.body["error"]["reason"] == "Invalid media-type value on headers [Accept]"
    assert reply.body["error"]["caused_by"] == {"type": "illegal_argument_exception", "reason": said}
    assert http("7.17")("GET", "/", accept=header).type == "content_type_header_exception"
    assert http("6.8")("GET", "/", accept=header).status == 200


def test_a_body_nobody_reads_is_refused_from_7_12() -> None:
    assert http("9.5")("GET", "/", {}).reason == "request [GET /] does not support having a body"
    assert http("7.11")("GET", "/", {}).status == 200


def test_a_missing_body() -> None:
    reply = http()("PUT", "/_fake/delays")
    assert (reply.status, reply.type, reply.reason) == (400, "parse_exception", "request body is required")


@pytest.mark.parametrize(
    ("release", "body", "status", "kind", "reason"),
    [
        ("9.5", '{"a" 1}', 400, "x_content_parse_exception", "[1:6] Unexpected character ('1' (code 49))"),
        ("9.5", '{\n "a": tru}', 400, "x_content_parse_exception", "[2:7] Unrecognized token 'tru'"),
        ("9.5", '{"a":1,"a":2}', 400, "x_content_parse_exception", "[1:8] Duplicate field 'a'"),
        ("9.5", '{"a":NaN}', 400, "x_content_parse_exception", "[1:6] Unrecognized token 'NaN'"),
        ("9.5", '{"a":"\x01"}', 400, "x_content_parse_exception", "[1:7] Illegal unquoted character"),
        ("9.5", '{"a":', 400, "x_content_e_o_f_exception", "[1:6] Unexpected end of file"),
        ("8.16", "{", 400, "x_content_e_o_f_exception", "[1:2] Unexpected end of file"),
        (
            "8.15",
            "{",
            500,
            "x_content_e_o_f_exception",
            "com.fasterxml.jackson.core.io.JsonEOFException: Unexpected end-of-input",
        ),
        ("7.17", "{", 400, "json_e_o_f_exception", "Unexpected end-of-input"),
        ("7.17", '{"a" 1}', 400, "json_parse_exception", "Unexpected character ('1' (code 49))"),
        ("6.8", '{"a" 1}', 500, "json_parse_exception", "Unexpected character"),
    ],
)
def test_broken_json(release: str, body: str, status: int, kind: str, reason: str) -> None:
    reply = http(release)("PUT", "/_fake/delays", body)
    assert (reply.status, reply.type) == (status, kind)
    assert reply.reason.startswith(reason)


@pytest.mark.parametrize(
    "body",
    ['{"profile":"none"} and more', '/* why */ {"profile":"none"} // because', ' \n{"profile":\t"n\\u006fne"}'],
)
def test_what_the_server_reads_over(body: str) -> None:
    assert http()("PUT", "/_fake/delays", body).body == {"profile": "none"}


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 5000, b"{" * 2000, b"\x00", b'"\\ud800"', b"1e999", b"-", b"[1,]"])
def test_hostile_bodies_get_a_client_error(body: bytes) -> None:
    assert http()("PUT", "/_fake/delays", body).status == 400


def test_ids_are_percent_decoded_after_routing() -> None:
    reply = http()("GET", "{ml}/anomaly_detectors/a%2Fb")
    assert reply.reason == "No known job with id 'a/b'"


def test_an_api_that_is_not_emulated_says_so() -> None:
    reply = http()("POST", "/_cluster/reroute")
    assert (reply.status, reply.type) == (501, "fake_es_not_implemented_exception")
    assert reply.reason == "[cluster.reroute] is an API of Elasticsearch 9.5.1 that fake_es does not emulate"
    assert http("8.1")("GET", "{ml}/memory/_stats").body == {
        "error": "no handler found for uri [/_ml/memory/_stats] and method [GET]"
    }


@pytest.mark.parametrize(
    ("release", "headers", "status", "warned"),
    [
        ("5.4.0", {}, 200, False),
        ("6.8", {}, 200, False),
        ("7.0", {}, 200, True),
        ("7.17", {}, 200, True),
        ("8.19", {}, 400, False),
        ("8.19", {"accept": VENDOR + "7"}, 200, True),
        ("9.5", {"accept": VENDOR + "8"}, 400, False),
    ],
)
def test_the_old_prefix(release: str, headers: dict[str, str], status: int, warned: bool) -> None:
    reply = http(release)("GET", "/_xpack/ml/anomaly_detectors/_all", **headers)
    assert reply.status == status
    version = FakeElasticsearch(release).version
    text = "[GET /_xpack/ml/anomaly_detectors/{job_id}] is deprecated! Use [GET /_ml/anomaly_detectors/{job_id}] instead."
    expected = f'299 Elasticsearch-{version}-{version.build_hash} "{text}"' if warned else None
    assert reply.headers.get("warning") == expected


def test_the_new_prefix_is_unknown_before_6_6() -> None:
    assert http("6.5")("GET", "/_ml/anomaly_detectors").status == 405
    reply = http("6.8")("GET", "/_ml/anomaly_detectors")
    assert (reply.status, reply.headers.get("warning")) == (200, None)
    assert http("6.8")("GET", "/_xpack/ml/anomaly_detectors").headers.get("warning") is None


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("x%zz", "invalid escape sequence `%zz' at index 1 of: x%zz"),
        ("x%4", "unterminated escape sequence at end of string: x%4"),
    ],
)
def test_a_broken_escape_in_the_path(path: str, said: str) -> None:
    reply = http("9.5")("POST", f"{{ml}}/anomaly_detectors/{path}/_close")
    assert (reply.status, reply.reason) == (405, f"{said}, allowed: [POST]")
    reply = http("6.3")("POST", f"{{ml}}/anomaly_detectors/{path}/_close")
    assert (reply.status, reply.type, reply.reason) == (400, "illegal_argument_exception", said)
