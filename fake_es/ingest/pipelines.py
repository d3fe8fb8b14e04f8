"""The pipelines of a cluster, and how indexing runs them (``IngestService``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ingest import messages
from fake_es.ingest.document import IngestDocument
from fake_es.ingest.processor import ProcessorType
from fake_es.ingest.steps import Reader, Step, StepFailed, recover
from fake_es.patterns.wildcards import simple_match
from fake_es.script.circuit_breaker import CircuitBreaker
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParseError

_JAVA_NAMES = {"illegal_argument_exception": "java.lang.IllegalArgumentException"}
# Fields of a pipeline that have no effect on documents.
_DESCRIPTIVE = ("description", "_meta", "deprecated", "created_date_millis", "modified_date_millis", "field_access_pattern")


class Pipeline:
    """One pipeline; ``tree`` is its configuration, as in the request."""

    def __init__(self, pipeline_id: str, tree: dict[str, Any], reader: Reader) -> None:
        """:raises ElasticsearchError: the configuration is invalid (400), or uses a processor that is not emulated (501)."""
        self.id = pipeline_id
        self.tree = tree
        left = dict(tree)
        self.version = _version(left.pop("version", None))
        for name in _DESCRIPTIVE:
            left.pop(name, None)
        self.steps = reader.steps(_list(left, "processors"))
        handlers = _list(left, "on_failure") if left.get("on_failure") is not None else left.pop("on_failure", None)
        if handlers == []:
            raise ParseError(messages.EMPTY_ON_FAILURE.format(id=pipeline_id))
        self.on_failure = reader.steps(handlers or [])
        if left:
            names = f"[{', '.join(left)}]"
            raise ParseError(messages.PIPELINE_LEFT_OVER.format(id=pipeline_id, names=names))
        self.count = self.failed = 0

    def __call__(self, document: IngestDocument) -> bool:
        """Run the pipeline on a document; returns False if the document is dropped.

        :raises StepFailed: a step fails, and the pipeline has no ``on_failure``.
        """
        self.count += 1
        document.running.append(self.id)
        try:
            return all(step(document) for step in self.steps)
        except StepFailed as failed:
            if not self.on_failure:
                self.failed += 1
                raise
            return recover(self.on_failure, document, failed)
        finally:
            document.running.pop()

    def statistics(self) -> dict[str, Any]:
        """The statistics of the pipeline in ``_nodes/stats``."""
        processors = [{step.name: {"type": step.kind, "stats": _counts(step.count, step.failed)}} for step in self.steps]
        return {**_counts(self.count, self.failed), "processors": processors}


def _version(value: Any) -> int | None:
    if value is None or type(value) is int:
        return value
    raise ParseError(messages.NO_INT.format(name="version", value=value), property_name="version")


def _list(tree: dict[str, Any], name: str) -> list[Any]:
    value = tree.pop(name, None)
    if value is None:
        raise ParseError(messages.MISSING_PROPERTY.format(name=name), property_name=name)
    if not isinstance(value, list):
        found = "java.lang.String" if isinstance(value, str) else "java.util.HashMap"
        raise ParseError(messages.WRONG_TYPE.format(name=name, wanted="list", found=found), property_name=name)
    return value


def _counts(count: int, failed: int) -> dict[str, int]:
    return {"count": count, "time_in_millis": 0, "current": 0, "failed": failed}


class Pipelines:
    """All pipelines of a cluster, by id."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._pipelines: dict[str, Pipeline] = {}
        self._more: dict[str, ProcessorType] = {}

    def provide(self, kind: ProcessorType) -> None:
        """Add a kind of processor that another room defines."""
        self._more[kind.name] = kind

    def find(self, pipeline_id: str) -> Pipeline | None:
        """The pipeline with that id; None if it does not exist."""
        return self._pipelines.get(pipeline_id)

    def matching(self, patterns: str) -> list[Pipeline]:
        """The pipelines that match ids or wildcard patterns, separated by commas; sorted by id."""
        wanted = patterns.split(",")
        found = (name for name in self._pipelines if any(simple_match(name, pattern) for pattern in wanted))
        return [self._pipelines[name] for name in sorted(found)]

    def read(self, pipeline_id: str, tree: dict[str, Any]) -> Pipeline:
        """Create a pipeline from a configuration, without storing it.

        :raises ElasticsearchError: the configuration is invalid (400), or uses a processor that is not emulated (501).
        """
        return Pipeline(pipeline_id, tree, Reader(self._cluster.version, self.find, self._more))

    def put(self, pipeline_id: str, tree: dict[str, Any]) -> None:
        """Create or replace a pipeline.

        :raises ElasticsearchError: as ``read``.
        """
        self._pipelines[pipeline_id] = self.read(pipeline_id, tree)

    def remove(self, pipeline: Pipeline) -> None:
        """Remove a pipeline."""
        del self._pipelines[pipeline.id]

    def run(self, pipeline_id: str, source: dict[str, Any], metadata: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """Run a pipeline on a document; returns its source, or None if the document is dropped.

        :param source: changed in place.
        :param metadata: ``_index``, ``_id`` and so on; a dict is changed in place.
        :raises ElasticsearchError: the pipeline does not exist, or one of its steps fails.
        """
        pipeline = self.find(pipeline_id)
        if pipeline is None:
            raise IllegalArgument(messages.NO_SUCH_PIPELINE.at(self._cluster.version, id=pipeline_id))
        shared = metadata if isinstance(metadata, dict) else dict(metadata or {})
        breaker = CircuitBreaker("pipeline", self._cluster.version, self._cluster.let_in)
        document = IngestDocument(source, shared, self._cluster.clock.now(), breaker)
        return document.source if self.carry_out(pipeline, document) else None

    def carry_out(self, pipeline: Pipeline, document: IngestDocument) -> bool:
        """Run a pipeline on a document; returns False if the document is dropped.

        :raises ElasticsearchError: a step fails.
        """
        try:
            return pipeline(document)
        except StepFailed as failed:
            raise shown_failure(failed.error, failed.step, self._cluster.version) from None

    def shown_in_state(self) -> list[dict[str, Any]]:
        """``metadata.ingest.pipeline`` of the cluster state."""
        return [{"id": name, "config": self._pipelines[name].tree} for name in sorted(self._pipelines)]

    def statistics(self) -> dict[str, Any]:
        """The section ``ingest`` of the node statistics."""
        shown = {name: self._pipelines[name].statistics() for name in sorted(self._pipelines)}
        total = _counts(*(sum(part[name] for part in shown.values()) for name in ("count", "failed")))
        return {"total": total, "pipelines": shown}


def shown_failure(error: ElasticsearchError, step: Step, version: tuple[int, ...]) -> ElasticsearchError:
    """The error of a step as the release shows it. Up to 7.4 it is wrapped twice, and names the step in its ``header``."""
    if version >= (7, 5):
        return error
    name = _JAVA_NAMES.get(error.type, f"{''.join(part.title() for part in error.type.split('_'))}")
    inner = ElasticsearchError(error.reason) if error.elastic else error
    cause = IllegalArgument(f"{name}: {error.reason}", cause=inner)
    wrapped = ElasticsearchError(f"java.lang.IllegalArgumentException: {cause.reason}", status=500, cause=cause)
    wrapped.headers["processor_type"] = step.kind
    if step.tag is not None:
        wrapped.headers["processor_tag"] = step.tag
    return wrapped
