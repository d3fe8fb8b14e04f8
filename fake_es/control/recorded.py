"""One recorded request, as the users of the journal see it: with its secrets masked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fake_es.journal import LARGEST, Entry
from fake_es.patterns.wildcards import simple_match
from fake_es.wire.human import iso_instant

_MASK = "***"
_SECRET_HEADERS = frozenset({"authorization", "es-secondary-authorization", "es-client-authentication", "proxy-authorization"})
_SECRET_FIELDS = frozenset({"password", "password_hash", "access_token", "refresh_token", "token", "api_key", "grant_secret"})


@dataclass(frozen=True)
class RecordedCall:
    """One request that the cluster has answered.

    ``operation`` is the API (``ml.close_job``), None if no route took the request. ``values`` are the parts of the path by
    name. ``reason`` is that of a refusal. ``at`` is the clock's time at the start in epoch milliseconds, ``took`` how many
    milliseconds passed on the clock. ``door`` is ``socket``, ``client``, ``responses``, ``wsgi`` or ``python``. ``fault`` is
    the name of the rule that has hit it; with ``status`` 0 it was not carried out. Secrets in headers and bodies are masked.
    """

    number: int
    operation: str | None
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    values: Mapping[str, str]
    user: str | None
    status: int
    reason: str | None
    at: int
    took: int
    door: str
    fault: str | None = None

    def json(self) -> Any:
        """The body as JSON; None without a body.

        :raises ValueError: it is not one JSON value, as that of a bulk request.
        """
        return json.loads(self.body) if self.body else None

    @property
    def target(self) -> str:
        """Path and query, as in an URL."""
        query = "&".join(f"{name}={value}" if value else name for name, value in self.query.items())
        return f"{self.path}?{query}" if query else self.path

    def __str__(self) -> str:
        name = f" ({self.operation})" if self.operation else ""
        reason = f": {self.reason}" if self.reason else ""
        fault = f" [fault {self.fault}]" if self.fault else ""
        return f"#{self.number} {self.method} {self.target} -> {self.status or 'no answer'}{name}{reason}{fault}"

    def to_json(self) -> dict[str, Any]:
        """The call as ``GET /_fake/calls`` shows it; the body as JSON where it is JSON, else as text."""
        return {
            "number": self.number,
            "operation": self.operation,
            "method": self.method,
            "path": self.path,
            "query": dict(self.query),
            "headers": dict(self.headers),
            "body": _tree(self.body),
            "user": self.user,
            "status": self.status,
            "reason": self.reason,
            "at": iso_instant(self.at),
            "took_ms": self.took,
            "door": self.door,
            "fault": self.fault,
        }

    def differences(self, operation: str | None, wanted: Mapping[str, Any]) -> list[str]:
        """In what the call differs from what is asked for, one line each; empty if in nothing."""
        found = []
        if operation is not None and not simple_match(self.operation or "", operation):
            found.append(f"operation: {self.operation}, not {operation}")
        for name, value in wanted.items():
            given = self._value(name)
            if given is _MISSING:
                found.append(f"{name}: not given, not {value!r}")
            elif not _equal(given, value):
                found.append(f"{name}: {given!r}, not {value!r}")
        return found

    def _value(self, name: str) -> Any:
        if name in ("method", "path", "user", "status", "door", "fault"):
            return getattr(self, name)
        if name in self.values:
            return self.values[name]
        if name in self.query:
            return self.query[name]
        tree = _tree(self.body)
        return tree[name] if isinstance(tree, dict) and name in tree else _MISSING


_MISSING = object()


def _tree(body: bytes) -> Any:
    """A body as JSON, or as text if it is not JSON; None without a body."""
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _equal(given: Any, wanted: Any) -> bool:
    """Whether a value is as wanted. In paths and queries all values are text, so ``True`` equals ``"true"``."""
    if given == wanted and isinstance(given, bool) == isinstance(wanted, bool):
        return True
    return isinstance(given, str) and not isinstance(wanted, (str, dict, list)) and given == json.dumps(wanted)


def recorded(entry: Entry) -> RecordedCall:
    """The entry of a journal in the form for users."""
    return RecordedCall(
        number=entry.number,
        operation=entry.operation,
        method=entry.method,
        path=entry.path,
        query=dict(parse_qsl(entry.target.partition("?")[2], keep_blank_values=True)),
        headers={name: _masked_header(name, value) for name, value in entry.headers.items()},
        body=_masked_body(entry.body, entry.path),
        values=entry.values,
        user=entry.user,
        status=entry.status,
        reason=_reason(entry.answer) if entry.status >= 400 else None,
        at=entry.started,
        took=max(0, entry.ended - entry.started),
        door=entry.door,
        fault=entry.fault,
    )


def _masked_header(name: str, value: str) -> str:
    if name.lower() not in _SECRET_HEADERS:
        return value
    scheme, blank, _ = value.partition(" ")
    return f"{scheme} {_MASK}" if blank else _MASK


def _masked_body(body: bytes, path: str) -> bytes:
    """Secrets are only in bodies of ``/_security``."""
    if "/_security/" not in path and "/_xpack/security/" not in path:
        return body
    tree = _tree(body)
    return body if not isinstance(tree, (dict, list)) else json.dumps(_masked(tree)).encode()


def _masked(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {
            name: _MASK if name in _SECRET_FIELDS and isinstance(value, str) else _masked(value) for name, value in tree.items()
        }
    return [_masked(item) for item in tree] if isinstance(tree, list) else tree


def _reason(body: bytes) -> str | None:
    """The reason of an error, or the text of a plain one."""
    tree = _tree(body)
    error = tree.get("error", tree) if isinstance(tree, dict) else tree
    reason = error.get("reason") if isinstance(error, dict) else error
    return None if reason is None else str(reason)[:LARGEST]
