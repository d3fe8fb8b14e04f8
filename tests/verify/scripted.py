"""Suites written in the tests, against a connection that answers as it is told and notes what it is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from textwrap import dedent
from typing import Any, NamedTuple

from fake_es.verify.cleanup import Cleanup, leave
from fake_es.verify.connection import Reply
from fake_es.verify.outcome import Outcome, Result
from fake_es.verify.parse import parse_suite
from fake_es.verify.runner import Runner
from fake_es.version import parse_version


class Asked(NamedTuple):
    """A request that was sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


def reply(body: Any = None, status: int = 200, **headers: list[str]) -> Reply:
    """An answer: data as JSON, a text as it is; keywords are headers."""
    return Reply(status, headers, body if isinstance(body, str) else json.dumps(body), body)


class Script:
    """A connection that gives its answers one after the other, the last again and again."""

    def __init__(self, *answers: Reply) -> None:
        self._answers = list(answers) or [reply({})]
        self.asked: list[Asked] = []

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Note the request, answer the next of the script."""
        self.asked.append(Asked(method, target, headers, body))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def run_steps(steps: str, *answers: Reply, version: str = "9.5") -> Result:
    """Run one test of the server's dialect with these steps."""
    return run(f"test:\n{_indented(steps)}", *answers, version=version)


def run(text: str, *answers: Reply, version: str = "9.5", script: Script | None = None, cleanup: Cleanup = leave) -> Result:
    """Run the first test of a suite."""
    runner = Runner(script or Script(*answers), version=parse_version(version), cleanup=cleanup)
    return next(runner.run(parse_suite(dedent(text), "suite.yml")))


def _indented(steps: str) -> str:
    return "\n".join("  " + line for line in dedent(steps).strip("\n").split("\n"))


def asked_by(steps: str, *answers: Reply, version: str = "9.5") -> list[Asked]:
    """The requests that steps make; they must pass."""
    script = Script(*answers)
    result = run(f"test:\n{_indented(steps)}", version=version, script=script)
    assert result.outcome is Outcome.PASSED, result
    return script.asked
