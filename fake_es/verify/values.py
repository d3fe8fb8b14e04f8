"""Paths in an answer, and values stashed for later steps (``Stash`` and ``ObjectPath`` of the server's runner)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from fake_es.verify import messages
from fake_es.verify.java_text import java_text
from fake_es.verify.outcome import Failed

_CREDENTIALS = re.compile(r"#base64EncodeCredentials\(([^,]*),([^,]*)\)")
_ENCODED = re.compile(r"#base64Encode\((.*)\)")
_DOT = re.compile(r"(?<!\\)\.")
_EMBEDDED = re.compile(r"(?<!\\)\$\{([^}]+)\}")
_ANY_KEY = "_arbitrary_key_"
_POSITION = "$_path"


def value_at(body: Any, path: str, resolve: Callable[[str], Any] = lambda part: part) -> Any:
    """The value at a dotted path; None without a value. ``\\.`` is a dot in a key.

    :param resolve: inserts stashed values into each part of the path.
    :raises Failed: a part of the path is neither an object nor a list, or is beyond the end of a list.
    """
    value = body
    for part in _DOT.split(path):
        key = java_text(resolve(part.replace("\\", "")))
        if value is None:
            return None
        if key:
            value = _below(value, key)
    return value


def _below(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return _any_key(value) if key == _ANY_KEY else value.get(key)
    if isinstance(value, list):
        return _element(value, key)
    raise Failed(messages.NOTHING_BELOW.format(key=key, found=java_text(value)))


def _element(values: list[Any], key: str) -> Any:
    if not (key.isascii() and key.isdigit()):
        raise Failed(messages.NOT_NUMERIC.format(key=key))
    if int(key) >= len(values):
        raise Failed(messages.OUT_OF_BOUNDS.format(size=len(values), key=key))
    return values[int(key)]


def _any_key(mapping: dict[str, Any]) -> str:
    if not mapping:
        raise Failed(messages.NO_KEYS)
    return next(iter(mapping))


class Stash:
    """Values by name; ``body`` is the last answer.

    ``$name.path`` is replaced with a value, ``${name.path}`` in a text with the value's text. ``\\${`` is not replaced.
    """

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def clear(self) -> None:
        """Delete all values."""
        self._values.clear()

    def keep(self, name: str, value: Any) -> None:
        """Store a value."""
        self._values[name] = value

    def find(self, key: str) -> Any:
        """The value at a path that begins with the name of a stashed value.

        :raises Failed: there is no such value.
        """
        value = self._values[key] if key in self._values else value_at(self._values, key)
        if value is None and key not in self._values:
            raise Failed(messages.NOTHING_STASHED.format(key=key))
        return value

    def refers(self, text: str) -> bool:
        """Whether the name of a field refers to a stashed value and not to the answer."""
        return _EMBEDDED.fullmatch(text) is not None or (text.startswith("$") and not text.startswith("${"))

    def resolve(self, value: Any, _path: tuple[str, ...] = ()) -> Any:
        """A copy with stashed values inserted, also in keys.

        :raises Failed: a value does not exist, or two keys become equal.
        """
        if isinstance(value, dict):
            return self._resolve_mapping(value, _path)
        if isinstance(value, list):
            return [self.resolve(each, (*_path, str(index))) for index, each in enumerate(value)]
        return self._resolve_text(value, _path) if isinstance(value, str) else value

    def _resolve_mapping(self, mapping: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        resolved: dict[str, Any] = {}
        for key, value in mapping.items():
            name = java_text(self._resolve_text(key, path))
            if name in resolved:
                raise Failed(messages.KEY_CONFLICT.format(key=name))
            resolved[name] = self.resolve(value, (*path, name.replace(".", "\\.")))
        return resolved

    def _resolve_text(self, text: str, path: tuple[str, ...]) -> Any:
        if "$" not in text:
            return text
        # ``$body.$_path`` is the value of the answer at the same path.
        text = text.replace(_POSITION, ".".join(path))
        if text.startswith("$") and not text.startswith("${"):
            return self.find(text[1:])
        return _EMBEDDED.sub(lambda match: java_text(self.find(match[1])), text).replace("\\${", "${")


def transformed(expression: str, body: Any) -> str:
    """The value of an expression on an answer. Any other text is returned unchanged.

    * ``#base64EncodeCredentials(user,password)``: the values at two paths, joined with a colon, in base 64.
    * ``#base64Encode(text)``: the text in base 64.

    :raises Failed: a part of a path has no fields.
    """
    credentials, plain = _CREDENTIALS.fullmatch(expression), _ENCODED.fullmatch(expression)
    if credentials:
        return _base64(":".join(java_text(value_at(body, path.strip())) for path in credentials.groups()))
    return _base64(plain[1]) if plain else expression


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
