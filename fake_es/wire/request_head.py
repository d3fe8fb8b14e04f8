"""The head of an HTTP/1 request: its first line, its header fields, and how its body ends.

The rules are those of RFC 9112, the texts of errors those of Netty (``HttpObjectDecoder``, ``HttpUtil``, ``HttpVersion``).
Elasticsearch answers 400 if Netty refuses a request. Two things are refused here although Netty accepts them, because
servers and proxies interpret them differently. These are an empty line before a request, and a request with both
Content-Length and Transfer-Encoding.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

from fake_es.wire.errors import IllegalArgument, NumberFormat, TooLongHeader, TooLongLine
from fake_es.wire.java import FOR_INPUT_STRING

# Name, colon and value of an ordinary field, in one expression for speed.
_FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t\x20-\x7e\x80-\xff]*)")
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_TAB = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_PROTOCOL = re.compile(r"HTTP/(\d)\.(\d)", re.ASCII)
_BLANKS = " \t"
_LONGEST_LENGTH = len(str(2**63))


class Lines(Protocol):
    """A source of lines."""

    def readline(self, size: int, /) -> bytes:
        """A line with its end, truncated at ``size``; shorter only if the connection has ended."""


class RequestHead(NamedTuple):
    """The head of a request. ``fields`` have lower-case names and the order of the request.

    ``length`` is the length of the body in bytes, None if it is chunked.
    """

    method: str
    target: str
    protocol: str
    fields: tuple[tuple[str, str], ...]
    length: int | None


def read_head(lines: Lines, version: tuple[int, ...]) -> RequestHead | None:
    """The next head; None if the sender has closed the connection.

    :raises TooLongLine, TooLongHeader: it is longer than the release allows.
    :raises IllegalArgument: it is not the head of an HTTP/1 request.
    """
    first = lines.readline(TooLongLine.longest + 2)
    if not first:
        return None
    if len(first.rstrip(b"\r\n")) > TooLongLine.longest:
        raise TooLongLine
    method, target, protocol = _first_line(_text(first))
    fields = read_fields(lines, version)
    return RequestHead(method, target, protocol, fields, _body_length(fields, protocol))


def read_fields(lines: Lines, version: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    """Header or trailer fields up to an empty line. A line that begins with a space continues the line before.

    :raises TooLongHeader: all fields together are longer than the release allows.
    :raises IllegalArgument: a line is not a field.
    """
    left = TooLongHeader.longest(version)
    fields: list[tuple[str, str]] = []
    while True:
        line = lines.readline(left + 2)
        if len(line) > left and len(line.rstrip(b"\r\n")) > left:
            raise TooLongHeader(version)
        text = _text(line)
        if not text:
            return tuple(fields)
        left -= len(text)
        if fields and text[0] in _BLANKS:
            name, value = fields.pop()
            fields.append((name, _joined(value, text)))
        else:
            fields.append(_field(text))


def _joined(value: str, more: str) -> str:
    return f"{value} {_checked(more.strip(_BLANKS))}".strip(_BLANKS)


def _text(line: bytes) -> str:
    """A line without its end, which may be only a line feed (RFC 9112, section 2.2)."""
    if not line.endswith(b"\n"):
        raise IllegalArgument("Connection closed before received headers")
    return line[: -2 if line.endswith(b"\r\n") else -1].decode("latin-1")


def _first_line(text: str) -> tuple[str, str, str]:
    """Method, target and protocol."""
    control = _CONTROL.search(text)
    if control is not None or text.strip(" ") != text or not text:
        found = control[0] if control is not None else " "
        raise IllegalArgument(f"Illegal character in request line: 0x{ord(found):x}" if text else "Empty request line")
    words = [word for word in text.split(" ") if word]
    if len(words) < 3:
        raise IllegalArgument("text is empty (possibly HTTP/0.9)")
    method, target, protocol = words[0], words[1], " ".join(words[2:]).upper()
    wrong = next((letter for letter in method if not _TOKEN.match(letter)), None)
    if wrong is not None:
        raise IllegalArgument(f"Illegal character in HTTP Method: 0x{ord(wrong):x}")
    named = _PROTOCOL.fullmatch(protocol)
    if named is None:
        raise IllegalArgument(f"invalid version format: {protocol}")
    if named[1] != "1":
        raise IllegalArgument(f"Unexpected http protocol version: {protocol}", status=400 if named[1] == "0" else 505)
    return method, target, protocol


def _field(text: str) -> tuple[str, str]:
    found = _FIELD.fullmatch(text)
    if found is not None:
        return found[1].lower(), found[2].strip(_BLANKS)
    name, colon, value = text.partition(":")
    if not colon:
        raise IllegalArgument("No colon found")
    if not name:
        raise IllegalArgument("empty headers are not allowed []")
    for index, letter in enumerate(name):
        if not _TOKEN.match(letter):
            raise IllegalArgument(
                'a header name can only contain "token" characters, '
                f"but found invalid character 0x{ord(letter):x} at index {index} of header '{name}'."
            )
    return name.lower(), _checked(value.strip(_BLANKS))


def _checked(value: str) -> str:
    control = _CONTROL_BUT_TAB.search(value)
    if control is not None:
        raise IllegalArgument(f"a header value contains prohibited character 0x{ord(control[0]):x} at index {control.start()}.")
    return value


def _body_length(fields: tuple[tuple[str, str], ...], protocol: str) -> int | None:
    lengths = [value for name, value in fields if name == "content-length"]
    encodings = [value for name, value in fields if name == "transfer-encoding"]
    if not encodings:
        return content_length(lengths)
    if [encoding.lower() for encoding in encodings] != ["chunked"]:
        raise IllegalArgument(f"Transfer-Encoding is not supported: {', '.join(encodings)}")
    if lengths:
        raise IllegalArgument("Both Content-Length and Transfer-Encoding found")
    if protocol == "HTTP/1.0":
        raise IllegalArgument("Chunked messages not supported")
    return None


def content_length(values: list[str]) -> int:
    """The length of a body in bytes from all values of Content-Length; 0 without a value.

    :raises IllegalArgument: there are different values, or a value is not a whole number from 0 to 2^63 - 1.
    """
    if not values:
        return 0
    if len(values) > 1 or "," in values[0]:
        raise IllegalArgument(f"Multiple Content-Length values found: [{', '.join(values)}]")
    digits = values[0]
    if not (digits[:1].isascii() and digits[:1].isdigit()):
        raise IllegalArgument(f"Content-Length value is not a number: {digits}")
    # Python refuses to parse numbers of thousands of digits.
    significant = digits.lstrip("0") or "0"
    fits = digits.isascii() and digits.isdigit() and len(significant) <= _LONGEST_LENGTH
    if not fits or int(significant) >= 2**63:
        cause = NumberFormat(FOR_INPUT_STRING.format(text=digits))
        raise IllegalArgument(f"Content-Length value is not a number: {digits}", cause=cause)
    return int(significant)
