"""The parameters that every operation has: ``pretty``, ``human`` and ``error_trace`` are true, false, or refused."""

from __future__ import annotations

import pytest

from tests.support import http

SWITCHES = ("pretty", "human", "error_trace")


@pytest.mark.parametrize("release", ["6.2", "7.17", "9.5"])
@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("value", ["x", "1", "0", "True", "FALSE", "yes", "on", "%20true", "truefalse"])
def test_from_6_0_only_true_and_false_are_taken(release: str, switch: str, value: str) -> None:
    reply = http(release)("GET", f"/?{switch}={value}")
    said = value.replace("%20", " ")
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert reply.reason == f"Failed to parse value [{said}] as only [true] or [false] are allowed."


@pytest.mark.parametrize("switch", SWITCHES)
@pytest.mark.parametrize("value", ["x", "1", "0", "no", "off", "true"])
def test_up_to_5_6_anything_is_taken(switch: str, value: str) -> None:
    assert http("5.6")("GET", f"/?{switch}={value}").status == 200


@pytest.mark.parametrize(
    ("release", "value", "pretty"),
    [("5.6", "x", True), ("5.6", "off", False), ("5.6", "0", False), ("9.5", "", True), ("9.5", "true", True),
     ("9.5", "false", False)],
)  # fmt: skip
def test_what_a_value_means(release: str, value: str, pretty: bool) -> None:
    assert (b"\n" in http(release).raw("GET", f"/?pretty={value}").body.strip()) == pretty


@pytest.mark.parametrize("target", ["/_nowhere/at/all", "/?nonsense", "/_ml/anomaly_detectors/missing"])
def test_it_comes_before_everything_else(target: str) -> None:
    """Who calls, which operation is meant, the other parameters; and no other switch is heeded."""
    mark = "&" if "?" in target else "?"
    answer = http("9.5", security=True).raw("GET", f"{target}{mark}human=x&pretty&filter_path=status")
    assert (answer.status, b"Failed to parse value [x]" in answer.body, b"\n" in answer.body) == (400, True, False)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
def test_every_method_refuses(method: str) -> None:
    assert http("9.5").raw(method, "/_ml/anomaly_detectors/x?pretty=x").status == 400
