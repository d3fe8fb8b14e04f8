"""The ``responses`` door: what requests sends, and what it must not catch."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fake_es import FakeElasticsearch
from tests.support import JOB

requests = pytest.importorskip("requests")
responses = pytest.importorskip("responses")

URL = "http://elastic.example:9200"
PUT: dict[str, Any] = {"url": URL + "/_ml/anomaly_detectors/x", "headers": {"content-type": "application/json"}}
BODY = json.dumps(JOB)


@pytest.fixture
def fake() -> FakeElasticsearch:
    return FakeElasticsearch("9.5")


@pytest.fixture
def bridge(fake: FakeElasticsearch) -> Iterator[Any]:
    with fake.responses(URL + "/") as mock:
        yield mock


@pytest.mark.usefixtures("bridge")
def test_requests_reach_the_emulator() -> None:
    assert requests.get(URL).json()["tagline"] == "You Know, for Search"
    assert requests.get(URL + "/_ml/anomaly_detectors", params={"pretty": "true"}).text.startswith("{\n")
    assert requests.head(URL + "/").text == ""
    assert requests.get(URL + "?human").status_code == 200
    assert requests.patch(URL + "/").status_code == 405
    assert "GET" in requests.options(URL + "/").headers["allow"]


@pytest.mark.usefixtures("bridge")
@pytest.mark.parametrize(
    "make",
    [
        lambda: BODY,
        lambda: BODY.encode(),
        lambda: bytearray(BODY.encode()),
        lambda: io.StringIO(BODY),
        lambda: io.BytesIO(BODY.encode()),
        lambda: iter([BODY[:9].encode(), BODY[9:].encode()]),
    ],
    ids=["text", "bytes", "bytearray", "text file", "file", "pieces"],
)
def test_bodies_of_all_kinds(make: Callable[[], Any]) -> None:
    assert requests.put(**PUT, data=make()).json()["job_id"] == "x"


@pytest.mark.usefixtures("bridge")
def test_no_body_is_an_empty_one() -> None:
    assert requests.put(**PUT).json()["error"]["reason"] == "request body is required"


@pytest.mark.usefixtures("bridge")
def test_headers_come_back_one_by_one() -> None:
    requests.put(**PUT, data=BODY)
    requests.post(PUT["url"] + "/_open")
    answer = requests.post(PUT["url"] + "/_data", data='{"time":1}', headers=PUT["headers"] | {"x-opaque-id": b"me"})
    assert (answer.status_code, answer.headers["x-opaque-id"]) == (202, "me")
    assert "deprecated" in answer.headers["warning"]


@pytest.mark.parametrize("url", ["http://elsewhere:9200/", "http://elastic.example:9201/", "https://elastic.example:9200/"])
@pytest.mark.usefixtures("bridge")
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get(url)


def test_further_answers_of_ones_own(bridge: Any) -> None:
    bridge.add("GET", "http://elsewhere/", body="here")
    assert requests.get("http://elsewhere/").text == "here"


def test_as_a_decorator(fake: FakeElasticsearch) -> None:
    @fake.responses()
    def inside() -> int:
        return int(requests.get("http://localhost:9200/").status_code)

    assert (inside(), inside()) == (200, 200)


def test_two_emulators_at_two_addresses(fake: FakeElasticsearch) -> None:
    other = FakeElasticsearch("5.4.0")
    with fake.responses("http://new"), other.responses("http://old/behind"):
        numbers = [requests.get(url).json()["version"]["number"] for url in ("http://old/behind/",)]
    assert numbers == ["5.4.0"]


def test_afterwards_the_network_is_itself_again(fake: FakeElasticsearch) -> None:
    sent = requests.adapters.HTTPAdapter.send
    with pytest.raises(KeyError), fake.responses():
        raise KeyError
    assert requests.adapters.HTTPAdapter.send is sent
