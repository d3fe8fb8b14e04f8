"""The socket door: HTTP/1.1 as clients and vandals speak it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from fake_es import FakeElasticsearch, VirtualClock
from fake_es.doors.server import Server
from tests.doors.wire import Line, line_to
from tests.support import JOB

GET = ("GET / HTTP/1.1", "Host: x")
PUT = ("PUT /_ml/anomaly_detectors/x HTTP/1.1", "Host: x", "Content-Type: application/json")
BODY = json.dumps(JOB).encode()


@pytest.fixture
def fake() -> FakeElasticsearch:
    return FakeElasticsearch("9.5", max_content_length=100_000)


@pytest.fixture
def url(fake: FakeElasticsearch) -> Iterator[str]:
    with fake.serve() as url:
        yield url


@pytest.fixture
def line(url: str) -> Iterator[Line]:
    with line_to(url) as line:
        yield line


def jobs(fake: FakeElasticsearch) -> int:
    return int(json.loads(fake.handle("GET", "/_ml/anomaly_detectors", {}).body)["count"])


def chunked(*pieces: bytes, trailer: bytes = b"") -> bytes:
    return b"".join(b"%x;name=value\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n" + trailer + b"\r\n"


def test_a_connection_is_kept(line: Line) -> None:
    for _ in range(3):
        heard = line.ask(*GET)
        assert (heard.status, heard.json["tagline"]) == (200, "You Know, for Search")
        assert "connection" not in heard.headers


def test_a_connection_is_closed_when_asked(line: Line) -> None:
    heard = line.ask(*GET, "Connection: close")
    assert heard.headers["connection"] == "close"
    assert line.closed


def test_http_1_0_closes_unless_asked_otherwise(url: str) -> None:
    with line_to(url) as line:
        assert line.ask("GET / HTTP/1.0", "Connection: keep-alive").headers["connection"] == "keep-alive"
        assert line.ask("GET / HTTP/1.0").headers["connection"] == "close"
        assert line.closed


def test_a_body_of_known_length(line: Line) -> None:
    assert line.ask(*PUT, f"Content-Length: {len(BODY)}", body=BODY).json["job_id"] == "x"


@pytest.mark.parametrize("name", ["Accept", "Content-Type"])
def test_what_the_media_types_are_is_said_once(line: Line, name: str) -> None:
    heard = line.ask("GET / HTTP/1.1", "Host: x", f"{name}: application/json", f"{name.lower()}: application/yaml")
    assert (heard.status, heard.json["error"]["reason"]) == (400, f"Invalid media-type value on headers [{name}]")
    reason = f"Incorrect header [{name}]. Only one value should be provided"
    assert heard.json["error"]["caused_by"] == {"type": "illegal_argument_exception", "reason": reason}


def test_of_other_headers_the_first_counts(line: Line) -> None:
    assert line.ask("GET / HTTP/1.1", "Host: x", "X-Opaque-Id: a", "X-Opaque-Id: b").headers["x-opaque-id"] == "a"


@pytest.mark.parametrize("encoding", ["chunked", "Chunked"])
def test_a_body_in_chunks(line: Line, encoding: str) -> None:
    body = chunked(BODY[:10], BODY[10:], trailer=b"Digest: none\r\n")
    assert line.ask(*PUT, f"Transfer-Encoding: {encoding}", body=body).json["job_id"] == "x"
    assert line.ask(*GET).status == 200


def test_requests_in_a_row_are_answered_in_a_row(line: Line) -> None:
    line.say(*PUT, f"Content-Length: {len(BODY)}", body=BODY)
    line.say(*GET)
    line.say("GET /_ml/anomaly_detectors/x/_stats HTTP/1.1", "Host: x")
    first, second, third = line.hear(), line.hear(), line.hear()
    assert (first.json["job_id"], second.status, third.json["count"]) == ("x", 200, 1)


def test_head_has_a_length_and_no_body(line: Line) -> None:
    length = line.ask(*GET).headers["content-length"]
    heard = line.ask("HEAD / HTTP/1.1", "Host: x")
    assert (heard.status, heard.headers["content-length"]) == (200, length)
    assert line.ask(*GET).status == 200


def test_a_whole_uri_may_be_asked_for(line: Line) -> None:
    assert line.ask("GET http://elastic.example:9200/_ml/anomaly_detectors?pretty HTTP/1.1", "Host: x").json["count"] == 0
    assert line.ask("OPTIONS * HTTP/1.1", "Host: x").status == 200


def test_the_sender_is_asked_to_go_on(line: Line) -> None:
    line.say(*PUT, f"Content-Length: {len(BODY)}", "Expect: 100-continue")
    assert line.hear().status == 100
    line.socket.sendall(BODY)
    assert line.hear().json["job_id"] == "x"


@pytest.mark.parametrize("expectation", [(), ("Expect: 100-continue",)])
def test_a_body_too_large_is_refused_unread(fake: FakeElasticsearch, line: Line, expectation: tuple[str, ...]) -> None:
    heard = line.ask(*PUT, "Content-Length: 100001", *expectation)
    assert (heard.status, heard.body, heard.headers["connection"]) == (413, b"", "close")
    assert line.closed
    assert jobs(fake) == 0


def test_chunks_too_large_are_refused(line: Line) -> None:
    assert line.ask(*PUT, "Transfer-Encoding: chunked", body=b"186a1\r\n").status == 413
    assert line.closed


def test_a_body_as_large_as_allowed_is_taken(line: Line) -> None:
    body = BODY + b" " * (100_000 - len(BODY))
    assert line.ask(*PUT, "Content-Length: 100000", body=body).status == 200


def test_who_sends_too_much_hears_the_refusal(line: Line) -> None:
    line.say(*PUT, "Content-Length: 20000000")
    line.socket.sendall(b" " * 20_000_000)
    assert line.hear().status == 413


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("GET / HTTP/1.1 extra",), 400),
        (('\x00\\"',), 400),
        (("GET / FTP/1.1",), 400),
        (("GET / HTTP/2.0",), 505),
        ((*PUT, "Content-Length: many"), 400),
        ((*PUT, "Content-Length: -5"), 400),
        ((*PUT, "Content-Length: 5_0"), 400),
        ((*PUT, "Content-Length: 2", "Content-Length: 4"), 400),
        ((*PUT, "Transfer-Encoding: gzip, chunked"), 400),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_closed(line: Line, lines: tuple[str, ...], status: int) -> None:
    heard = line.ask(*lines)
    assert (heard.status, heard.json["status"]) == (status, status)
    assert heard.json["error"]["type"] == "illegal_argument_exception"
    assert line.closed


@pytest.mark.parametrize(
    ("lines", "what", "reason"),
    [
        (("GET /" + "x" * 70_000 + " HTTP/1.1",), "line", "An HTTP line is larger than 4096 bytes."),
        ((*GET, "X-Long: " + "x" * 17_000), "header", "HTTP header is larger than 16384 bytes."),
        ((*GET, "X-Long: " + "x" * 70_000), "header", "HTTP header is larger than 16384 bytes."),
        ((*GET, *(f"X-{number}: {'x' * 400}" for number in range(90))), "header", "HTTP header is larger than 16384 bytes."),
    ],
)
def test_what_is_too_long_is_refused_and_the_connection_closed(
    line: Line, lines: tuple[str, ...], what: str, reason: str
) -> None:
    heard = line.ask(*lines)
    assert (heard.status, heard.json["error"]["type"]) == (400, f"too_long_http_{what}_exception")
    assert heard.json["error"]["reason"] == reason
    assert line.closed


@pytest.mark.parametrize(
    "body",
    [b"\r\n", b"zz\r\n", b"-1\r\n", b"1_0\r\n", b"3\r\nabcdef\r\n", b"3\r\nabc\r\n0\r\nTrailer", b"3\r\nab", b"3" * 10_000],
)
def test_chunks_that_are_none(fake: FakeElasticsearch, line: Line, body: bytes) -> None:
    line.say(*PUT, "Transfer-Encoding: chunked", body=body)
    line.socket.shutdown(socket.SHUT_WR)
    assert line.hear().status == 400
    assert jobs(fake) == 0


def test_a_body_cut_short_changes_nothing(fake: FakeElasticsearch, url: str) -> None:
    with line_to(url) as line:
        line.say(*PUT, f"Content-Length: {len(BODY) + 1}", body=BODY)
        line.socket.shutdown(socket.SHUT_WR)
        assert line.hear().status == 400
    assert jobs(fake) == 0


def test_clients_that_go_away_leave_no_trace(fake: FakeElasticsearch, url: str, capfd: pytest.CaptureFixture[str]) -> None:
    for lines in (("GET / HTT",), GET, (*PUT, "Content-Length: 1000")):
        with line_to(url) as line:
            line.say(*lines)
    with line_to(url) as line:
        assert line.ask(*GET).status == 200
    assert capfd.readouterr() == ("", "")


def test_a_slow_client_keeps_no_other_waiting(url: str) -> None:
    with line_to(url) as slow, line_to(url) as quick:
        slow.socket.sendall(b"GET / HT")
        assert quick.ask(*GET).status == 200
        slow.socket.sendall(b"TP/1.1\r\nHost")
        assert quick.ask(*GET).status == 200
        slow.socket.sendall(b": x\r\n\r\n")
        assert slow.hear().status == 200


def test_a_request_that_waits_keeps_no_other_waiting() -> None:
    fake = FakeElasticsearch("9.5", clock=VirtualClock(auto=False), delays={"close": "4m"})
    with fake.serve() as url, line_to(url) as closing, line_to(url) as other:
        fake.handle("PUT", "/_ml/anomaly_detectors/x", {"content-type": "application/json"}, BODY)
        closing.say("POST /_ml/anomaly_detectors/x/_open HTTP/1.1", "Host: x")
        while b'"opened"' not in other.ask("GET /_ml/anomaly_detectors/x/_stats HTTP/1.1", "Host: x").body:
            fake.clock.advance("1m")
        assert closing.hear().status == 200
        closing.say("POST /_ml/anomaly_detectors/x/_close HTTP/1.1", "Host: x")
        while b'"closing"' not in other.ask("GET /_ml/anomaly_detectors/x/_stats HTTP/1.1", "Host: x").body:
            pass
        fake.clock.advance("4m")
        assert closing.hear().json == {"closed": True}


def test_stopping_takes_no_time_and_leaves_nothing_open() -> None:
    fake, times = FakeElasticsearch(), []
    before = threading.active_count()
    for _ in range(5):
        server = fake.serve()
        lines = [Line(server.url) for _ in range(3)]
        assert all(line.ask(*GET).status == 200 for line in lines)
        started = time.perf_counter()
        server.stop()
        times.append(time.perf_counter() - started)
        assert all(line.closed for line in lines)
        for line in lines:
            line.hang_up()
        with pytest.raises(OSError, match="refused"):
            Line(server.url)
    assert min(times) < 0.025
    assert threading.active_count() <= before + 3


def test_two_servers_may_lead_to_one_cluster() -> None:
    fake = FakeElasticsearch()
    with fake.serve() as first, fake.serve() as second, line_to(first) as one, line_to(second) as two:
        assert first != second
        assert one.ask(*PUT, f"Content-Length: {len(BODY)}", body=BODY).status == 200
        assert two.ask("GET /_ml/anomaly_detectors HTTP/1.1", "Host: x").json["count"] == 1


def test_a_port_is_taken_by_one_alone(fake: FakeElasticsearch) -> None:
    server = fake.serve()
    try:
        with pytest.raises(OSError, match="in use"):
            fake.serve(server.port)
    finally:
        server.stop()


def test_ipv6() -> None:
    try:
        server = Server(FakeElasticsearch().app, "::1")
    except OSError:
        pytest.skip("no IPv6 here")
    with server as url, line_to(url) as line:
        assert url == f"http://[::1]:{server.port}"
        assert line.ask(*GET).status == 200


def test_a_fault_of_our_own_is_answered_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> float:
        raise RuntimeError("broken on purpose")

    with FakeElasticsearch("9.5", delays=broken).serve() as url, line_to(url) as line:
        assert line.ask(*PUT, f"Content-Length: {len(BODY)}", body=BODY).status == 200
        heard = line.ask("POST /_ml/anomaly_detectors/x/_open HTTP/1.1", "Host: x")
        assert (heard.status, heard.json["error"]["type"]) == (500, "fake_es_internal_exception")
        assert "RuntimeError" in heard.json["error"]["reason"]
        assert line.ask(*GET).status == 200
    assert "broken on purpose" in caplog.text


def test_a_fault_beyond_the_application_is_shown(
    fake: FakeElasticsearch, line: Line, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    fake.app.handle = broken  # type: ignore[method-assign, assignment]
    line.say(*GET)
    assert line.closed
    assert "broken on purpose" in capfd.readouterr().err
