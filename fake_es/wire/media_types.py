"""Accept and Content-Type: the formats of a request and its answer, and the API version of the client.

Sources: ``ParsedMediaType``, ``RestCompatibleVersionHelper`` and ``RestController`` in the server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from fake_es.wire.errors import ContentTypeHeaderError, IllegalArgument, MediaTypeHeaderError, PlainError, StatusException

_FORMATS = frozenset({"json", "x-ndjson", "yaml", "cbor", "smile"})
# Formats that need no conversion; ``formats`` converts the others.
JSON = frozenset({"json", "x-ndjson"})
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_MEDIA_TYPE = re.compile(rf"({_TOKEN})/({_TOKEN})", re.ASCII)
_PARAMETER = re.compile(rf'\s*({_TOKEN})=("?)([^";]*)\2\s*', re.ASCII)
_VENDOR = "vnd.elasticsearch+"


class MediaType(NamedTuple):
    """One parsed media type."""

    name: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def vendor(self) -> bool:
        """Whether it is a media type of Elasticsearch (``application/vnd.elasticsearch+json``)."""
        return self.subtype.startswith(_VENDOR)

    @property
    def format(self) -> str | None:
        """``json``, ``x-ndjson``, ``yaml``, ``cbor`` or ``smile``; None for anything else."""
        bare = self.subtype.removeprefix(_VENDOR)
        if self.name.startswith("application/") and bare in _FORMATS and self._charset in ("utf-8", None):
            return bare
        return None

    @property
    def _charset(self) -> str | None:
        return next((value for name, value in self.parameters if name == "charset"), None)

    @property
    def compatible_with(self) -> str | None:
        """The API version that it requests; only media types of Elasticsearch can have one."""
        if not self.vendor:
            return None
        return next((value for name, value in self.parameters if name == "compatible-with"), None)


class Exchange(NamedTuple):
    """The meaning of the headers of a request.

    ``api`` is the major version of the API that the client uses. ``sent`` is the format of the body (None if unknown or
    absent), ``answer`` the format of the answer.
    """

    api: int
    sent: str | None
    sent_header: str | None
    answer: str
    answer_type: str

    def check_body(self, version: tuple[int, ...]) -> None:
        """Refuse a body whose type is missing or unknown.

        :raises PlainError: 406. Up to 5.6 the type is guessed instead.
        """
        if version < (6, 0):
            return
        if self.sent_header is None:
            raise PlainError("Content-Type header is missing", 406)
        if self.sent is None or self.sent == "smile":
            raise PlainError(f"Content-Type header [{self.sent_header}] is not supported", 406)

    def check_lines(self) -> None:
        """Refuse a body of lines in a format without lines.

        :raises PlainError: 406.
        """
        if not (self.is_json or self.sent is None):
            # The constant of ``XContentType``.
            named = ("VND_" if _VENDOR in (self.sent_header or "") else "") + (self.sent or "").upper()
            raise PlainError(f"Content-Type [{named}] does not support stream parsing. Use JSON or SMILE instead", 406)

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON, with one value or several lines."""
        return self.sent in JSON

    def answering(self, named: str | None, version: tuple[int, ...]) -> Exchange:
        """The same, but with the format of the parameter ``format`` for the answer. An unknown format is ignored."""
        wanted = (named or "").lower().removeprefix("application/")
        if wanted not in _FORMATS:
            return self
        return self._replace(answer=_written_as(wanted), answer_type=_plain_type(_written_as(wanted), version))


def collected(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by lower-case name. If a header was sent several times, the first one counts, as in ``RestRequest.header``.

    Accept and Content-Type may be sent only once: several values are joined with line feeds, and refused later.
    """
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        if key not in found:
            found[key] = value
        elif key in ("accept", "content-type"):
            found[key] += f"\n{value}"
    return found


def _parse(header: str | None, name: str, version: tuple[int, ...]) -> MediaType | None:
    if header is not None and "\n" in header:
        _malformed(header, name, version, f"Incorrect header [{name}]. Only one value should be provided")
        header = header.partition("\n")[0]
    if header is None or "," in header or "*" in header:
        return None
    head, *rest = header.split(";")
    shape = _MEDIA_TYPE.fullmatch(head.strip())
    parameters = [_PARAMETER.fullmatch(part) for part in rest if part.strip()]
    if shape is None or None in parameters:
        wrong = "media-type" if shape is None else "parameters for header"
        _malformed(header, name, version, f"invalid {wrong} [{header}]")
        return None
    pairs = tuple((part[1].lower(), part[3].lower()) for part in parameters if part)
    return MediaType(shape[0].lower(), shape[2].lower(), pairs)


def _malformed(header: str, name: str, version: tuple[int, ...], reason: str) -> None:
    if version < (7, 11):
        _malformed_before(header, name, version)
        return
    kind = MediaTypeHeaderError if version >= (8, 0) else ContentTypeHeaderError
    reason = f"Header [{name}] cannot be empty." if not header.strip() else reason
    raise kind(f"Invalid media-type value on headers [{name}]", cause=IllegalArgument(reason))


def _malformed_before(header: str, name: str, version: tuple[int, ...]) -> None:
    """Before 7.11: any Accept header is allowed, and up to 5.6 any Content-Type header.

    A real 5.x node closes the connection instead.
    """
    if name == "Accept" or version < (6, 0):
        return
    several = "only one Content-Type header should be provided"
    cause = IllegalArgument(several if "\n" in header else f"invalid Content-Type header [{header}]")
    raise ContentTypeHeaderError(f"java.lang.IllegalArgumentException: {cause.reason}", cause=cause)


@lru_cache(maxsize=128)
def accepted_format(version: tuple[int, ...], accept: str | None) -> str | None:
    """The format of an Accept header (``json``, ``yaml``, ...); None for text, several types, and unknown types."""
    wanted = _parse(accept, "Accept", version)
    return wanted.format if wanted is not None else None


@lru_cache(maxsize=512)
def negotiate(version: tuple[int, ...], accept: str | None, content_type: str | None, has_body: bool) -> Exchange:
    """Interpret the headers of a request.

    :raises MediaTypeHeaderError: a header is invalid, or the versions contradict each other (from 8.0).
    """
    wanted = _parse(accept, "Accept", version)
    sent = _parse(content_type, "Content-Type", version)
    sent_format = sent.format if sent and not (sent.vendor and version < (7, 11)) else None
    if version < (8, 0):
        answer = _written_as((wanted.format if wanted else None) or (sent_format if has_body else None))
        return Exchange(version[0], sent_format, content_type, answer, _plain_type(answer, version))
    asked = wanted.compatible_with if wanted and wanted.format else None
    carried = sent.compatible_with if sent and sent.format and has_body else None
    _check_versions(version[0], asked, carried, accept, content_type, has_body)
    api = int(asked) if asked else version[0]
    return Exchange(api, sent_format, content_type, *_answer_type(wanted, sent if has_body else None))


def _check_versions(
    major: int, asked: str | None, carried: str | None, accept: str | None, content_type: str | None, has_body: bool
) -> None:
    allowed = (None, str(major), str(major - 1))
    spelt = f"Accept={accept or 'null'}, Content-Type={content_type or 'null'}"
    both = (
        "A compatible version is required on both Content-Type and Accept headers"
        " if either one has requested a compatible version"
    )
    if asked not in allowed:
        reason = f"Accept version must be either version {major} or {major - 1}, but found {asked}. Accept={accept}"
    elif carried not in allowed:
        reason = (
            f"Content-Type version must be either version {major} or {major - 1}, but found {carried}."
            f" Content-Type={content_type}"
        )
    elif has_body and int(asked or major) != int(carried or major):
        reason = f"{both} and the compatible versions must match. {spelt}"
    elif has_body and (asked is None) != (carried is None):
        reason = f"{both}. {spelt}"
    else:
        return
    cause = StatusException(reason, status=400)
    raise MediaTypeHeaderError("Invalid media-type value on headers [Accept, Content-Type]", cause=cause)


def _answer_type(wanted: MediaType | None, sent: MediaType | None) -> tuple[str, str]:
    """Format and media type of an answer, from 8.0: as requested, else like the body."""
    if wanted is not None and wanted.format is not None:
        answer = _written_as(wanted.format)
        return answer, _named(answer, wanted) + "".join(f";{key}={value}" for key, value in wanted.parameters)
    if sent is not None and sent.format is not None:
        answer = _written_as(sent.format)
        return answer, _named(answer, sent if wanted is None else None)
    return "json", "application/json"


def _named(answer: str, like: MediaType | None) -> str:
    return f"application/{_VENDOR if like is not None and like.vendor else ''}{answer}"


def _written_as(format_: str | None) -> str:
    """The format of the answer for a requested format: lines of JSON become JSON."""
    return "json" if format_ is None or format_ in JSON else format_


def _plain_type(answer: str, version: tuple[int, ...]) -> str:
    return "application/json; charset=UTF-8" if answer == "json" and version < (8, 0) else f"application/{answer}"
