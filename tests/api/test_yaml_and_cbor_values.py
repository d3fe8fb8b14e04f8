"""Values that YAML and CBOR can write: read as Jackson reads them, or refused with 400."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from tests.support import http

RELEASES = ("5.4.0", "6.8", "7.17", "9.5")


def sent(release: str, body: bytes, kind: str) -> Any:
    fake = http(release)
    path = f"/i/{'_doc' if fake.fake.version >= (7, 0) else 'doc'}/1"
    answer = fake.raw("PUT", path, body, content_type=f"application/{kind}", accept="application/json")
    return fake("GET", path).body.get("_source") if answer.status in (200, 201) else answer.status


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1:30", "1:30"),
        ("190:20:30.15", "190:20:30.15"),
        ("99:" * 400 + "1.0", "99:" * 400 + "1.0"),
        ("1:99:99", "1:99:99"),
        ("2001-12-14", "2001-12-14"),
        ("yes", "yes"),
        ("true", True),
        ("trueish", "trueish"),
        ("~", None),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("017", 17),
        ("1_000", 1000),
        ("-5", -5),
        ("+1", 1),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.", 1.0),
        ("!!str 1", "1"),
        ("!!int 5", 5),
        ("!!float 5", 5.0),
        ("_", "_"),
        ("-", "-"),
        ("!!binary aGk=", "aGk="),
        ('"\\x41"', "A"),
    ],
)
def test_scalars_of_yaml(text: str, value: Any) -> None:
    if text == "-":
        assert sent("9.5", b"a:\n  - \n", "yaml") == {"a": [None]}
        return
    assert sent("9.5", f"a: {text}\n".encode(), "yaml") == {"a": value}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    "text",
    [
        "a: !!int 1:30",
        "a: !!float x",
        "a: !!timestamp x",
        "a: !!bool maybe",
        "a: !!set {x, y}",
        "a: !!python/object:os.system x",
        "a: !foo 1",
        "? [a, b]\n: 1",
        "? {a: 1}\n: 2",
        "a: &x 1\nb: *x",
        "a: " + "9" * 5000,
        'a: "\\ud800"',
        "a: \x00",
        "a:\n\tb: 1",
        "- 1",
        "x",
        "a: 1e999",
        "a: .inf",
        "a: -.INF",
        "a: .nan",
        "a: 1." + "9" * 5000 + "e999",
    ],
)
def test_yaml_that_is_no_document(release: str, text: str) -> None:
    assert sent(release, text.encode(), "yaml") == 400


@pytest.mark.parametrize("text", ["a: 1\na: 2", "1: 2", "<<: {a: 2}", "a: 1\n---\na: 3", "\ufeffa: 1"])
def test_yaml_of_odd_keys(text: str) -> None:
    assert isinstance(sent("9.5", text.encode(), "yaml"), (dict, int))


def of_a(value: bytes) -> bytes:
    """``{"a": value}`` in CBOR."""
    return b"\xa1\x61a" + value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b"\xf9\x3e\x00", 1.5),
        (b"\x7f\x61x\x61y\xff", "xy"),
        (b"\x1b" + b"\x7f" + b"\xff" * 7, 2**63 - 1),
        (b"\x42hi", "aGk="),
        (b"\xfb" + struct.pack(">d", 2.5), 2.5),
        (b"\x9f\x01\xff", [1]),
        (b"\xf6", None),
        (b"\xf5", True),
    ],
)
def test_values_of_cbor(value: bytes, shown: Any) -> None:
    assert sent("9.5", of_a(value), "cbor") == {"a": shown}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    "body",
    [
        b"\xc1\x1a\x55\x4b\xbf\xd3",
        b"\xf7",
        of_a(b"\xf7"),
        of_a(b"\xf9\x7c\x00"),
        of_a(b"\xf9\x7e\x00"),
        b"\xa1\x80\x02",
        of_a(b"\xc4\x82\x1b\x7f" + b"\xff" * 7 + b"\x01"),
        of_a(b"\xd9\x01\x02\x81\x01"),
        of_a(b"\xd8\x23\x61("),
        of_a(b"\xc2\x59\x1f\xff" + b"\xff" * 8191),
        b"\x9b\x7f" + b"\xff" * 7,
        b"\x5b\x7f" + b"\xff" * 7,
        of_a(b"\xe0"),
        of_a(b"\x63\xed\xa0\x80"),
        of_a(b"\xd8\x64\x3b" + b"\xff" * 8),
        of_a(b"\xc1\xfb\x7f\xf0" + b"\x00" * 6),
        of_a(b"\xd8\x1e\x82\x01\x00"),
        of_a(b"\xd8\x1c\x81\xd8\x1d\x00"),
        b"\x81" * 3000,
        b"\xa1\x61a" * 3000 + b"\x01",
        b"",
        b"\xff",
    ],
)
def test_cbor_that_is_no_document(release: str, body: bytes) -> None:
    assert sent(release, body, "cbor") == 400
