"""Reads the configuration of a processor (``ConfigurationUtils``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fake_es.ingest import messages
from fake_es.ingest.document import IngestDocument, java_type
from fake_es.patterns.java_regex import Allowance
from fake_es.wire.errors import ElasticsearchError, ParseError

# Processes a document; returns False if the document is dropped.
Stage = Callable[[IngestDocument], bool]
ReadSteps = Callable[[Any], Sequence[Stage]]
FindPipeline = Callable[[str], "Stage | None"]

_MISSING: Any = object()


class Config:
    """The properties of one processor. Reading a property removes it; ``finish`` refuses those that remain.

    ``steps`` reads a list of processors, for a processor that contains others. ``find_pipeline`` finds a pipeline by its id.
    ``allowance`` limits the time that all regular expressions of the pipeline may take.
    """

    def __init__(
        self,
        kind: str,
        tree: dict[str, Any],
        version: tuple[int, ...],
        steps: ReadSteps,
        find_pipeline: FindPipeline,
        allowance: Allowance,
    ) -> None:
        self.kind = kind
        self.version = version
        self.steps = steps
        self.find_pipeline = find_pipeline
        self.allowance = allowance
        self._left = dict(tree)
        tag = self._left.pop("tag", None)
        self.tag = None if tag is None else str(tag)
        self.description = self._left.pop("description", None) if version >= (7, 9) else None

    def text(self, name: str, default: Any = _MISSING) -> Any:
        """A property that is a text; required without ``default``."""
        return self._typed(name, default, str, "string")

    def flag(self, name: str, default: bool = False) -> bool:
        """A property that is a boolean, or its text."""
        value = self.any(name, default)
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return bool(value == "true")
        raise self.failure(name, messages.WRONG_TYPE.format(name=name, wanted="boolean", found=java_type(value)))

    def texts(self, name: str, default: Any = _MISSING) -> list[str]:
        """A property that is a list of texts, or a single text; required without ``default``."""
        value = self.any(name, default)
        items = value if isinstance(value, list) else [value]
        return [str(item) for item in items]

    def items(self, name: str, default: Any = _MISSING) -> Any:
        """A property that is a list; required without ``default``."""
        return self._typed(name, default, list, "list")

    def object(self, name: str, default: Any = _MISSING) -> Any:
        """A property that is an object; required without ``default``."""
        return self._typed(name, default, dict, "map")

    def any(self, name: str, default: Any = _MISSING) -> Any:
        """A property of any type; required without ``default``.

        :raises ParseError: the property is missing. The other methods also raise it for a wrong type.
        """
        value = self._left.pop(name, default)
        if value is _MISSING or (value is None and default is _MISSING):
            raise self.failure(name, messages.MISSING_PROPERTY.format(name=name))
        return value

    def _typed(self, name: str, default: Any, wanted: type, called: str) -> Any:
        value = self.any(name, default)
        if value is default or isinstance(value, wanted):
            return value
        raise self.failure(name, messages.WRONG_TYPE.format(name=name, wanted=called, found=java_type(value)))

    def failure(self, name: str | None, reason: str, cause: ElasticsearchError | None = None) -> ParseError:
        """The error for a property of this processor; with ``name`` None, for the processor."""
        about: dict[str, Any] = {"processor_type": self.kind, "processor_tag": self.tag, "property_name": name}
        return ParseError(reason, cause=cause, **{key: value for key, value in about.items() if value is not None})

    def finish(self) -> None:
        """Refuse unknown properties.

        :raises ParseError: a property was not read.
        """
        if self._left:
            names = f"[{', '.join(self._left)}]"
            raise self.failure(None, messages.LEFT_OVER.format(type=self.kind, names=names))
