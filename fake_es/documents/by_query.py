"""Changes many documents for one request, and counts the results (``BulkByScrollTask``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fake_es.indices.document import Document
from fake_es.indices.errors import VersionConflict
from fake_es.wire.call import Answer
from fake_es.wire.errors import ElasticsearchError, logged_refusal

Tree = dict[str, Any]
# Changes one document, and returns ``created``, ``updated``, ``deleted`` or ``noop``.
Change = Callable[[Document], str]

_BATCH = 1000


def check_unchanged(document: Document) -> None:
    """Check that a document has not changed since it was found.

    :raises VersionConflict: it was changed or deleted.
    """
    document.index.check_version(document.id, document.seq_no, document.primary_term, None, "internal", type_name=document.type)


@dataclass(slots=True)
class Progress:
    """The results so far; ``kinds`` are the results that the response counts."""

    kinds: tuple[str, ...]
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0
    failures: list[Tree] = field(default_factory=list)
    status: int = 200

    def run(self, documents: Sequence[Document], change: Change, between: Callable[[], object], *, proceed: bool) -> None:
        """Change documents in order. A failure ends this, and a version conflict too unless ``proceed``.

        ``between()`` is called before each document.
        """
        self.total = len(documents)
        for document in documents:
            between()
            try:
                result = change(document)
            except Exception as error:
                self.conflicts += isinstance(error, VersionConflict)
                if proceed and isinstance(error, VersionConflict):
                    continue
                self._fail(document, logged_refusal(error, f"changing document [{document.id}] of [{document.index.name}]"))
                return
            self.counts[result] = self.counts.get(result, 0) + 1

    def _fail(self, document: Document, error: ElasticsearchError) -> None:
        self.status = error.status
        cause = error.entry(causes=True)
        self.failures.append({"index": document.index.name, "id": document.id, "cause": cause, "status": error.status})

    def answer(self, batch: int | None, rate: float) -> Answer:
        """The response; ``batch`` is the size of a batch, ``rate`` the documents per second that the request asked for."""
        size = batch or _BATCH
        response: Tree = {"took": 0, "timed_out": False, "total": self.total}
        response |= {kind: self.counts.get(kind, 0) for kind in self.kinds}
        response |= {
            "batches": -(-self.total // size),
            "version_conflicts": self.conflicts,
            "noops": self.counts.get("noop", 0),
            "retries": {"bulk": 0, "search": 0},
            "throttled_millis": 0,
            "requests_per_second": rate,
            "throttled_until_millis": 0,
            "failures": self.failures,
        }
        return Answer(self.status, response)
