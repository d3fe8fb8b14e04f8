"""The socket door: a bad HTTP request is refused in the words of the HTTP layer of the server, and the connection closed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from fake_es import FakeElasticsearch
from tests.doors.wire import Line, line_to
from tests.support import JOB

GET = "GET / HTTP/1.1\r\nHost: x\r\n"
PUT = "PUT /_ml/anomaly_detectors/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
BODY = json.dumps(JOB)
SIZED = f"Content-Length: {len(BODY)}\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
WHOLE = f"{len(BODY):x}\r\n{BODY}\r\n0\r\n"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with FakeElasticsearch("9.5").serve() as url:
        yield url


@pytest.fixture
def line(url: str, capfd: pytest.CaptureFixture[str]) -> Iterator[Line]:
    """A connection; afterwards the server goes on, and nothing was written to stderr."""
    with line_to(url) as line:
        yield line
    with line_to(url) as after:
        assert after.ask("GET /_ml/anomaly_detectors HTTP/1.1", "Host: x").json["count"] == 0
    assert capfd.readouterr() == ("", "")


FIRST_LINES = {
    "\r\n": "Empty request line",
    "\n": "Empty request line",
    "\r\n" + GET: "Empty request line",
    " GET / HTTP/1.1\r\n": "Illegal character in request line: 0x20",
    "GET / HTTP/1.1 \r\n": "Illegal character in request line: 0x20",
    "GET /\x00 HTTP/1.1\r\n": "Illegal character in request line: 0x0",
    "GET /\tHTTP/1.1\r\n": "Illegal character in request line: 0x9",
    "GET / HTTP/1.1\r\r\n": "Illegal character in request line: 0xd",
    "GET\r\n": "text is empty (possibly HTTP/0.9)",
    "GET /\r\n": "text is empty (possibly HTTP/0.9)",
    "GET / HTTP/0.9\r\n": "Unexpected http protocol version: HTTP/0.9",
    "GET / HTTP/1\r\n": "invalid version format: HTTP/1",
    "GET / HTTP/1.²\r\n": "invalid version format: HTTP/1.²",
    "GET / HTTP/1.10\r\n": "invalid version format: HTTP/1.10",
    "GET / / HTTP/1.1\r\n": "invalid version format: / HTTP/1.1",
    "G@T / HTTP/1.1\r\n": "Illegal character in HTTP Method: 0x40",
    "GÉT / HTTP/1.1\r\n": "Illegal character in HTTP Method: 0xc9",
}
FIELDS = {
    "no colon": "No colon found",
    "no colon\r\nContent-Length: 5": "No colon found",
    "Transfer-Encoding : chunked": 'a header name can only contain "token" characters, '
    "but found invalid character 0x20 at index 17 of header 'Transfer-Encoding '.",
    "X\x00Y: z": 'a header name can only contain "token" characters, '
    "but found invalid character 0x0 at index 1 of header 'X\x00Y'.",
    ": nameless": "empty headers are not allowed []",
    "X: a\x00b": "a header value contains prohibited character 0x0 at index 1.",
    "X: a\rContent-Length: 5": "a header value contains prohibited character 0xd at index 1.",
    "X: a\x0b": "a header value contains prohibited character 0xb at index 1.",
    "X: \x7f": "a header value contains prohibited character 0x7f at index 0.",
    "X: a\r\n b\x1f": "a header value contains prohibited character 0x1f at index 1.",
    "Content-Length: " + "1" * 5000: f"Content-Length value is not a number: {'1' * 5000}",
    "Content-Length: 9223372036854775808": "Content-Length value is not a number: 9223372036854775808",
    "Content-Length: ²": "Content-Length value is not a number: ²",
    "Content-Length: 5²": "Content-Length value is not a number: 5²",
    "Content-Length: ": "Content-Length value is not a number: ",
    "Content-Length: -1": "Content-Length value is not a number: -1",
    "Content-Length: +5": "Content-Length value is not a number: +5",
    "Content-Length: 0x5": "Content-Length value is not a number: 0x5",
    "Content-Length: 5 5": "Content-Length value is not a number: 5 5",
    "Content-Length: 5\r\n 5": "Content-Length value is not a number: 5 5",
    "Content-Length: 5, 5": "Multiple Content-Length values found: [5, 5]",
    "Content-Length: 5\r\ncontent-length: 5": "Multiple Content-Length values found: [5, 5]",
    "Content-Length: 5\r\nContent-Length: 6": "Multiple Content-Length values found: [5, 6]",
    "Content-Length: 5\r\nTransfer-Encoding: chunked": "Both Content-Length and Transfer-Encoding found",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity": "Transfer-Encoding is not supported: chunked, identity",
    "Transfer-Encoding: \x0bchunked": "a header value contains prohibited character 0xb at index 0.",
    "Transfer-Encoding: xchunked": "Transfer-Encoding is not supported: xchunked",
}
CHUNKS = {
    "\r\n": "Empty chunk size",
    ";x=y\r\n": "Invalid character in chunk size",
    "0x5\r\nabcde\r\n": "Invalid character in chunk size",
    "-5\r\n": "Invalid character in chunk size",
    "+5\r\n": "Invalid character in chunk size",
    "5\nabcde\r\n": "Invalid character in chunk size",
    "5;x\ny\r\n": "Invalid character in chunk size",
    "5;\x00\r\n": "Invalid character in chunk size",
    "80000000\r\n": "Chunk size overflow",
    "f" * 4000 + "\r\n": "Chunk size overflow",
    "5\r\nabcdefg": "Chunk data section not terminated by CR LF",
    "5\r\nabcde\n0\r\n\r\n": "Chunk data section not terminated by CR LF",
    WHOLE + "no colon\r\n\r\n": "No colon found",
    WHOLE + "X : y\r\n\r\n": 'a header name can only contain "token" characters, '
    "but found invalid character 0x20 at index 1 of header 'X '.",
    "5;" + "x" * 5000 + "\r\n": "An HTTP line is larger than 4096 bytes.",
    WHOLE + "X: " + "y" * 17_000 + "\r\n\r\n": "HTTP header is larger than 16384 bytes.",
    WHOLE + "X: y\r\n" * 5000: "HTTP header is larger than 16384 bytes.",
}
ALL = [
    *((text + "Host: x\r\n\r\n", reason) for text, reason in FIRST_LINES.items()),
    *((f"{GET}{text}\r\n\r\n", reason) for text, reason in FIELDS.items()),
    *((f"{PUT}{CHUNKED}\r\n{text}", reason) for text, reason in CHUNKS.items()),
    (
        "GET / HTTP/1.1\r\n folded: first\r\n\r\n",
        "a header name can only contain \"token\" characters, but found invalid character 0x20 at index 0 of header ' folded'.",
    ),
    (f"PUT /x HTTP/1.0\r\n{CHUNKED}\r\n{WHOLE}\r\n", "Chunked messages not supported"),
]


@pytest.mark.parametrize(("sent", "reason"), ALL, ids=range(len(ALL)))
def test_it_is_refused_in_netty_s_words_and_the_connection_closed(line: Line, sent: str, reason: str) -> None:
    line.socket.sendall(sent.encode("latin-1") + GET.encode())
    heard = line.hear()
    assert (heard.status, heard.json["error"]["reason"], heard.headers["connection"]) == (400, reason, "close")
    assert line.closed


def test_http_2_is_not_spoken(line: Line) -> None:
    line.socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    heard = line.hear()
    assert (heard.status, heard.json["error"]["reason"]) == (505, "Unexpected http protocol version: HTTP/2.0")
    assert line.closed


@pytest.mark.parametrize(
    ("text", "opaque"),
    [
        ("X-Opaque-Id:a\r\n", "a"),
        ("X-Opaque-Id: \t a \t \r\n", "a"),
        ("X-Opaque-Id: a\r\n  b\r\n\tc\r\n", "a b c"),
        ("X-Opaque-Id: a\tb\r\n", "a\tb"),
        ("x-opaque-id: a:b\n", "a:b"),
        ("X-Opaque-Id: é\r\n", "é"),
        ("X-Opaque-Id: a\r\nContent-Length: 000\r\n", "a"),
    ],
)
def test_fields_are_read_as_they_may_be_written(line: Line, text: str, opaque: str) -> None:
    line.socket.sendall(f"{GET}{text}\r\n".encode("latin-1"))
    heard = line.hear()
    assert (heard.status, heard.headers["x-opaque-id"]) == (200, opaque)
    assert line.ask("GET / HTTP/1.1", "Host: x").status == 200


@pytest.mark.parametrize("first", ["GET / HTTP/1.1", "GET  /   HTTP/1.1", "GET / http/1.1", "GET / HTTP/1.2"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_first_lines_are_read_as_they_may_be_written(line: Line, first: str, end: str) -> None:
    line.socket.sendall(f"{first}{end}Host: x{end}{end}".encode())
    assert line.hear().status == 200


@pytest.mark.parametrize(
    ("size", "status"), [(4096, "BAD_REQUEST"), (4097, "too_long_http_line_exception")], ids=["longest", "longer"]
)
def test_a_first_line_may_have_4096_bytes(line: Line, size: int, status: str) -> None:
    target = "/" + "x" * (size - len("GET / HTTP/1.1"))
    body = line.ask(f"GET {target} HTTP/1.1", "Host: x").body
    assert (status if status != "BAD_REQUEST" else "index_not_found_exception") in body.decode()


@pytest.mark.parametrize(("size", "status"), [(16384, 200), (16385, 400)])
def test_fields_may_have_16384_bytes(line: Line, size: int, status: int) -> None:
    used = len("Host: x") + len("X: ")
    assert line.ask("GET / HTTP/1.1", "Host: x", "X: " + "y" * (size - used)).status == status


@pytest.mark.parametrize("text", ["5;a=b", " 5 ", "05", "000000000000005", "5\t;", '5;a="b;c"'])
def test_chunks_may_have_extensions_blanks_and_zeros(line: Line, text: str) -> None:
    line.socket.sendall(
        f"POST /_search HTTP/1.1\r\nContent-Type: text/plain\r\n{CHUNKED}\r\n{text}\r\nabcde\r\n0\r\n\r\n".encode()
    )
    assert line.hear().status == 406
    assert line.ask("GET / HTTP/1.1", "Host: x").status == 200


@pytest.mark.parametrize("expectation", ["200-ok", "", "100-continue, 200-ok"])
def test_an_expectation_nobody_knows_is_refused_unread(line: Line, expectation: str) -> None:
    line.say("PUT /_ml/anomaly_detectors/x HTTP/1.1", f"Content-Length: {len(BODY)}", f"Expect: {expectation}")
    heard = line.hear()
    assert (heard.status, heard.body, heard.headers["connection"]) == (417, b"", "close")
    assert line.closed


def test_http_1_0_expects_nothing(line: Line) -> None:
    line.say("GET / HTTP/1.0", "Expect: 100-continue")
    assert line.hear().status == 200


@pytest.mark.parametrize(
    ("target", "status"),
    [("*", 200), ("http://x/_cat/health", 200), ("HTTP://x:9200", 200), ("https://x/?pretty=y", 400), ("_cat/health", 200)],
)
def test_targets_of_other_forms(line: Line, target: str, status: int) -> None:
    assert line.ask(f"GET {target} HTTP/1.1", "Host: x").status == status


@pytest.mark.parametrize("method", ["BREW", "get", "PRI", "CONNECT", "!#$%&'*+-.^_`|~"])
def test_a_method_nobody_knows_is_refused_by_the_application(line: Line, method: str) -> None:
    assert line.ask(f"{method} / HTTP/1.1", "Host: x").status == 405
    assert line.ask("GET / HTTP/1.1", "Host: x").status == 200


def test_a_refusal_in_a_row_of_requests_ends_the_row(line: Line) -> None:
    line.socket.sendall(f"{GET}\r\n{GET}no colon\r\n\r\n{GET}\r\n".encode())
    assert [line.hear().status, line.hear().status] == [200, 400]
    assert line.closed


@pytest.mark.parametrize("cut", [3, 20, len(PUT), len(PUT + SIZED) + 1, len(PUT + SIZED) + 10])
def test_half_a_request_is_refused_once_there_is_no_more(line: Line, cut: int) -> None:
    import socket

    line.socket.sendall(f"{PUT}{SIZED}\r\n{BODY}"[:cut].encode())
    line.socket.shutdown(socket.SHUT_WR)
    assert line.hear().status == 400
    assert line.closed
