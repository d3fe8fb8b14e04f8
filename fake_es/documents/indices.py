"""Indices of documents in memory: as much of them as machine learning writes and reads."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from typing import Any

from fake_es.cluster import Cluster

Source = dict[str, Any]


class Index:
    """Documents by id, and the ids of each job's documents of one kind in the order of their time."""

    def __init__(self) -> None:
        self._documents: dict[str, Source] = {}
        self._postings: dict[tuple[str | None, str | None], list[tuple[int, str]]] = {}

    def put(self, document_id: str, source: Source) -> None:
        """Store a document in place of any of that id."""
        self.delete(document_id)
        self._documents[document_id] = source
        insort(self._postings.setdefault(_key(source), []), _place(document_id, source))

    def get(self, document_id: str) -> Source | None:
        """The document of that id, if there is one."""
        return self._documents.get(document_id)

    def delete(self, document_id: str) -> None:
        """Remove the document of that id, if there is one."""
        source = self._documents.pop(document_id, None)
        if source is not None:
            self._postings[_key(source)].remove(_place(document_id, source))

    def sources(self) -> Iterator[Source]:
        """All documents, in the order they were first stored."""
        return iter(self._documents.values())

    def find(self, job_id: str, result_type: str) -> list[Source]:
        """A job's documents of one result type, by timestamp."""
        return [self._documents[document_id] for _, document_id in self._postings.get((job_id, result_type), ())]

    def delete_job(self, job_id: str) -> None:
        """Remove all documents of a job."""
        for key in [key for key in self._postings if key[0] == job_id]:
            for _, document_id in self._postings.pop(key):
                del self._documents[document_id]


def _key(source: Source) -> tuple[str | None, str | None]:
    return source.get("job_id"), source.get("result_type")


def _place(document_id: str, source: Source) -> tuple[int, str]:
    timestamp = source.get("timestamp", 0)
    return (timestamp if isinstance(timestamp, int) else 0), document_id


class Indices:
    """All indices of a cluster, made on the first write to them."""

    def __init__(self, cluster: Cluster) -> None:
        self._indices: dict[str, Index] = {}

    def put(self, index: str, document_id: str, source: Source) -> None:
        """Store a document."""
        self._indices.setdefault(index, Index()).put(document_id, source)

    def get(self, index: str, document_id: str) -> Source | None:
        """A document, if there is one."""
        found = self._indices.get(index)
        return None if found is None else found.get(document_id)

    def delete(self, index: str, document_id: str) -> None:
        """Remove a document, if there is one."""
        if index in self._indices:
            self._indices[index].delete(document_id)

    def sources(self, index: str) -> list[Source]:
        """All documents of an index, in the order they were first stored; none if there is no such index."""
        return list(self._indices[index].sources()) if index in self._indices else []

    def find(self, index: str, job_id: str, result_type: str) -> list[Source]:
        """A job's documents of one result type, by timestamp."""
        return self._indices[index].find(job_id, result_type) if index in self._indices else []

    def delete_job(self, job_id: str, names: tuple[str, ...]) -> None:
        """Remove a job's documents from the indices named."""
        for name in names:
            if name in self._indices:
                self._indices[name].delete_job(job_id)
