"""Bytes by chance over a socket: whatever comes, what is answered is HTTP, and other clients are served."""

from __future__ import annotations

import json
import re
import socket
import threading

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fake_es import FakeElasticsearch
from tests.doors.wire import line_to
from tests.fuzz import AMOUNT, GIVEN
from tests.support import JOB

BODY = json.dumps(JOB).encode()
GOOD = (
    b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n",
    b"HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PUT /_ml/anomaly_detectors/x HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
    % (len(BODY), BODY),
    b"PUT /_ml/anomaly_detectors/y HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY),
    b"DELETE /_ml/anomaly_detectors/x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
)
DIRT = (
    b"", b"\r\n", b"\n", b"\x00", b"\xff", b" ", b":", b"\r\n\r\n", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n", b"-1", b"99999999999999999999", b"HTTP/2.0", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01", b"x" * 9000, b"A: b\r\n" * 120, b"0\r\n\r\n", b"ffffffffffffffffff\r\n", b"%00", b"?%", b"//", b"http://x/",
)  # fmt: skip
_ANSWER = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


@st.composite
def bytes_sent(draw: st.DrawFn) -> bytes:
    """Good requests in a row, some of their bytes replaced."""
    text = b"".join(draw(st.lists(st.sampled_from(GOOD), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.sampled_from(DIRT) | st.binary(max_size=5)) + text[end:]
    return text


def exchange(url: str, sent: bytes, pieces: int) -> bytes:
    """Send in so many pieces, hang up half, and hear to the end; a server that hangs up first is heard as well."""
    heard = b""
    with line_to(url) as line:
        try:
            size = len(sent) // pieces + 1
            for place in range(0, len(sent), size):
                line.socket.sendall(sent[place : place + size])
            line.socket.shutdown(socket.SHUT_WR)
            while piece := line.socket.recv(65536):
                heard += piece
        except OSError:
            # Who is refused half way cannot always hear why.
            return heard
    return heard


def test_whatever_bytes_come_the_server_goes_on() -> None:
    server = FakeElasticsearch("9.5", max_content_length=100_000).serve()

    @settings(
        max_examples=AMOUNT // 10,
        deadline=None,
        database=None,
        derandomize=GIVEN is None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(bytes_sent(), st.integers(1, 4))
    def run(sent: bytes, pieces: int) -> None:
        heard = exchange(server.url, sent, pieces)
        assert heard == b"" or _ANSWER.match(heard), (sent, heard)
        assert b"500" not in _ANSWER.findall(heard), (sent, heard)
        with line_to(server.url) as line:
            assert line.ask("GET / HTTP/1.1", "Host: x").status == 200

    with server:
        run()


def test_those_who_say_nothing_keep_no_other_waiting() -> None:
    """Half a line, half a head, half a body and nothing at all, from many at once."""
    with FakeElasticsearch("9.5").serve() as url:
        threads = threading.active_count()
        silent = [line_to(url) for _ in range(40)]
        lines = [each.__enter__() for each in silent]
        for place, line in enumerate(lines):
            line.socket.sendall(GOOD[3][: (0, 5, 60, 150)[place % 4]])
        with line_to(url) as quick:
            for _ in range(5):
                assert quick.ask("GET / HTTP/1.1", "Host: x").status == 200
        for each in silent:
            each.__exit__(None, None, None)
        with line_to(url) as quick:
            assert quick.ask("GET /_ml/anomaly_detectors HTTP/1.1", "Host: x").json["count"] == 0
    assert threading.active_count() <= threads + len(lines)
