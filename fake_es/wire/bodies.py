"""The body of a request before it is parsed: its media type, and the parameter ``source`` that may replace it."""

from __future__ import annotations

from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, IllegalState, PlainError, ValidationError
from fake_es.wire.media_types import JSON, negotiate
from fake_es.wire.operation import BodyUse

_IN_QUERY = ("source", "source_content_type")
_SOURCE = frozenset({BodyUse.PARAMETERS, BodyUse.OPTIONAL, BodyUse.REQUIRED, BodyUse.LINES})
_GUESSED = "Content type detection for rest requests is deprecated. Specify the content type using the [Content-Type] header."


class PayloadTooLarge(PlainError):
    """413 with an empty body."""

    def __init__(self) -> None:
        super().__init__("", 413, text=True)


def check_type(call: Call) -> None:
    """Check the media type of a body, and convert YAML and CBOR to JSON.

    :raises PlainError: 406, the type is missing or not supported.
    """
    media, use = call.media, call.endpoint.body
    media.check_body(call.version)
    if media.sent is None and use is not BodyUse.RAW:
        # Only 5.x comes here: it guesses the type.
        call.warn(_GUESSED)
    if use is BodyUse.LINES:
        media.check_lines()
    elif media.sent is not None and use is not BodyUse.RAW:
        call.body = _to_json(call.body, media.sent)


def _to_json(body: bytes, sent: str) -> bytes:
    """Convert a body in the format ``sent`` to JSON."""
    if sent in JSON:
        return body
    # Imported only for other formats.
    from fake_es.wire.formats import as_json

    return as_json(body, sent)


def take_source(call: Call) -> None:
    """Use the parameter ``source`` as the body, if there is one (``RestRequest.contentOrSourceParam``).

    :raises ElasticsearchError: 400 (up to 8.15 500), ``source`` or ``source_content_type`` is missing, or the type is
        unknown.
    """
    if call.endpoint.body not in _SOURCE or call.query.keys().isdisjoint(_IN_QUERY):
        return
    source, named = (call.query.get(name) for name in _IN_QUERY)
    if source is not None and named is not None and named.partition(";")[0].count("/") != 1:
        raise IllegalArgument(f"invalid Content-Type header [{named}]")
    sent = negotiate(call.version, None, named, False).sent
    refusal = None
    if source is None or (named is None and call.version >= (6, 0)):
        refusal = "source and source_content_type parameters are required"
    elif sent is None and named is not None:
        refusal = f"Unknown value for source_content_type [{named}]"
    if refusal is not None:
        raise ValidationError(refusal) if call.version >= (8, 16) else IllegalState(refusal)
    text = (source or "").encode("utf-8", "surrogatepass")
    call.body = _to_json(text, sent) if sent is not None else text
