"""Runs pipelines on documents in a request (``SimulatePipelineRequest``, ``SimulateExecutionService``)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ingest import messages
from fake_es.ingest.document import IngestDocument
from fake_es.ingest.pipelines import Pipeline, Pipelines, shown_failure
from fake_es.ingest.steps import StepFailed, Trace
from fake_es.script.circuit_breaker import CircuitBreaker
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere, ParseError
from fake_es.wire.human import iso_instant

NO_DOCUMENTS = "must specify at least one document in [docs]"
_SIMULATED = "_simulate_pipeline"


def simulate_documents(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """The result for each document.

    :raises ElasticsearchError: the request is invalid, or the pipeline does not exist.
    """
    pipeline = _pipeline(call, cluster)
    documents = [_document(call, cluster, tree) for tree in _documents(call)]
    show = _verbose if call.params["verbose"] else _outcome
    shown = []
    for document in documents:
        cluster.let_in()
        shown.append(show(call, pipeline, document))
    return shown


def _pipeline(call: Call, cluster: Cluster) -> Pipeline:
    pipelines, pipeline_id = cluster.part(Pipelines), call.path_parameters.get("id")
    if pipeline_id is None:
        tree = call.request.get("pipeline")
        if not isinstance(tree, dict):
            raise ParseError(messages.MISSING_PROPERTY.format(name="pipeline"), property_name="pipeline")
        return pipelines.read(_SIMULATED, tree)
    found = pipelines.find(pipeline_id)
    if found is None:
        raise IllegalArgument(f"pipeline [{pipeline_id}] does not exist")
    # A copy, so that the simulation does not change the statistics.
    return pipelines.read(pipeline_id, found.tree)


def _documents(call: Call) -> list[Any]:
    documents = call.request.get("docs")
    if not isinstance(documents, list):
        raise ParseError(messages.MISSING_PROPERTY.format(name="docs"), property_name="docs")
    if not documents and call.version >= (7, 0):
        raise IllegalArgument(NO_DOCUMENTS)
    return documents


def _document(call: Call, cluster: Cluster, tree: Any) -> IngestDocument:
    if not isinstance(tree, dict):
        raise IllegalArgument("malformed [docs] section, should include an inner object")
    if not isinstance(tree.get("_source"), dict):
        raise ParseError(messages.MISSING_PROPERTY.format(name="_source"), property_name="_source")
    metadata = {"_index": tree.get("_index", "_index"), "_id": tree.get("_id", "_id")}
    if call.version < (8, 0):
        metadata["_type"] = tree.get("_type", "_type" if call.version < (7, 0) else "_doc")
    if "_routing" in tree:
        metadata["_routing"] = tree["_routing"]
    if call.version >= (8, 3):
        metadata["_version"] = str(tree.get("_version", -3))
    return IngestDocument(tree["_source"], metadata, call.now, CircuitBreaker("pipeline", call.version, cluster.let_in))


def _outcome(call: Call, pipeline: Pipeline, document: IngestDocument) -> dict[str, Any]:
    try:
        kept = pipeline(document)
    except StepFailed as failed:
        return _error(shown_failure(failed.error, failed.step, call.version))
    except NotImplementedHere:
        raise
    except ElasticsearchError as error:
        return _error(error)
    # A dropped document is shown as null.
    return {"doc": _shown(call, document)} if kept else {"doc": None}


def _error(error: ElasticsearchError) -> dict[str, Any]:
    return {"error": error.document()["error"]}


def _shown(call: Call, document: IngestDocument, **more: Any) -> dict[str, Any]:
    stamp = iso_instant(document.now)
    if call.version < (6, 0):
        stamp = stamp.replace("Z", "+0000")
    return {**document.metadata, "_source": document.source, "_ingest": {"timestamp": stamp, **more}}


def _verbose(call: Call, pipeline: Pipeline, document: IngestDocument) -> dict[str, Any]:
    document.trace = []
    with suppress(StepFailed):
        pipeline(document)
    return {"processor_results": [_result(call, pipeline, entry) for entry in document.trace]}


def _result(call: Call, pipeline: Pipeline, entry: Trace) -> dict[str, Any]:
    step, shown = entry.step, dict[str, Any]()
    if call.version >= (7, 9):
        shown["processor_type"] = step.kind
        shown["status"] = entry.status
    if step.description is not None:
        shown["description"] = step.description
    if step.tag is not None:
        shown["tag"] = step.tag
    if entry.error is not None:
        error = _error(shown_failure(entry.error, step, call.version))
        shown |= {"ignored_error": error} if entry.status == "error_ignored" else error
    if entry.document is not None:
        more = {"pipeline": pipeline.id} if call.version >= (7, 7) else {}
        shown["doc"] = _shown(call, entry.document, **more)
    return shown
