"""The connection to a cluster, and the ways of cleaning one."""

from __future__ import annotations

import socket
import threading

import pytest

from fake_es import FakeElasticsearch
from fake_es.verify.cleanup import leave, reset_fake, wipe
from fake_es.verify.connection import HttpConnection, read_body
from fake_es.verify.outcome import Failed
from tests.verify.scripted import Script, reply


def test_credentials_in_the_url() -> None:
    fake = FakeElasticsearch(security=True, password="pass word")
    with fake.serve() as url:
        host = url.removeprefix("http://")
        for credentials, status in (("", 401), ("elastic:pass%20word@", 200), ("elastic:other@", 401)):
            with HttpConnection(f"http://{credentials}{host}/") as connection:
                assert connection.send("GET", "/", {}).status == status


def test_headers_of_a_request_win_over_those_of_the_connection() -> None:
    with FakeElasticsearch().serve() as url, HttpConnection(url, {"X-Opaque-Id": "a"}) as connection:
        assert connection.send("GET", "/", {}).headers["x-opaque-id"] == ["a"]
        assert connection.send("GET", "/", {"x-opaque-id": "b"}).headers["x-opaque-id"] == ["b"]


def test_json_text_and_head() -> None:
    with FakeElasticsearch().serve() as url, HttpConnection(url) as connection:
        assert connection.send("GET", "/", {}).body["tagline"]
        assert connection.send("HEAD", "/", {}).body is True
        assert connection.send("HEAD", "/_ml/none/such", {}).body is False


@pytest.mark.parametrize(
    ("text", "media_type", "body"),
    [
        ('{"a": 1}', "application/vnd.elasticsearch+json;compatible-with=9", {"a": 1}),
        ("---\na: 1\n", "application/yaml", {"a": 1}),
        ("a b\n", "text/plain; charset=UTF-8", "a b\n"),
        ("{", "application/json", "{"),
        ("", "application/yaml", ""),
    ],
)
def test_bodies_are_read_by_their_type(text: str, media_type: str, body: object) -> None:
    assert read_body(text, media_type) == body


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"


def test_a_connection_that_was_closed_while_idle_is_opened_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        closed = threading.Semaphore(0)
        served = threading.Thread(target=_answer_once_each, args=(listening, 2, closed))
        served.start()
        with HttpConnection(f"http://127.0.0.1:{listening.getsockname()[1]}") as connection:
            for _ in range(2):
                assert connection.send("GET", "/", {}).status == 200
                closed.acquire()
        served.join()


def _answer_once_each(listening: socket.socket, connections: int, closed: threading.Semaphore) -> None:
    for _ in range(connections):
        connection, _address = listening.accept()
        with connection:
            connection.recv(10_000)
            connection.sendall(ANSWER)
        closed.release()


def test_a_request_that_is_not_answered_is_not_sent_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        received: list[bytes] = []
        served = threading.Thread(target=_answer_the_first, args=(listening, received))
        served.start()
        with HttpConnection(f"http://127.0.0.1:{listening.getsockname()[1]}") as connection:
            assert connection.send("POST", "/a", {}).status == 200
            with pytest.raises(Failed, match=r"\[POST /b\] got no answer: Remote end closed"):
                connection.send("POST", "/b", {})
        served.join()
    assert [each.split()[1] for each in received] == [b"/a", b"/b"]


def _answer_the_first(listening: socket.socket, received: list[bytes]) -> None:
    connection, _address = listening.accept()
    with connection:
        received.append(connection.recv(10_000))
        connection.sendall(ANSWER)
        received.append(connection.recv(10_000))


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(Failed, match=r"\[GET /\] got no answer: .*refused"):
        HttpConnection(f"http://127.0.0.1:{port}").send("GET", "/", {})


@pytest.mark.parametrize("url", ["localhost:9200", "ftp://localhost", "http://"])
def test_urls_that_are_none(url: str) -> None:
    with pytest.raises(ValueError, match="is no URL such as"):
        HttpConnection(url)


def test_only_a_fake_can_be_reset() -> None:
    with pytest.raises(Failed, match=r"\[POST /_fake/reset\] returned \[400\] no handler"):
        reset_fake(Script(reply("no handler", 400)))


def cleaned(version: tuple[int, ...], *answers: object) -> list[str]:
    script = Script(*(reply(answer) for answer in answers), reply({}))
    wipe(version)(script)
    return [f"{each.method} {each.target}" for each in script.asked]


def test_the_oldest_clusters_are_wiped_job_by_job() -> None:
    found = cleaned((6, 8), {"datafeeds": [{"datafeed_id": "f"}]}, {}, {}, {"jobs": [{"job_id": "a"}, {"job_id": "b"}]})
    assert found == [
        "GET /_xpack/ml/datafeeds",
        "POST /_xpack/ml/datafeeds/_all/_stop?force=true",
        "DELETE /_xpack/ml/datafeeds/f",
        "GET /_xpack/ml/anomaly_detectors",
        "POST /_xpack/ml/anomaly_detectors/_all/_close?force=true",
        "DELETE /_xpack/ml/anomaly_detectors/a",
        "DELETE /_xpack/ml/anomaly_detectors/b",
        "DELETE /*",
    ]


def test_an_empty_cluster_is_asked_for_nothing_but_its_indices() -> None:
    assert cleaned((7, 2)) == ["GET /_ml/datafeeds", "GET /_ml/anomaly_detectors", "DELETE /*"]


def test_newer_clusters_reset_their_features() -> None:
    models = {"trained_model_stats": [{"model_id": "m"}, {"ingest": {"pipelines": {"p": {}}}}]}
    found = cleaned((8, 19), models)
    assert found[:3] == [
        "GET /_ml/trained_models/_stats?size=10000",
        "DELETE /_ingest/pipeline/p",
        "POST /_features/_reset",
    ]
    assert found[3].startswith("DELETE /*,")


def test_leaving_asks_for_nothing() -> None:
    script = Script()
    leave(script)
    assert script.asked == []
