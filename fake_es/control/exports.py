"""Recorded calls in other forms: a script of curl commands, Console snippets, a pytest test."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable

from fake_es.control.recorded import RecordedCall

FORMS = ("curl", "console", "pytest")
_URL = "http://localhost:9200"


def export(calls: Iterable[RecordedCall], form: str, url: str = _URL) -> str:
    """Calls as text.

    :param form: ``curl``, ``console`` or ``pytest``.
    :param url: address of the cluster in a script of curl commands.
    :raises ValueError: there is no such form.
    """
    if form == "curl":
        return "#!/bin/sh\n" + "".join(_curl(call, url) for call in calls)
    if form == "console":
        return "\n".join(_console(call) for call in calls)
    if form == "pytest":
        return _pytest(calls)
    raise ValueError(f"unknown form [{form}]: {', '.join(FORMS)}")


def _text(call: RecordedCall) -> str:
    return call.body.decode("utf-8", "replace")


def _kind(call: RecordedCall) -> str | None:
    return next((value for name, value in call.headers.items() if name.lower() == "content-type"), None)


def _curl(call: RecordedCall, url: str) -> str:
    words = ["curl", "-s", "-X", call.method, url + call.target]
    kind = _kind(call)
    if call.body:
        words += ["-H", f"Content-Type: {kind or 'application/json'}", "--data-binary", _text(call)]
    return f"{shlex.join(words)}\n"


def _console(call: RecordedCall) -> str:
    lines = [f"{call.method} {call.target}"]
    if call.body:
        try:
            lines.append(json.dumps(call.json(), indent=2, ensure_ascii=False))
        except ValueError:
            lines.append(_text(call).rstrip("\n"))
    return "\n".join(lines) + "\n"


def _pytest(calls: Iterable[RecordedCall]) -> str:
    lines = ["def test_recorded_calls(fake_es):"]
    for call in calls:
        kind = _kind(call)
        headers = {"content-type": kind or "application/json"} if call.body else {}
        arguments = [repr(call.method), repr(call.target), repr(headers), *([repr(call.body)] if call.body else [])]
        request = f"fake_es.handle({', '.join(arguments)})"
        # The test has no fault rules, so that the answer will be another one.
        lines.append(f"    {request}" if call.fault else f"    assert {request}.status == {call.status}")
    return "\n".join(lines if len(lines) > 1 else [*lines, "    pass"]) + "\n"
