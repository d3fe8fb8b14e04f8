"""``catch``: the expected error of an answer (``DoSection`` of the server's runner)."""

from __future__ import annotations

from collections.abc import Collection

from fake_es.verify import messages
from fake_es.verify.connection import Reply
from fake_es.verify.java_text import compile_pattern, java_text, pattern_between_slashes
from fake_es.verify.outcome import Failed, WrongStatus
from fake_es.verify.suite import Call

PARAM = "param"
_REQUEST = "request"
_STATUSES = {
    "bad_request": 400, "unauthorized": 401, "forbidden": 403, "missing": 404, "request_timeout": 408, "conflict": 409,
    "gone": 410, "unavailable": 503,
}  # fmt: skip
# Statuses that "request" does not include: those with other names, except 503.
_NAMED = frozenset(_STATUSES.values()) - {503}


def known_catch(value: str) -> bool:
    """Whether ``catch`` may have this value."""
    return value in _STATUSES or value in (PARAM, _REQUEST) or pattern_between_slashes(value) is not None


def check_status(do: Call, reply: Reply, ignored: Collection[int]) -> None:
    """Check the status of an answer, and with a pattern its error, against the step.

    :param ignored: statuses that do not count as errors.
    :raises Failed: the status or the error is not the expected one.
    """
    pattern = pattern_between_slashes(do.catch)
    if do.catch in _STATUSES:
        _expect(reply.status == _STATUSES[do.catch], f"[{_STATUSES[do.catch]}]", do, reply)
    elif do.catch == _REQUEST:
        _expect(reply.status >= 400 and reply.status not in _NAMED, "[4xx|5xx]", do, reply)
    elif pattern is not None:
        _expect(reply.status >= 400, "[4xx|5xx]", do, reply)
        _check_error(pattern, do, reply)
    else:
        _expect(reply.status < 400 or reply.status in ignored, "[2xx]", do, reply)


def _expect(holds: bool, expected: str, do: Call, reply: Reply) -> None:
    if not holds:
        text = messages.WRONG_STATUS.format(expected=expected, api=do.api, status=reply.status, text=reply.text)
        raise WrongStatus(text, reply.status)


def _check_error(pattern: str, do: Call, reply: Reply) -> None:
    error = reply.body.get("error") if isinstance(reply.body, dict) else None
    if error is None:
        raise Failed(messages.NO_ERROR.format(pattern=do.catch, api=do.api, text=reply.text))
    text = java_text(error)
    if not compile_pattern(pattern).search(text):
        raise Failed(messages.ERROR_DIFFERS.format(api=do.api, pattern=do.catch, text=text))
