"""``nested`` and ``reverse_nested``: from documents to their nested objects, and back."""

from __future__ import annotations

from fake_es.indices.document import NestedObject
from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import Document, Documents
from fake_es.search.aggregations.filters import SingleBucket
from fake_es.search.aggregations.registry import Definition, aggregation
from fake_es.search.aggregations.results import Result
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import STRING, Field


@aggregation("nested", Field("path", STRING))
class Nested(SingleBucket):
    """The objects of a nested field, each as a document."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        if "path" not in self.options:
            raise IllegalArgument(f"Missing [path] field for nested aggregation [{self.name}]")

    def collect(self, documents: Documents) -> Result:
        path: str = self.options["path"]
        return self.single([child for document in self.context.paced(documents) for child in document.nested(path)])


@aggregation("reverse_nested", Field("path", STRING))
class ReverseNested(SingleBucket):
    """The documents around nested objects, each once: the outermost, or the objects at ``path``."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        above: Definition | None = definition.parent
        while above is not None and above.kind.name != "nested":
            above = above.parent
        if above is None:
            raise IllegalArgument(messages.REVERSE_OUTSIDE.format(name=self.name))

    def collect(self, documents: Documents) -> Result:
        # Nested objects are created on each access, so the same one is recognized by its source.
        found = {id(parent.source): parent for parent in map(self._ancestor, documents)}
        return self.single(list(found.values()))

    def _ancestor(self, document: Document) -> Document:
        path: str | None = self.options.get("path")
        while isinstance(document, NestedObject) and document.path != path:
            document = document.parent
        return document
