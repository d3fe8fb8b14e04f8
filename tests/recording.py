"""A plugin of pytest that records what the tests send: ``-p tests.recording --record FILE`` adds lines of JSON to that file.

A line has the release, whether security is on, and the requests that one emulator was sent, in their order. Bodies that are no
UTF-8, and those above ``_LONGEST``, are left out with their request. Workers of xdist write files of their own.
"""

from __future__ import annotations

import json
import os
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fake_es.app import Application
from fake_es.wire.render import Response

_LONGEST = 20_000
# More requests than these to one emulator are the doing of a loop.
_MOST = 40


class _Traces:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._of: weakref.WeakKeyDictionary[Application, dict[str, Any]] = weakref.WeakKeyDictionary()
        self._done: list[dict[str, Any]] = []

    def add(self, app: Application, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        trace = self._of.get(app)
        if trace is None:
            settings = app.cluster.settings
            trace = {"release": str(app.cluster.version), "security": settings.security, "requests": []}
            self._of[app] = trace
            self._done.append(trace)
        if len(body) > _LONGEST or len(trace["requests"]) >= _MOST:
            return
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return
        trace["requests"].append([method, target, dict(headers), text])

    def write(self) -> None:
        with self._path.open("a") as file:
            file.writelines(json.dumps(trace) + "\n" for trace in self._done if trace["requests"])
        self._done.clear()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--record``."""
    parser.addoption("--record", type=Path, metavar="FILE", help="add the requests that the tests send to this file")


def pytest_configure(config: pytest.Config) -> None:
    """Stand between every door and the application."""
    path = config.getoption("record")
    if path is None:
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    traces = _Traces(path.with_name(path.name + worker))
    handle = Application.handle

    def recorded(app: Application, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Response:
        traces.add(app, method, target, headers, body)
        return handle(app, method, target, headers, body)

    Application.handle = recorded  # type: ignore[method-assign, assignment]
    config.add_cleanup(lambda: setattr(Application, "handle", handle))
    config.add_cleanup(traces.write)
