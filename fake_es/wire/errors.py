"""Errors by the names Elasticsearch gives them, and the document that shows one to a client.

``ElasticsearchException.generateFailureXContent`` and ``ExceptionsHelper.status`` in the server are the source.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

# Types that have lost an ``Elasticsearch`` in front.
_PREFIXED = frozenset({"exception", "status_exception", "parse_exception", "security_exception", "timeout_exception"})


class ElasticsearchError(Exception):
    """A refusal in the server's words.

    ``type`` and ``status`` are those of the wire; ``metadata`` are the extra fields shown beside the reason.
    ``where`` is the place (line, column) in the body at which reading failed, where that is known.
    """

    type: ClassVar[str] = "exception"
    default_status: ClassVar[int] = 500
    # Java exceptions that are no ElasticsearchException stop the search for root causes.
    elastic: ClassVar[bool] = True

    def __init__(
        self, reason: str | None, *, status: int | None = None, cause: ElasticsearchError | None = None, **metadata: Any
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = self.default_status if status is None else status
        self.cause = cause
        self.metadata = metadata
        self.headers: dict[str, str | list[str]] = {}
        self.where: tuple[int, int] | None = None

    def root_cause(self) -> ElasticsearchError:
        """The innermost exception worth showing first, as the server guesses it."""
        if self.elastic and self.cause is not None and self.cause.elastic:
            return self.cause.root_cause()
        return self

    def document(self) -> dict[str, Any]:
        """Body of the answer, ``error_trace`` aside."""
        return {"error": {"root_cause": [self.root_cause().entry()], **self.entry(causes=True)}, "status": self.status}

    def outline(self, version: tuple[int, ...]) -> dict[str, Any]:
        """Body of the answer where errors are not detailed: the first exception of Elasticsearch's own, without causes."""
        shown = next((error for error in self.chain() if error.elastic), None)
        reason = "No ElasticsearchException found" if shown is None else shown.reason
        if version >= (9, 0):
            return {"error": {"type": (shown or self).type, "reason": reason}, "status": self.status}
        return {"error": reason if shown is None else f"{shown.java_name()}[{reason}]", "status": self.status}

    def java_name(self) -> str:
        """Name of the server's class, which ``type`` is made of."""
        prefix = "Elasticsearch" if self.type in _PREFIXED else ""
        return prefix + "".join(word.capitalize() for word in self.type.split("_"))

    def entry(self, *, causes: bool = False) -> dict[str, Any]:
        """``type``, ``reason``, metadata and headers; with ``causes`` the chain of ``caused_by`` too."""
        shown: dict[str, Any] = {"type": self.type, "reason": self.reason, **self.metadata}
        if causes and self.cause is not None:
            shown["caused_by"] = self.cause.entry(causes=True)
        if self.headers:
            shown["header"] = self.headers
        return shown

    def chain(self) -> Iterator[ElasticsearchError]:
        """This error and all its causes, outermost first."""
        error: ElasticsearchError | None = self
        while error is not None:
            yield error
            error = error.cause


class StatusException(ElasticsearchError):
    """A refusal with a status of its own (``ElasticsearchStatusException``)."""

    type = "status_exception"


class ResourceNotFound(ElasticsearchError):
    """Something named does not exist: 404."""

    type = "resource_not_found_exception"
    default_status = 404


class ResourceAlreadyExists(ElasticsearchError):
    """Something of that name exists already: 400, whatever one might expect."""

    type = "resource_already_exists_exception"
    default_status = 400


class IllegalArgument(ElasticsearchError):
    """An argument the server will not take: 400."""

    type = "illegal_argument_exception"
    default_status = 400
    elastic = False


class IllegalState(ElasticsearchError):
    """The server's own fault, or a wait that ran out: 500."""

    type = "illegal_state_exception"
    elastic = False


class UnsupportedOperation(ElasticsearchError):
    """Something that the server's code does not provide for: 500."""

    type = "unsupported_operation_exception"
    elastic = False


class NumberFormat(ElasticsearchError):
    """A text that is no number: 400."""

    type = "number_format_exception"
    default_status = 400
    elastic = False


class TooComplexToDeterminize(ElasticsearchError):
    """What Lucene says of a regular expression whose automaton would be too large: 400."""

    type = "too_complex_to_determinize_exception"
    default_status = 400
    elastic = False


class ParseError(ElasticsearchError):
    """A value that cannot be read (``ElasticsearchParseException``): 400."""

    type = "parse_exception"
    default_status = 400


class ParsingError(ElasticsearchError):
    """A body that cannot be read, up to 6.3 (``ParsingException``): 400, with ``line`` and ``col``."""

    type = "parsing_exception"
    default_status = 400


class XContentParseError(ElasticsearchError):
    """A body that cannot be read, from 6.4 (``XContentParseException``): 400, the place in front of the reason."""

    type = "x_content_parse_exception"
    default_status = 400
    elastic = False

    def root_cause(self) -> ElasticsearchError:
        if self.cause is not None and (self.cause.elastic or isinstance(self.cause, XContentParseError)):
            return self.cause.root_cause()
        return self


class XContentEndOfFile(XContentParseError):
    """A body that ends too soon, from 8.0: 500 up to 8.15, then 400."""

    type = "x_content_e_o_f_exception"


class JsonParseError(ElasticsearchError):
    """What the JSON library says of broken JSON: 500 up to 7.5, then 400."""

    type = "json_parse_exception"
    default_status = 400
    elastic = False


class JsonEndOfFile(JsonParseError):
    """What the JSON library says of JSON that ends too soon."""

    type = "json_e_o_f_exception"


class ActionRequestValidation(ElasticsearchError):
    """A request whose own checks fail, each numbered: 400."""

    type = "action_request_validation_exception"
    default_status = 400
    elastic = False

    def __init__(self, *failures: str) -> None:
        numbered = "".join(f"{number}: {failure};" for number, failure in enumerate(failures, 1))
        super().__init__(f"Validation Failed: {numbered}")


class ValidationError(ActionRequestValidation):
    """The same list, thrown elsewhere than by the request itself."""

    type = "validation_exception"


class Timeout(ElasticsearchError):
    """A wait that ran out (``ElasticsearchTimeoutException``): 500, from 8.15 429."""

    type = "timeout_exception"


class SecurityError(ElasticsearchError):
    """Refused by security: 401, 403, or by the licence."""

    type = "security_exception"
    default_status = 403


class MediaTypeHeaderError(ElasticsearchError):
    """Accept or Content-Type cannot be understood: 400."""

    type = "media_type_header_exception"
    default_status = 400


class ContentTypeHeaderError(MediaTypeHeaderError):
    """The same in 7.x."""

    type = "content_type_header_exception"


class BadParameter(ElasticsearchError):
    """A query string that cannot be decoded: 400."""

    type = "bad_parameter_exception"
    default_status = 400
    elastic = False


class TooLongLine(ElasticsearchError):
    """The first line of a request is longer than ``http.max_initial_line_length``, 4096 bytes unless set: 400."""

    type = "too_long_http_line_exception"
    default_status = 400
    elastic = False
    longest: ClassVar[int] = 4096

    def __init__(self) -> None:
        super().__init__(f"An HTTP line is larger than {self.longest} bytes.")


class TooLongHeader(ElasticsearchError):
    """The headers of a request are longer than ``http.max_header_size``, 8 KiB up to 7.x, then 16: 400."""

    type = "too_long_http_header_exception"
    default_status = 400
    elastic = False

    def __init__(self, version: tuple[int, ...]) -> None:
        super().__init__(f"HTTP header is larger than {self.longest(version)} bytes.")

    @staticmethod
    def longest(version: tuple[int, ...]) -> int:
        """How long they may be, in bytes."""
        return 8192 if version < (8, 0) else 16384


class InternalError(ElasticsearchError):
    """A fault of this double, which Elasticsearch would not have: 500, the traceback is in the log ``fake_es``."""

    type = "fake_es_internal_exception"
    elastic = False


class NotImplementedHere(ElasticsearchError):
    """Known to Elasticsearch, not to this double: 501, and listed on the coverage page."""

    type = "fake_es_not_implemented_exception"
    default_status = 501


class PlainError(Exception):
    """An error whose ``error`` is a mere text: routes, methods, media types."""

    def __init__(
        self, reason: str, status: int, *, show_status: bool = True, headers: dict[str, str] | None = None, text: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.show_status = show_status
        self.headers = headers or {}
        self.text = text

    def document(self) -> dict[str, Any]:
        """Body of the answer."""
        return {"error": self.reason, "status": self.status} if self.show_status else {"error": self.reason}


def as_refusal(error: Exception) -> ElasticsearchError:
    """An error as it is shown: a fault of the emulator is called one."""
    if isinstance(error, ElasticsearchError):
        return error
    return InternalError(f"{type(error).__name__} in fake_es, not in Elasticsearch: {error}")


def bad_request(reason: str, cause: ElasticsearchError | None = None) -> StatusException:
    """``ExceptionsHelper.badRequestException``."""
    return StatusException(reason, status=400, cause=cause)


def conflict(reason: str, cause: ElasticsearchError | None = None) -> StatusException:
    """``ExceptionsHelper.conflictStatusException``."""
    return StatusException(reason, status=409, cause=cause)
