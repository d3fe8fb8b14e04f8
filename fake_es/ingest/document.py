"""A document in a pipeline, with access to its values by path (``IngestDocument``)."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from fake_es.ingest import messages
from fake_es.script.circuit_breaker import CircuitBreaker
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.human import iso_instant

_Value = TypeVar("_Value")

# No name has a brace in it, so each part of a text is read once.
_SNIPPET = re.compile(r"\{\{\{([^{}]*)\}\}\}|\{\{([^{}]*)\}\}")
_JAVA_TYPES = {bool: "java.lang.Boolean", str: "java.lang.String", float: "java.lang.Double", list: "java.util.ArrayList"}
_WANTED: dict[type, str] = {str: "java.lang.String", list: "java.util.List", dict: "java.util.Map"}


def java_type(value: Any) -> str:
    """The name of a value's type in the errors of the server."""
    if type(value) is int:
        return "java.lang.Integer" if -(2**31) <= value < 2**31 else "java.lang.Long"
    return _JAVA_TYPES.get(type(value), "java.util.HashMap")


# Most levels of nesting, as for the bodies of requests (``json_text``).
DEEPEST = 200


def depth_of(value: Any) -> int:
    """The levels of nested objects and lists; ``DEEPEST`` + 1 for anything deeper, or for a value that contains itself."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        inner = {id(item): item for item in level if isinstance(item, (dict, list))}
        level = [part for item in inner.values() for part in (item.values() if isinstance(item, dict) else item)]
        depth += bool(inner)
    return depth


class IngestDocument:
    """A document in a pipeline; ``source`` is changed in place.

    ``metadata`` has ``_index``, ``_id`` and so on; ``ingest`` is ``_ingest``; ``breaker`` limits the memory that is used.
    ``running`` has the ids of the pipelines that the document is in, outermost first. ``trace`` has the results of steps, if
    they are wanted.
    """

    def __init__(self, source: dict[str, Any], metadata: dict[str, Any], now: int, breaker: CircuitBreaker) -> None:
        self.source = source
        self.breaker = breaker
        self.metadata = metadata
        self.now = now
        self.ingest: dict[str, Any] = {"timestamp": iso_instant(now)}
        self.running: list[str] = []
        self.trace: list[Any] | None = None

    def copy(self) -> IngestDocument:
        """A copy that later changes do not affect."""
        other = IngestDocument(self.breaker.copy(self.source), dict(self.metadata), self.now, self.breaker)
        other.ingest = self.breaker.copy(self.ingest)
        return other

    def context(self) -> dict[str, Any]:
        """The variable ``ctx`` of scripts and conditions."""
        return {**self.metadata, **self.source}

    def has(self, path: str) -> bool:
        """Whether there is a value, even null, at ``path``."""
        try:
            self.get(path)
        except IllegalArgument:
            return False
        return True

    def get(self, path: str) -> Any:
        """The value at ``path``.

        :raises IllegalArgument: there is no value.
        """
        place, parts = self._start(path)
        for part in parts:
            place = _step(place, part, path)
        return place

    def typed(self, path: str, wanted: type[_Value]) -> _Value:
        """The value at ``path``, which must have the given type.

        :raises IllegalArgument: there is no value, or it has another type.
        """
        value = self.get(path)
        if not isinstance(value, wanted) or (wanted is not bool and isinstance(value, bool)):
            raise IllegalArgument(messages.CANNOT_CAST.format(path=path, found=java_type(value), wanted=_WANTED[wanted]))
        return value

    def set(self, path: str, value: Any) -> None:
        """Set the value at ``path``, creating missing objects of the path.

        :raises IllegalArgument: a part of the path is no object, or the document would be nested too deep.
        """
        place, parts = self._start(path)
        if len(parts) + (depth_of(value) if isinstance(value, (dict, list)) else 0) > DEEPEST:
            raise IllegalArgument(messages.TOO_DEEP.format(limit=DEEPEST, path=path))
        for part in parts[:-1]:
            if isinstance(place, dict) and place.get(part) is None and part not in place:
                place[part] = {}
            place = _step(place, part, path)
        last = parts[-1]
        if isinstance(place, dict):
            place[last] = value
        elif isinstance(place, list):
            place[_index(place, last, path)] = value
        elif place is None:
            raise IllegalArgument(messages.FROM_NULL.format(verb="set", field=last, path=path))
        else:
            raise IllegalArgument(messages.FROM_TYPE.format(field=last, type=java_type(place), path=path))

    def remove(self, path: str) -> None:
        """Remove the value at ``path``.

        :raises IllegalArgument: there is no value.
        """
        self.get(path)
        place, parts = self._start(path)
        for part in parts[:-1]:
            place = _step(place, part, path)
        if isinstance(place, dict):
            del place[parts[-1]]
        else:
            del place[_index(place, parts[-1], path)]

    def append(self, path: str, values: list[Any], *, allow_duplicates: bool = True) -> None:
        """Append ``values`` to the list at ``path``. A single value there becomes a list; a missing one an empty list."""
        old = self.get(path) if self.has(path) else []
        items = old if isinstance(old, list) else [old]
        if not allow_duplicates:
            self.breaker.add(len(items) * len(values))
        added: list[Any] = []
        for value in values:
            if allow_duplicates or (value not in items and value not in added):
                added.append(value)  # noqa: PERF401 - the condition reads the list
        if items is old and not any(isinstance(value, (dict, list)) for value in added):
            # The list is in the document already, and plain values do not make it deeper.
            items.extend(added)
        else:
            self.set(path, [*items, *added])

    def render(self, text: str) -> str:
        """Fill in the ``{{field}}`` snippets of a template; missing fields are empty."""
        if "{{" not in text:
            return text
        return _SNIPPET.sub(self._rendered, text)

    def render_all(self, value: Any) -> Any:
        """``render`` every text inside ``value``."""
        if isinstance(value, str):
            return self.render(value)
        if isinstance(value, dict):
            return {self.render(key): self.render_all(item) for key, item in value.items()}
        return [self.render_all(item) for item in value] if isinstance(value, list) else value

    def _rendered(self, snippet: re.Match[str]) -> str:
        path = (snippet[1] or snippet[2] or "").strip()
        if not path:
            return snippet[0]
        value = self.get(path) if self.has(path) else None
        self.breaker.add_value(value)
        if isinstance(value, (bool, dict, list)):
            return json.dumps(value, ensure_ascii=False)
        return "" if value is None else str(value)

    def _start(self, path: str) -> tuple[Any, list[str]]:
        """The object that a path begins in, and the rest of its parts."""
        if not path:
            raise IllegalArgument(messages.EMPTY_PATH)
        if path.startswith("_ingest."):
            return self.ingest, path.removeprefix("_ingest.").split(".")
        if path in self.metadata or path in ("_index", "_id", "_routing", "_type", "_version"):
            return self.metadata, [path]
        return self.source, path.removeprefix("_source.").split(".")


def _step(place: Any, part: str, path: str) -> Any:
    if isinstance(place, dict):
        if part not in place:
            raise IllegalArgument(messages.NOT_PRESENT.format(field=part, path=path))
        return place[part]
    if isinstance(place, list):
        return place[_index(place, part, path)]
    if place is None:
        raise IllegalArgument(messages.FROM_NULL.format(verb="resolve", field=part, path=path))
    raise IllegalArgument(messages.FROM_TYPE.format(field=part, type=java_type(place), path=path))


def _index(items: list[Any], part: str, path: str) -> int:
    if not (part.isascii() and part.isdigit()):
        raise IllegalArgument(messages.NO_INDEX.format(field=part, path=path))
    if int(part) >= len(items):
        raise IllegalArgument(messages.OUT_OF_BOUNDS.format(field=part, length=len(items), path=path))
    return int(part)
