"""Errors with the names of Elasticsearch, and their form in answers.

Source: ``ElasticsearchException.generateFailureXContent`` and ``ExceptionsHelper.status`` in the server.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, ClassVar

# Types of classes whose names begin with ``Elasticsearch``, which the type leaves out.
_PREFIXED = frozenset({"exception", "status_exception", "parse_exception", "security_exception", "timeout_exception"})


class ElasticsearchError(Exception):
    """An error in the words of the server.

    ``type`` and ``status`` are those of the answer. ``metadata`` are additional fields besides the reason. ``where`` is the
    place in the body (line, column) at which parsing failed, if it is known.
    """

    type: ClassVar[str] = "exception"
    default_status: ClassVar[int] = 500
    # Whether it is an ElasticsearchException. Other exceptions stop the search for root causes.
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
        """The innermost exception of Elasticsearch, which the server shows as root cause."""
        if self.elastic and self.cause is not None and self.cause.elastic:
            return self.cause.root_cause()
        return self

    def document(self) -> dict[str, Any]:
        """Body of the answer, without ``error_trace``."""
        return {"error": {"root_cause": [self.root_cause().entry()], **self.entry(causes=True)}, "status": self.status}

    def outline(self, api: int) -> dict[str, Any]:
        """Body of the answer without detailed errors, in the API of a major release.

        Up to 8 the first ElasticsearchException is told in one line.
        """
        if api >= 9:
            return {"error": {"type": self.type, "reason": self.reason}, "status": self.status}
        shown = next((error for error in self.chain() if error.elastic), None)
        line = "No ElasticsearchException found" if shown is None else f"{shown.java_name()}[{shown.reason}]"
        return {"error": line, "status": self.status}

    def java_name(self) -> str:
        """Name of the server's class, from which ``type`` is derived."""
        prefix = "Elasticsearch" if self.type in _PREFIXED else ""
        return prefix + "".join(word.capitalize() for word in self.type.split("_"))

    def entry(self, *, causes: bool = False) -> dict[str, Any]:
        """``type``, ``reason``, metadata and headers; with ``causes`` also the chain of ``caused_by``."""
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
    """An error with an individual status (``ElasticsearchStatusException``)."""

    type = "status_exception"


class ResourceNotFound(ElasticsearchError):
    """Something named does not exist: 404."""

    type = "resource_not_found_exception"
    default_status = 404


class ResourceAlreadyExists(ElasticsearchError):
    """Something with this name already exists: 400 (not 409)."""

    type = "resource_already_exists_exception"
    default_status = 400


class IllegalArgument(ElasticsearchError):
    """An invalid argument: 400."""

    type = "illegal_argument_exception"
    default_status = 400
    elastic = False


class IllegalState(ElasticsearchError):
    """A fault of the server, or a timeout: 500."""

    type = "illegal_state_exception"
    elastic = False


class UnsupportedOperation(ElasticsearchError):
    """Something that the server's code does not support: 500."""

    type = "unsupported_operation_exception"
    elastic = False


class NumberFormat(ElasticsearchError):
    """A text that is not a number: 400."""

    type = "number_format_exception"
    default_status = 400
    elastic = False


class TooComplexToDeterminize(ElasticsearchError):
    """A regular expression whose automaton would be too large for Lucene: 400."""

    type = "too_complex_to_determinize_exception"
    default_status = 400
    elastic = False


class ParseError(ElasticsearchError):
    """A value that cannot be parsed (``ElasticsearchParseException``): 400."""

    type = "parse_exception"
    default_status = 400


class ParsingError(ElasticsearchError):
    """A body that cannot be parsed, up to 6.3 (``ParsingException``): 400, with ``line`` and ``col``."""

    type = "parsing_exception"
    default_status = 400


class XContentParseError(ElasticsearchError):
    """A body that cannot be parsed, from 6.4 (``XContentParseException``): 400. The reason begins with the place."""

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
    """The JSON library's error for invalid JSON: 500 up to 7.5, then 400."""

    type = "json_parse_exception"
    default_status = 400
    elastic = False


class JsonEndOfFile(JsonParseError):
    """The JSON library's error for JSON that ends too soon."""

    type = "json_e_o_f_exception"


class ActionRequestValidation(ElasticsearchError):
    """A request whose own checks fail, with a numbered list of failures: 400."""

    type = "action_request_validation_exception"
    default_status = 400
    elastic = False

    def __init__(self, *failures: str) -> None:
        numbered = "".join(f"{number}: {failure};" for number, failure in enumerate(failures, 1))
        super().__init__(f"Validation Failed: {numbered}")


class ValidationError(ActionRequestValidation):
    """The same list of failures, from other checks than those of the request."""

    type = "validation_exception"


class Timeout(ElasticsearchError):
    """A timeout (``ElasticsearchTimeoutException``): 500, from 8.15 429."""

    type = "timeout_exception"


class SecurityError(ElasticsearchError):
    """Refused by security (401 or 403) or by the licence (403)."""

    type = "security_exception"
    default_status = 403


class MediaTypeHeaderError(ElasticsearchError):
    """An invalid Accept or Content-Type header: 400."""

    type = "media_type_header_exception"
    default_status = 400


class ContentTypeHeaderError(MediaTypeHeaderError):
    """An invalid Content-Type header in 7.x: 400."""

    type = "content_type_header_exception"


class BadParameter(ElasticsearchError):
    """A query string that cannot be decoded: 400."""

    type = "bad_parameter_exception"
    default_status = 400
    elastic = False


class TooLongLine(ElasticsearchError):
    """The first line of a request is longer than ``http.max_initial_line_length`` (default 4096 bytes): 400."""

    type = "too_long_http_line_exception"
    default_status = 400
    elastic = False
    longest: ClassVar[int] = 4096

    def __init__(self) -> None:
        super().__init__(f"An HTTP line is larger than {self.longest} bytes.")


class TooLongHeader(ElasticsearchError):
    """The headers of a request are longer than ``http.max_header_size`` (8 KiB up to 7.x, then 16 KiB): 400."""

    type = "too_long_http_header_exception"
    default_status = 400
    elastic = False

    def __init__(self, version: tuple[int, ...]) -> None:
        super().__init__(f"HTTP header is larger than {self.longest(version)} bytes.")

    @staticmethod
    def longest(version: tuple[int, ...]) -> int:
        """The limit in bytes."""
        return 8192 if version < (8, 0) else 16384


class InternalError(ElasticsearchError):
    """A fault of fake_es, not of Elasticsearch: 500. The traceback is in the log ``fake_es``."""

    type = "fake_es_internal_exception"
    elastic = False


class NotImplementedHere(ElasticsearchError):
    """Something that Elasticsearch has and fake_es does not emulate: 501. The coverage page lists it."""

    type = "fake_es_not_implemented_exception"
    default_status = 501


class PlainError(Exception):
    """An error whose ``error`` field is a text: for routes, methods and media types."""

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
    """The error for a client: ``error`` itself if it is a refusal, else an ``InternalError``."""
    if isinstance(error, ElasticsearchError):
        return error
    return InternalError(f"{type(error).__name__} in fake_es, not in Elasticsearch: {error}")


def logged_refusal(error: Exception, what: str) -> ElasticsearchError:
    """Like ``as_refusal``, and write the traceback of a fault to the log ``fake_es``.

    It must be called in the ``except`` block of the error.

    :param what: what was being done, for the log.
    """
    if not isinstance(error, ElasticsearchError):
        # Imported here, because normally nothing is logged.
        import logging

        logging.getLogger("fake_es").exception("fault while %s", what)
    return as_refusal(error)


def bad_request(reason: str, cause: ElasticsearchError | None = None) -> StatusException:
    """``ExceptionsHelper.badRequestException``."""
    return StatusException(reason, status=400, cause=cause)


def conflict(reason: str, cause: ElasticsearchError | None = None) -> StatusException:
    """``ExceptionsHelper.conflictStatusException``."""
    return StatusException(reason, status=409, cause=cause)


def check_failures(failures: Collection[str]) -> None:
    """Refuse a request that has failed some of its own checks.

    :raises ActionRequestValidation: there are ``failures``; it lists all of them.
    """
    if failures:
        raise ActionRequestValidation(*failures)
