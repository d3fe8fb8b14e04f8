"""A document on its way through a pipeline: its source, its metadata, and paths into both (``IngestDocument``)."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from fake_es.ingest import messages
from fake_es.script.growth import Growth
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.human import iso_instant

_Value = TypeVar("_Value")

_SNIPPET = re.compile(r"\{\{\{\s*(.+?)\s*\}\}\}|\{\{\s*(.+?)\s*\}\}")
_JAVA_TYPES = {bool: "java.lang.Boolean", str: "java.lang.String", float: "java.lang.Double", list: "java.util.ArrayList"}
_WANTED: dict[type, str] = {str: "java.lang.String", list: "java.util.List", dict: "java.util.Map"}


def java_type(value: Any) -> str:
    """The name that the server gives the type of a value in its refusals."""
    if type(value) is int:
        return "java.lang.Integer" if -(2**31) <= value < 2**31 else "java.lang.Long"
    return _JAVA_TYPES.get(type(value), "java.util.HashMap")


# As deep as documents of requests may be (``json_text``).
DEEPEST = 200


def depth_of(value: Any) -> int:
    """How many objects and lists stand in one another; of what is deeper than a document may be, or in itself, one more."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        inner = {id(item): item for item in level if isinstance(item, (dict, list))}
        level = [part for item in inner.values() for part in (item.values() if isinstance(item, dict) else item)]
        depth += bool(inner)
    return depth


class IngestDocument:
    """``source`` is changed in place; ``metadata`` are ``_index``, ``_id`` and their like, ``ingest`` is ``_ingest``."""

    def __init__(self, source: dict[str, Any], metadata: dict[str, Any], now: int, growth: Growth) -> None:
        self.source = source
        self.growth = growth
        self.metadata = metadata
        self.now = now
        self.ingest: dict[str, Any] = {"timestamp": iso_instant(now)}
        # Pipelines it is going through, outermost first; steps taken, for those who want them noted.
        self.running: list[str] = []
        self.trace: list[Any] | None = None

    def copy(self) -> IngestDocument:
        """One like it, to be kept while this one changes further."""
        other = IngestDocument(self.growth.copy(self.source), dict(self.metadata), self.now, self.growth)
        other.ingest = self.growth.copy(self.ingest)
        return other

    def context(self) -> dict[str, Any]:
        """``ctx`` of scripts and conditions."""
        return {**self.metadata, **self.source}

    def has(self, path: str) -> bool:
        """Whether something, null included, stands at ``path``."""
        try:
            self.get(path)
        except IllegalArgument:
            return False
        return True

    def get(self, path: str) -> Any:
        """What stands at ``path``.

        :raises IllegalArgument: nothing does.
        """
        place, parts = self._start(path)
        for part in parts:
            place = _step(place, part, path)
        return place

    def typed(self, path: str, wanted: type[_Value]) -> _Value:
        """What stands at ``path``, which must be of that type.

        :raises IllegalArgument: it is of another, or nothing.
        """
        value = self.get(path)
        if not isinstance(value, wanted) or (wanted is not bool and isinstance(value, bool)):
            raise IllegalArgument(messages.CANNOT_CAST.format(path=path, found=java_type(value), wanted=_WANTED[wanted]))
        return value

    def set(self, path: str, value: Any) -> None:
        """Put ``value`` at ``path``, making the objects on the way.

        :raises IllegalArgument: something on the way is no object.
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
        """Take away what stands at ``path``.

        :raises IllegalArgument: nothing does.
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
        """Add ``values`` to the list at ``path``, which is made of what stands there, or from nothing."""
        old = self.get(path) if self.has(path) else []
        items = old if isinstance(old, list) else [old]
        if not allow_duplicates:
            self.growth.take(len(items) * len(values))
        added: list[Any] = []
        for value in values:
            if allow_duplicates or (value not in items and value not in added):
                added.append(value)  # noqa: PERF401 - one looks at those before it
        if items is old and not any(isinstance(value, (dict, list)) for value in added):
            # Where it stands already, plain values make it no deeper.
            items.extend(added)
        else:
            self.set(path, [*items, *added])

    def fill(self, text: str) -> str:
        """A template with its ``{{field}}`` snippets replaced; what is missing is empty."""
        if "{{" not in text:
            return text
        return _SNIPPET.sub(self._filled, text)

    def fill_all(self, value: Any) -> Any:
        """``value`` with every text in it taken for a template."""
        if isinstance(value, str):
            return self.fill(value)
        if isinstance(value, dict):
            return {self.fill(key): self.fill_all(item) for key, item in value.items()}
        return [self.fill_all(item) for item in value] if isinstance(value, list) else value

    def _filled(self, snippet: re.Match[str]) -> str:
        path = snippet[1] or snippet[2]
        value = self.get(path) if self.has(path) else None
        self.growth.weigh(value)
        return self._shown(value)

    @staticmethod
    def _shown(value: Any) -> str:
        if isinstance(value, (bool, dict, list)):
            return json.dumps(value, ensure_ascii=False)
        return "" if value is None else str(value)

    def _start(self, path: str) -> tuple[Any, list[str]]:
        """Where a path begins, and its parts from there."""
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
