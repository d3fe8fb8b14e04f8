"""Requests by chance, close enough to good ones to get past the first check: built from the table of operations."""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from hypothesis import strategies as st

from fake_es.operations import route_table
from fake_es.version import parse_version
from fake_es.wire import parameters
from fake_es.wire.endpoint import Endpoint
from fake_es.wire.parameters import Parameter
from tests.fuzz.bodies import BODIES, FIELDS

Draw = Any

IDS = (
    "a", "b", "feed-a", "feed-b", "logs", "cal", "filt", "ada", "snap", "missing", "_all", "*", "a*", "a,b", "-a", "a,-b", "",
    "A b", "é", "x" * 70, ".ml-anomalies-shared", ".ml-config", "_x", "..", "1", "0", "2016-06-01", "1464739200000",
    "_none", "<logs-{now/d}>", "logs*,-logs", "%", "a\x00b", "\ud800",
)  # fmt: skip
USUAL = {
    "{job_id}": ("a", "b", "c"), "{datafeed_id}": ("feed-a", "feed-b"), "{index}": ("logs", ".ml-config"), "{id}": ("1", "a"),
    "{calendar_id}": ("cal",), "{filter_id}": ("filt",), "{type}": ("doc", "_doc"), "{username}": ("ada", "elastic"),
    "{timestamp}": ("1464739200000",),
}  # fmt: skip
VALUES = (
    "", "true", "false", "abc", "-1", "0", "1", "10", "10001", "2147483648", "99999999999999999999", "1e400", "NaN", "-0.0",
    "1.5", "1m", "1ms", "-5s", "1.5h", "10", "0", "1nanos", "99999999999d", "2016-06-01T00:00:00Z", "now", "now-1d/d",
    "now+999999y", "||", "2016||/w", "1464739200000", "-99999999999999999", "9" * 30, "*", "a,b", "_all", "open", "none",
    "wait_for", "all", "é", "a:b", "timestamp", "record_score", "desc", "x" * 300, "null", "[1]", "{}",
    '{"query":{"match_all":{}}}', "yaml", "cbor", "json", "application/json", "**", "**.**", "-*", "-a.b,c", ".", "..",
    "a..b",
)  # fmt: skip
_OF_KIND = (
    (parameters.BOOLEAN, ("true", "false", "")), (parameters.INT, ("0", "1", "5", "-1", "10000", "2147483647")),
    (parameters.TIME, ("0", "1ms", "30m", "9999999d", "-1")), (parameters.DOUBLE, ("0", "1.5", "-3", "NaN", "Infinity")),
)  # fmt: skip
COMMON = ("pretty", "human", "format", "filter_path", "error_trace", "source", "source_content_type", "prety", "", "x")
METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH", "get", "BREW", "")
_VENDOR = "application/vnd.elasticsearch+json; compatible-with="
TYPES = (
    "application/json", "application/x-ndjson", "text/plain", "application/yaml", "application/cbor", "application/smile", "",
    "application/json; charset=utf-8", "application/json; charset=latin-1", "application/json;", "nonsense", "*/*", "a/b, c/d",
    *(f"{_VENDOR}{version}" for version in (6, 7, 8, 9, 10, "x")),
)  # fmt: skip
HEADERS = {
    "accept": TYPES,
    "content-type": TYPES,
    "content-encoding": ("gzip", "deflate", "identity"),
    "accept-encoding": ("gzip", "gzip, deflate", "br"),
    "x-opaque-id": ("mine", "é", ""),
    "authorization": (
        "Basic ZWxhc3RpYzpjaGFuZ2VtZQ==",
        "Basic YWRhOnNlY3JldA==",
        "Basic !!!",
        "ApiKey eA==",
        "Bearer x",
        "Basic",
    ),
    "es-security-runas-user": ("ada", "elastic", "missing"),
}
ELASTIC = HEADERS["authorization"][0]


class Sent(NamedTuple):
    """One request, as ``FakeElasticsearch.handle`` takes it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@cache
def endpoints(release: str, security: bool) -> tuple[Endpoint, ...]:
    """What a release can be asked; the control of the emulator aside, which may do as it likes."""
    table = route_table(parse_version(release), security)
    return tuple(each for each in table if not each.operation.name.startswith("fake."))


_ids = st.sampled_from(IDS) | st.text(max_size=8)
_values = st.sampled_from(VALUES) | st.text(max_size=12)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**19) | st.floats() | st.sampled_from(VALUES) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
    max_leaves=6,
)


def _rarely(draw: Draw, odds: int = 10) -> bool:
    return bool(draw(st.integers(1, odds)) == odds)


@st.composite
def requests(draw: Draw, release: str, security: bool = False) -> Sent:
    """A request to one of the operations of that release."""
    endpoint = draw(st.sampled_from(endpoints(release, security)))
    method = draw(st.sampled_from(METHODS)) if _rarely(draw, 15) else endpoint.route.method
    body = b"" if method in ("GET", "HEAD") and not _rarely(draw, 3) else _body(draw, endpoint)
    target = _path(draw, endpoint)
    query = _query(draw, endpoint)
    return Sent(method, f"{target}?{query}" if query else target, _headers(draw, body, security), body)


def _path(draw: Draw, endpoint: Endpoint) -> str:
    parts = [_segment(draw, part) for part in endpoint.route.template.split("/")]
    if _rarely(draw, 30):
        parts.insert(draw(st.integers(0, len(parts))), draw(_ids))
    path = "/".join(quote(part.encode("utf-8", "surrogatepass"), safe="*,<>{}" if _rarely(draw, 3) else "") for part in parts)
    return path + draw(st.sampled_from(("%", "%zz", "%ff", "/", "//", "%00"))) if _rarely(draw, 40) else path


def _segment(draw: Draw, part: str) -> str:
    if not part.startswith("{") or _rarely(draw, 50):
        return part
    usual = USUAL.get(part)
    return str(draw(_ids if usual is None or _rarely(draw, 4) else st.sampled_from(usual)))


def _query(draw: Draw, endpoint: Endpoint) -> str:
    declared = tuple(endpoint.operation.query)
    chosen = draw(st.lists(st.sampled_from(declared), max_size=3)) if declared else ()
    pairs = [(each.name, draw(_values if _rarely(draw, 5) else st.sampled_from(_fitting(each)))) for each in chosen]
    if _rarely(draw, 5):
        pairs.append((draw(st.sampled_from(COMMON)), draw(_values)))
    written = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in pairs)
    return written + draw(st.sampled_from(("&", "=", "&=", "%", "&a=%f", "?", "&a"))) if _rarely(draw, 30) else written


def _fitting(parameter: Parameter) -> tuple[str, ...]:
    """Values that the kind of a parameter takes."""
    return next((values for kind, values in _OF_KIND if parameter.kind is kind), VALUES)


def _headers(draw: Draw, body: bytes, security: bool) -> dict[str, str]:
    headers = {"content-type": "application/json"} if body else {}
    if security and not _rarely(draw):
        headers["authorization"] = ELASTIC
    for name in draw(st.lists(st.sampled_from(tuple(HEADERS)), max_size=2)) if _rarely(draw, 4) else ():
        headers[name] = draw(st.sampled_from(HEADERS[name]))
    return headers


def _body(draw: Draw, endpoint: Endpoint) -> bytes:
    if _rarely(draw, 25):
        return bytes(draw(st.binary(max_size=30)))
    trees = BODIES.get(endpoint.operation.name)
    tree = draw(st.sampled_from(trees)) if trees else {} if _rarely(draw, 2) else draw(_json)
    if isinstance(tree, str):
        return _spoilt(draw, tree.encode())
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2)))):
        tree = _changed(draw, tree)
    return _spoilt(draw, json.dumps(tree).encode())


def _changed(draw: Draw, tree: Any) -> Any:
    """The tree with one of its parts taken out, put in, or put in another's place."""
    if isinstance(tree, dict) and tree and not _rarely(draw, 8):
        key = draw(st.sampled_from(tuple(tree)))
        if _rarely(draw, 6):
            return {name: value for name, value in tree.items() if name != key}
        if _rarely(draw, 6):
            return {**tree, draw(st.sampled_from(FIELDS)): draw(_json)}
        return {**tree, key: _changed(draw, tree[key])}
    if isinstance(tree, list) and tree and not _rarely(draw, 8):
        place = draw(st.integers(0, len(tree) - 1))
        return [*tree[:place], _changed(draw, tree[place]), *tree[place + 1 :]]
    return draw(_json)


def _spoilt(draw: Draw, text: bytes) -> bytes:
    if not _rarely(draw, 12):
        return gzip.compress(text, mtime=0) if _rarely(draw, 60) else text
    place = draw(st.integers(0, len(text)))
    dirt: bytes = draw(st.sampled_from((b"", b"\xff", b'"', b"{", b"}", b",", b"\n", b"\x00", b"[" * 300, b"//")))
    return text[:place] + dirt + (b"" if _rarely(draw, 2) else text[place:])
