"""Processors that control the pipeline: fail, drop, foreach, pipeline, script."""

from __future__ import annotations

import re
from typing import Any

from fake_es.ingest import messages
from fake_es.ingest.config import Config
from fake_es.ingest.document import IngestDocument
from fake_es.ingest.processor import Work, processor
from fake_es.script import Script, read_script
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere

_ASSIGNMENT = re.compile(
    r"ctx(?P<path>(?:\.\w+|\['[^']+'\]|\[\"[^\"]+\"\])+)\s*(?P<add>[-+*/]?)=(?!=)\s*(?P<value>.+)", re.DOTALL
)
_REMOVAL = re.compile(r"ctx(?P<path>(?:\.\w+)*)\.remove\(\s*['\"](?P<name>[^'\"]+)['\"]\s*\)")
_PART = re.compile(r"\.(\w+)|\[['\"]([^'\"]+)['\"]\]")
_STATEMENT = re.compile(r"""(?:[^;'"]|'[^']*'|"[^"]*")+""")
SCRIPT_NOT_HERE = "script [{source}] is not implemented here"


class FailProcessorError(ElasticsearchError):
    """The error of the processor ``fail`` (``FailProcessorException``)."""

    type = "fail_processor_exception"


@processor("fail")
def fail(config: Config) -> Work:
    """Refuse the document, with the given message."""
    message = config.text("message")

    def work(document: IngestDocument) -> None:
        raise FailProcessorError(document.render(message))

    return work


@processor("drop", since=(6, 5))
def drop(config: Config) -> Work:
    """Drop the document, without an error."""
    return lambda document: False


@processor("foreach")
def foreach(config: Config) -> Work:
    """Run a processor for each value of a list, or (from 7.11) of an object. The value is in ``_ingest._value``."""
    field, inner = config.text("field"), config.object("processor")
    lenient = config.flag("ignore_missing") if config.version >= (6, 4) else False
    if len(inner) != 1:
        raise config.failure("processor", "Must specify exactly one processor type")
    steps = config.steps([inner])

    def work(document: IngestDocument) -> None:
        path = document.render(field)
        values = document.get(path) if document.has(path) or not lenient else None
        if values is None and lenient:
            return
        if isinstance(values, dict):
            document.set(path, dict(_each(document, key, value) for key, value in list(values.items())))
        else:
            # Of a copy, because the processor may append to the list.
            document.set(path, [_each(document, None, value)[1] for value in list(document.typed(path, list))])

    def _each(document: IngestDocument, key: str | None, value: Any) -> tuple[str, Any]:
        outer = {name: document.ingest.get(name) for name in ("_value", "_key")}
        document.ingest |= {"_value": value} if key is None else {"_value": value, "_key": key}
        try:
            for step in steps:
                step(document)
            return str(document.ingest.get("_key")), document.ingest["_value"]
        finally:
            for name, old in outer.items():
                document.ingest.pop(name, None)
                if old is not None:
                    document.ingest[name] = old

    return work


# ``IngestDocument.MAX_PIPELINES`` of the newest releases; used here for every release.
_MOST_PIPELINES = 100


class GraphStructure(IllegalArgument):
    """Too many pipelines are nested: 400."""

    type = "graph_structure_exception"


@processor("pipeline", since=(6, 5))
def pipeline(config: Config) -> Work:
    """Run another pipeline on the document."""
    name = config.text("name")
    lenient = config.flag("ignore_missing_pipeline") if config.version >= (7, 16) else False

    def work(document: IngestDocument) -> bool:
        pipeline_id = document.render(name)
        if pipeline_id in document.running:
            raise IllegalArgument(messages.PIPELINE_CYCLE.format(id=pipeline_id))
        other = config.find_pipeline(pipeline_id)
        if other is None and lenient:
            return True
        if other is None:
            raise IllegalArgument(messages.PIPELINE_NOT_FOUND.format(id=pipeline_id))
        if len(document.running) >= _MOST_PIPELINES:
            raise GraphStructure(messages.TOO_MANY_PIPELINES.format(most=_MOST_PIPELINES))
        return other(document)

    return work


@processor("script")
def script(config: Config) -> Work:
    """Run a script. Only assignments to ``ctx`` and removals from it are emulated."""
    source = config.text("source", None) or (config.text("inline", None) if config.version < (7, 0) else None)
    params = config.object("params", {})
    language = config.text("lang", "painless")
    if source is None:
        stored = config.any("id", None)
        if stored is not None:
            raise NotImplementedHere(SCRIPT_NOT_HERE.format(source=stored))
        raise config.failure("source", "Required [source, id]")
    tree = {"source": source, "params": params, "lang": language}
    statements = [_statement(text.strip(), tree) for text in _STATEMENT.findall(source) if text.strip()]

    def work(document: IngestDocument) -> None:
        for statement in statements:
            statement(document)

    return work


def _statement(text: str, tree: dict[str, Any]) -> Work:
    removal = _REMOVAL.fullmatch(text)
    if removal is not None:
        path = ".".join([*_parts(removal["path"]), removal["name"]])
        return lambda document: document.remove(path) if document.has(path) else None
    assignment = _ASSIGNMENT.fullmatch(text)
    if assignment is None:
        raise NotImplementedHere(SCRIPT_NOT_HERE.format(source=tree["source"]))
    target, value = assignment["path"], assignment["value"]
    expression = f"ctx{target} {assignment['add']} ({value})" if assignment["add"] else value
    read = read_script(tree | {"source": expression}, names=("ctx",))
    return _assign(".".join(_parts(target)), read)


def _assign(path: str, value: Script) -> Work:
    def assign(document: IngestDocument) -> None:
        given = value(ctx=document.context())
        document.set(path, given)
        if isinstance(given, (dict, list)):
            # The value may now be in the document twice, or inside itself.
            document.breaker.add_value(document.source)

    return assign


def _parts(path: str) -> list[str]:
    return [found[1] or found[2] for found in _PART.finditer(path)]
