"""Packed bodies, both ways, and how much of them is in memory at one time."""

from __future__ import annotations

import gzip
import json
import threading
import zlib
from functools import partial

import pytest

from fake_es.clock import VirtualClock
from tests.support import Http, http

BODY = b'{"profile":"none"}'
# Without the time: two processes that run tests must call them the same.
gzipped = partial(gzip.compress, mtime=0)
BARE = zlib.compress(BODY)[2:-4]


def sent(body: bytes, encoding: str, release: str = "9.5", **settings: int) -> tuple[int, str]:
    reply = http(release, **settings)("PUT", "/_fake/delays", body, content_encoding=encoding)
    return reply.status, reply.type if reply.status == 400 else str(reply.body)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzipped(BODY)),
        (" GZip ", gzipped(BODY)),
        ("x-gzip", gzipped(BODY)),
        ("gzip", gzipped(BODY[:5]) + gzipped(b"") + gzipped(BODY[5:])),
        ("deflate", zlib.compress(BODY)),
        ("x-deflate", zlib.compress(BODY, 9)),
        ("Deflate", BARE),
        ("deflate", zlib.compress(BODY) + b"what comes after is not looked at"),
        ("gzip", gzipped(BODY)[:-8]),
        ("identity", BODY),
        ("br", BODY),
        ("gzip, deflate", BODY),
        ("", BODY),
    ],
)
def test_what_is_unpacked(encoding: str, body: bytes) -> None:
    assert sent(body, encoding) == (200, "{'profile': 'none'}")


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"plain"),
        ("gzip", zlib.compress(BODY)),
        ("gzip", gzipped(BODY) + b"garbage"),
        ("gzip", gzipped(BODY)[:-8] + b"\x00" * 8),
        ("gzip", gzipped(b"") * 1001),
        ("deflate", gzipped(BODY)),
        ("deflate", b"plain"),
    ],
)
def test_what_only_claims_to_be_packed(encoding: str, body: bytes) -> None:
    assert sent(body, encoding) == (400, "illegal_argument_exception")


def test_only_the_outer_packing_is_taken_off() -> None:
    assert sent(gzipped(gzipped(BODY)), "gzip")[0] == 400


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize(("size", "status"), [(100_000, 200), (100_001, 413)])
def test_the_limit_holds_for_what_is_unpacked(encoding: str, size: int, status: int) -> None:
    plain = BODY + b" " * (size - len(BODY))
    text = gzipped(plain) if encoding == "gzip" else zlib.compress(plain)
    assert sent(text, encoding, max_content_length=100_000)[0] == status


def test_many_members_count_together() -> None:
    assert sent(gzipped(b" " * 60_000) * 2 + gzipped(BODY), "gzip", max_content_length=100_000)[0] == 413


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"), ("deflate", "deflate"), ("deflate, gzip", "gzip"), ("gzip;q=0.2, deflate;q=0.3", "deflate"),
        ("*", "gzip"), ("gzip;q=0, *", "deflate"), ("br, x-gzip", "gzip"), ("gzip;q=0", None), ("identity", None), ("br", None),
        ("", None), ("gzip;q=x", None), ("*;q=0", None), ("gzip;q=0,deflate;q=0,*", None),
    ],
)  # fmt: skip
def test_what_an_answer_is_packed_with(accepted: str, encoding: str | None) -> None:
    answer = http("9.5").raw("GET", "/", accept_encoding=accepted)
    headers = dict(answer.headers)
    assert headers.get("content-encoding") == encoding
    assert headers["content-length"] == str(len(answer.body))
    plain = zlib.decompress(answer.body, wbits=47) if encoding else answer.body
    assert json.loads(plain)["tagline"] == "You Know, for Search"


def opening(fake: Http, name: str, body: bytes) -> threading.Thread:
    """A request with that body, which waits for the clock."""
    fake.put(name)
    thread = threading.Thread(target=lambda: fake.job(name, "_open", body))
    thread.start()
    while fake.state(name) != "opening":
        pass
    return thread


@pytest.mark.parametrize(
    ("release", "status", "breaker", "more"),
    [
        ("6.8", 503, "in_flight_requests", {}),
        ("7.17", 429, "in_flight_requests", {"durability": "TRANSIENT"}),
        ("9.5", 429, "inflight_requests", {"durability": "TRANSIENT"}),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_bodies_in_flight_have_a_limit_together(
    release: str, status: int, breaker: str, more: dict[str, str], packed: bool
) -> None:
    """Two of the greatest size have room, and once they are answered there is room again."""
    fake = http(release, max_content_length=100_000, clock=VirtualClock(auto=False))
    body = b"{}" + b" " * 99_998
    waiting = [opening(fake, name, body) for name in ("a", "b")]
    headers = {"content_encoding": "gzip"} if packed else {}
    text = gzipped(body[:70_000]) if packed else body[:70_000]
    reply = fake("POST", "{ml}/anomaly_detectors/a/_close", text, **headers)
    reason = (
        f"[{breaker}] Data too large, data for [<http_request>] would be [270000/263.6kb],"
        " which is larger than the limit of [200000/195.3kb]"
    )
    told = {"type": "circuit_breaking_exception", "reason": reason, "bytes_wanted": 270_000, "bytes_limit": 200_000, **more}
    assert (reply.status, reply.body) == (status, {"error": {"root_cause": [told], **told}, "status": status})
    assert fake("GET", "{ml}/anomaly_detectors").body["count"] == 2
    while any(thread.is_alive() for thread in waiting):
        fake.fake.handle("POST", "/_fake/clock", {"content-type": "application/json"}, b'{"advance":"1m"}')
    assert fake.job("a", "_flush", body[:70_000]).status == 200
