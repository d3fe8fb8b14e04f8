"""Rendering of answers: JSON, headers and error documents.

The output is always valid JSON in UTF-8. Like Jackson, numbers that JSON does not have are written as strings, and a lone
surrogate as an escape (``JsonGenerator.Feature.QUOTE_NON_NUMERIC_NUMBERS``,
``UTF8JsonGenerator._outputMultiByteChar``).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from fake_es.version import Version
from fake_es.wire.call import Answer, Call, Encoded
from fake_es.wire.errors import ElasticsearchError, PlainError
from fake_es.wire.filter_path import apply_filter_path
from fake_es.wire.packing import encoding_for, packed

_TEXT = "text/plain; charset=UTF-8"


def _encoder() -> Callable[[Any], str]:
    """``JSONEncoder.encode`` with one encoder in C for all answers, because creating one takes longer than writing.

    It raises ValueError for a number that is not finite.
    """
    plain = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return plain.encode
    write = make(None, plain.default, json.encoder.encode_basestring, None, ":", ",", False, False, False)
    return lambda body: "".join(write(body, 0))


_finite = _encoder()
# Replaces a number of a document that is too large for a double, because the text of the document is not stored.
_BEYOND = 10**309
_NOT_QUOTABLE = re.compile(r"[^\t \x21-\x7e\x80-\xff]|%")


class Response(NamedTuple):
    """The answer to the client: status, headers and body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        :raises ValueError: it is not JSON.
        """
        return json.loads(self.body)


def dumps(body: Any) -> bytes:
    """Compact JSON, like that of the server."""
    return body.text if isinstance(body, Encoded) else _compact(body).encode("utf-8", "backslashreplace")


def _compact(body: Any) -> str:
    try:
        return _finite(body)
    except ValueError:
        return _finite(writable(body))


def writable(tree: Any, *, source: bool = False) -> Any:
    """Replace each number in ``tree`` that is not finite with a string.

    With ``source`` it is replaced with a number that is too large for a double. The reason is that the server returns the
    source of a document unchanged.
    """
    if isinstance(tree, dict):
        return {key: writable(value, source=source or key == "_source") for key, value in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [writable(item, source=source) for item in tree]
    if not isinstance(tree, float) or math.isfinite(tree):
        return tree
    if math.isnan(tree):
        return "NaN"
    if source:
        return _BEYOND if tree > 0 else -_BEYOND
    return "Infinity" if tree > 0 else "-Infinity"


def encoded_list(count: int, name: str, items: list[bytes]) -> Encoded:
    """``{"count": ..., name: [...]}`` with items that are already JSON."""
    return Encoded(b'{"count":%d,"%b":[%b]}' % (count, name.encode(), b",".join(items)))


def pretty(value: Any, indent: str = "") -> str:
    """JSON in the form of ``?pretty``: two blanks per level, ``"k" : v``, and a blank in empty objects and lists."""
    if not isinstance(value, (dict, list)):
        return _compact(value)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    if not value:
        return f"{opening} {closing}"
    deeper = indent + "  "
    if isinstance(value, dict):
        lines = [f"{deeper}{_compact(str(key))} : {pretty(item, deeper)}" for key, item in value.items()]
    else:
        lines = [deeper + pretty(item, deeper) for item in value]
    return f"{opening}\n" + ",\n".join(lines) + f"\n{indent}{closing}"


def render(call: Call, result: Any) -> Response:
    """The response to a successful call. ``result`` is an Answer, or a body for status 200; a string is sent as text."""
    status, body, headers = result if isinstance(result, Answer) else (200, result, None)
    if isinstance(body, str):
        return _respond(call, status, body.encode("utf-8", "replace"), _TEXT, headers)
    if "filter_path" in call.query:
        tree = json.loads(body.text) if isinstance(body, Encoded) else body
        body = apply_filter_path(tree, call.query["filter_path"])
    return _respond(call, status, _write(call, body), call.media.answer_type, headers)


def _write(call: Call, body: Any) -> bytes:
    answer = call.media.answer if hasattr(call, "media") else "json"
    if answer == "json" and not call.flag("pretty"):
        return dumps(body)
    tree = writable(json.loads(body.text) if isinstance(body, Encoded) else body)
    if answer != "json":
        # Imported only for other formats.
        from fake_es.wire.formats import written

        return written(tree, answer)
    return pretty(tree).encode("utf-8", "backslashreplace") + b"\n"


_AS_DETAILED = "in Elasticsearch 9.0 to match the JSON structure used for detailed errors."
_OUTLINES_CHANGED = f"The JSON format of non-detailed errors has changed {_AS_DETAILED}"
_OUTLINES_CHANGE = (
    f"The JSON format of non-detailed errors will change {_AS_DETAILED} To keep using the existing format, use the V8 REST API."
)


def render_error(call: Call, error: ElasticsearchError | PlainError, *, detailed: bool = True) -> Response:
    """The response to a refused call."""
    answer_type = call.media.answer_type if hasattr(call, "media") else _default_type(call.version)
    if isinstance(error, PlainError):
        if error.text:
            return _respond(call, error.status, error.reason.encode("utf-8", "replace"), _TEXT)
        return _respond(call, error.status, _write(call, error.document()), answer_type, error.headers)
    document = error.document() if detailed else _outline(call, error)
    if detailed and call.flag("error_trace") and error.status != 401:
        _add_traces(document["error"], error)
    return _respond(call, error.status, _write(call, document), answer_type, error.headers)


def _outline(call: Call, error: ElasticsearchError) -> dict[str, Any]:
    """An error without details, whose form changed in 9.0 (pull requests 114739 and 90529)."""
    api = call.media.api if hasattr(call, "media") else call.version[0]
    if call.version >= (9, 0) and api == 8:
        call.warn(_OUTLINES_CHANGED)
    elif (8, 17) <= call.version < (9, 0):
        call.warn(_OUTLINES_CHANGE)
    return error.outline(api)


def _add_traces(shown: dict[str, Any], error: ElasticsearchError) -> None:
    """Add the stack trace to each exception, in the field ``stack_trace``."""
    shown["root_cause"][0]["stack_trace"] = _trace(error.root_cause())
    entry = shown
    for link in error.chain():
        entry["stack_trace"] = _trace(link)
        entry = entry.get("caused_by", {})


def _trace(error: ElasticsearchError) -> str:
    from traceback import walk_tb

    # extract_tb would read the source of each line.
    frames = (f"{frame.f_code.co_name}({line})" for frame, line in walk_tb(error.__traceback__))
    return "\n\tat ".join([f"{error.type}: {error.reason}", *frames])


def _default_type(version: Version) -> str:
    return "application/json" if version >= (8, 0) else "application/json; charset=UTF-8"


def _respond(call: Call, status: int, body: bytes, content_type: str, extra: Mapping[str, Any] | None = None) -> Response:
    refused = status in (401, 403) and call.version >= (8, 0)
    headers = [*_first_headers(call.version, content_type, refused)]
    if call.warnings and not refused:
        date = _date(call.now) if call.version < (6, 7) else ""
        headers.extend(("Warning", warning_header(call.version, text) + date) for text in call.warnings)
    if "x-opaque-id" in call.headers:
        headers.append(("X-Opaque-Id", call.headers["x-opaque-id"]))
    if extra:
        for name, values in extra.items():
            headers.extend((name, value) for value in (values if isinstance(values, list) else [values]))
    encoding = encoding_for(call.headers["accept-encoding"]) if body and "accept-encoding" in call.headers else None
    if encoding is not None:
        body = packed(body, encoding)
        headers.append(("content-encoding", encoding))
    headers.append(("content-length", str(len(body))))
    return Response(status, headers, b"" if call.method == "HEAD" else body)


@lru_cache(maxsize=256)
def _first_headers(version: Version, content_type: str, refused: bool) -> tuple[tuple[str, str], ...]:
    kind = ("content-type", content_type)
    return (("X-elastic-product", "Elasticsearch"), kind) if version >= (7, 14) and not refused else (kind,)


def _date(now: int) -> str:
    """The date at the end of a warning up to 6.6 (``DeprecationLogger``), in the form of RFC 1123."""
    # Imported only for old releases.
    from email.utils import formatdate

    return f' "{formatdate(now / 1000, usegmt=True)}"'


@lru_cache(maxsize=256)
def warning_header(version: Version, text: str) -> str:
    """A ``Warning`` header of the release, without the date that it has up to 6.6."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    quoted = _NOT_QUOTABLE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), escaped)
    return f'299 Elasticsearch-{version}-{version.build_hash} "{quoted}"'
