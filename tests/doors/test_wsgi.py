"""The WSGI door, as strict and as careless servers use it."""

from __future__ import annotations

import io
import json
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from werkzeug.test import Client

from fake_es import FakeElasticsearch
from tests.support import JOB

BODY = json.dumps(JOB).encode()


def call(fake: Any, method: str, path: str, **environ: Any) -> tuple[int, dict[str, str], bytes]:
    """One request by the letter of PEP 3333: status, headers, body."""
    heard: list[Any] = []
    setup_testing_defaults(environ)
    environ |= {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "SERVER_PROTOCOL": "HTTP/1.1"}
    environ.setdefault("QUERY_STRING", "")
    answer = fake(environ, lambda status, headers, error=None: heard.append((status, headers)))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    status, headers = heard[0]
    return int(status.split()[0]), {name.lower(): value for name, value in headers}, body


def put(fake: Any, body: bytes, **environ: Any) -> tuple[int, dict[str, str], bytes]:
    kind = {"CONTENT_TYPE": "application/json", "wsgi.input": io.BytesIO(body)}
    return call(fake, "PUT", "/_ml/anomaly_detectors/x", **kind, **environ)


@pytest.mark.filterwarnings("ignore::wsgiref.validate.WSGIWarning")
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PATCH"])
def test_it_keeps_to_the_specification(method: str) -> None:
    status, headers, body = call(validator(FakeElasticsearch("9.5")), method, "/")
    assert status == (405 if method == "PATCH" else 200)
    assert (len(body) == int(headers["content-length"])) is (method != "HEAD")


def test_a_body_of_known_length() -> None:
    status, _, body = put(FakeElasticsearch("9.5"), BODY + b"beyond", CONTENT_LENGTH=str(len(BODY)))
    assert (status, json.loads(body)["job_id"]) == (200, "x")


def test_a_body_whose_end_the_server_knows() -> None:
    assert put(FakeElasticsearch("9.5"), BODY, **{"wsgi.input_terminated": True})[0] == 200


def test_a_body_of_unknown_length_is_none() -> None:
    assert put(FakeElasticsearch("9.5"), BODY)[0] == 400


@pytest.mark.parametrize("environ", [{"CONTENT_LENGTH": "101"}, {"wsgi.input_terminated": True}])
def test_a_body_too_large_is_refused(environ: dict[str, Any]) -> None:
    status, headers, body = put(FakeElasticsearch("9.5", max_content_length=100), BODY, **environ)
    assert (status, headers["content-length"], body) == (413, "0", b"")


@pytest.mark.parametrize("length", ["many", "-1", str(len(BODY) + 1)])
def test_a_body_that_is_not_as_announced_is_refused(length: str) -> None:
    fake = FakeElasticsearch("9.5")
    assert put(fake, BODY, CONTENT_LENGTH=length)[0] == 400
    assert json.loads(call(fake, "GET", "/_ml/anomaly_detectors")[2])["count"] == 0


@pytest.mark.parametrize("environ", [{}, {"RAW_URI": "/_ml/anomaly_detectors/a%2Fb?pretty"}, {"RAW_URI": "http://x/"}])
def test_the_path_is_taken_as_it_was_sent(environ: dict[str, str]) -> None:
    _, _, body = call(FakeElasticsearch("9.5"), "GET", "/_ml/anomaly_detectors/a/b", QUERY_STRING="pretty", **environ)
    raw = environ.get("RAW_URI", "").startswith("/")
    assert (
        "No known job with id 'a/b'" if raw else "no handler found for uri [/_ml/anomaly_detectors/a/b?pretty]"
    ) in body.decode()


def test_a_path_of_any_text_is_encoded_again() -> None:
    path = "/_ml/anomaly_detectors/ünï%20".encode().decode("latin-1")
    assert "No known job with id 'ünï%20'" in call(FakeElasticsearch("9.5"), "GET", path)[2].decode()


def test_where_it_is_mounted_is_part_of_the_path() -> None:
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ |= {"SCRIPT_NAME": "/_ml", "PATH_INFO": "/anomaly_detectors", "QUERY_STRING": ""}
    heard: list[Any] = []
    FakeElasticsearch("9.5")(environ, lambda status, headers: heard.append(status))
    assert heard == ["200 OK"]


def test_the_test_client_of_werkzeug() -> None:
    client = Client(FakeElasticsearch("9.5"))
    assert client.put("/_ml/anomaly_detectors/x", json=JOB).get_json()["job_id"] == "x"
    assert client.get("/_ml/anomaly_detectors/x", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert client.get("/_nowhere").status == "400 Bad Request"
