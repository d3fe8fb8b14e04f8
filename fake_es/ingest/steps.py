"""The steps of a pipeline: processors with their conditions and failure handlers (``CompoundProcessor``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from fake_es.ingest import messages
from fake_es.ingest.config import Config, FindPipeline
from fake_es.ingest.document import IngestDocument, java_type
from fake_es.ingest.processor import ProcessorType, Work
from fake_es.patterns.java_regex import Allowance
from fake_es.script import Script, read_script
from fake_es.script.circuit_breaker import STEP, CircuitBreaking
from fake_es.wire.errors import ElasticsearchError, NotImplementedHere, ParseError

NOT_HERE = "processor [{type}] of Elasticsearch {version} is not emulated by fake_es"


class StepFailed(Exception):
    """A step failed, and no failure handler handled it."""

    def __init__(self, error: ElasticsearchError, step: Step) -> None:
        super().__init__(error.reason)
        self.error = error
        self.step = step


class Trace(NamedTuple):
    """The result of one step, for a verbose simulation."""

    step: Step
    status: str
    document: IngestDocument | None
    error: ElasticsearchError | None


class Step:
    """One processor of a pipeline, with its condition, failure handlers and statistics."""

    def __init__(self, kind: str, tag: str | None, description: str | None, work: Work) -> None:
        self.kind = kind
        self.name = f"{kind}:{tag}" if tag else kind
        self.tag = tag
        self.description = description
        self.condition: Script | None = None
        self.ignore_failure = False
        self.on_failure: list[Step] = []
        self.count = self.failed = 0
        self._work = work

    def __call__(self, document: IngestDocument) -> bool:
        """Run the processor; returns False if the document is dropped.

        :raises StepFailed: it fails, without ``ignore_failure`` and ``on_failure``.
        """
        if self.condition is not None and self.condition(ctx=document.context()) is not True:
            self._note(document, "skipped")
            return True
        document.breaker.add(STEP)
        self.count += 1
        try:
            kept = self._work(document) is not False
        except (NotImplementedHere, CircuitBreaking):
            raise
        except (ElasticsearchError, StepFailed) as failure:
            return self._failed(document, failure)
        self._note(document, "success" if kept else "dropped")
        return kept

    def _failed(self, document: IngestDocument, failure: ElasticsearchError | StepFailed) -> bool:
        self.failed += 1
        error = failure.error if isinstance(failure, StepFailed) else failure
        self._note(document, "error_ignored" if self.ignore_failure else "error", error)
        if self.ignore_failure:
            return True
        failed = failure if isinstance(failure, StepFailed) else StepFailed(error, self)
        if not self.on_failure:
            raise failed from None
        return recover(self.on_failure, document, failed)

    def _note(self, document: IngestDocument, status: str, error: ElasticsearchError | None = None) -> None:
        if document.trace is not None:
            shown = document.copy() if status in ("success", "error_ignored") else None
            document.trace.append(Trace(self, status, shown, error))


def recover(steps: Sequence[Step], document: IngestDocument, failed: StepFailed) -> bool:
    """Run failure handlers; ``_ingest`` describes the failure to them. Returns False if the document is dropped."""
    description = {
        "on_failure_message": failed.error.reason,
        "on_failure_processor_type": failed.step.kind,
        "on_failure_processor_tag": failed.step.tag,
    }
    document.ingest |= description
    try:
        return all(step(document) for step in steps)
    finally:
        for name in description:
            document.ingest.pop(name, None)


class Reader:
    """Creates the steps of a pipeline; ``more`` are kinds of processors that other rooms define."""

    def __init__(self, version: tuple[int, ...], find_pipeline: FindPipeline, more: dict[str, ProcessorType]) -> None:
        self._version = version
        self._find_pipeline = find_pipeline
        self._more = more
        self._allowance = Allowance()

    def steps(self, trees: Any) -> list[Step]:
        """The steps for a list of processors.

        :raises ElasticsearchError: a processor is invalid (400), or not emulated (501).
        """
        return [self._step(kind, tree) for entry in trees for kind, tree in _entries(entry)]

    def _step(self, kind: str, tree: Any) -> Step:
        from fake_es.ingest import catalogue  # only a pipeline needs all the processors

        known = self._more.get(kind) or catalogue.find(kind, self._version)
        if known is None:
            if catalogue.is_unsupported(kind, self._version):
                raise NotImplementedHere(NOT_HERE.format(type=kind, version=".".join(map(str, self._version))))
            raise ParseError(messages.NO_PROCESSOR_TYPE.format(type=kind), processor_type=kind)
        # A script may be given as its source alone.
        tree = {"source": tree} if kind == "script" and isinstance(tree, str) else tree
        if not isinstance(tree, dict):
            raise ParseError(messages.NO_MAP.format(found=java_type(tree)), processor_type=kind)
        return self._create(known, Config(kind, tree, self._version, self.steps, self._find_pipeline, self._allowance))

    def _create(self, known: ProcessorType, config: Config) -> Step:
        ignore = config.flag("ignore_failure")
        handlers = config.items("on_failure", None)
        condition = _condition(config) if self._version >= (6, 5) else None
        if handlers == []:
            raise config.failure("on_failure", messages.EMPTY_PROCESSOR_ON_FAILURE)
        on_failure = self.steps(handlers or [])
        step = Step(config.kind, config.tag, config.description, known.make(config))
        config.finish()
        step.ignore_failure, step.on_failure = ignore, on_failure
        step.condition = condition
        return step


def _condition(config: Config) -> Script | None:
    tree = config.any("if", None)
    if tree is None:
        return None
    if not isinstance(tree, (str, dict)):
        raise config.failure("if", messages.WRONG_TYPE.format(name="if", wanted="string", found=java_type(tree)))
    return read_script(tree, names=("ctx",))


def _entries(entry: Any) -> list[tuple[str, Any]]:
    if not isinstance(entry, dict):
        raise ParseError(
            f"[processors] must be a list of objects, but found [{type(entry).__name__}]", property_name="processors"
        )
    return list(entry.items())
