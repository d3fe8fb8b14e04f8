"""Check of the warnings in an answer against those in the step (``DoSection.checkWarningHeaders``)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fake_es.verify import messages
from fake_es.verify.connection import Reply
from fake_es.verify.java_text import compile_pattern
from fake_es.verify.outcome import Failed, UnexpectedWarnings
from fake_es.verify.suite import Call

_WARNING = re.compile(r'299 Elasticsearch-\S+ "((?:[^"\\]|\\.)*)"(?: "[^"]*")?(?:,\s*)?')


def check_warnings(do: Call, reply: Reply, *, strict: bool) -> None:
    """Check the warnings of an answer against the step. Without ``strict``, a step that names no warnings allows all.

    :raises Failed: unexpected or missing warnings, or a header with an invalid form.
    """
    if not strict and not do.warnings:
        return
    headers = reply.headers.get("warning", [])
    malformed = [header for header in headers if _WARNING.sub("", header)]
    if malformed:
        raise Failed(messages.MALFORMED_WARNINGS.format(api=do.api, warnings=malformed))
    given = [re.sub(r"\\(.)", r"\1", text) for header in headers for text in _WARNING.findall(header)]
    _check(do, given)


def _check(do: Call, given: list[str]) -> None:
    named = do.warnings
    missing, missing_patterns, unexpected = list(named.expected), list(named.expected_patterns), []
    for text in given:
        if text in named.allowed:
            continue
        if text in missing:
            missing.remove(text)
        elif pattern := _matching(missing_patterns, text):
            missing_patterns.remove(pattern)
        elif not _matching(named.allowed_patterns, text):
            unexpected.append(text)
    if unexpected:
        text = messages.UNEXPECTED_WARNINGS.format(api=do.api, warnings=unexpected)
        raise UnexpectedWarnings(text, tuple(unexpected))
    if missing or missing_patterns:
        raise Failed(messages.MISSING_WARNINGS.format(api=do.api, warnings=missing + missing_patterns))


def _matching(patterns: Iterable[str], text: str) -> str | None:
    return next((pattern for pattern in patterns if compile_pattern(pattern).fullmatch(text)), None)
