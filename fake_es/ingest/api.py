"""``/_ingest/pipeline`` (``RestPutPipelineAction`` and others)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ingest import messages
from fake_es.ingest.pipelines import Pipelines
from fake_es.ingest.simulation import simulate_documents
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import IllegalArgument, ParseError, ResourceNotFound
from fake_es.wire.operation import BodyUse, Route, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/ingest/pipeline/"
_ONE = "/_ingest/pipeline/{id}"
_TIMES = (Parameter("timeout", parameters.TIME), Parameter("master_timeout", parameters.TIME))


def _read_object(call: Call) -> dict[str, Any]:
    tree = call.json_body().tree()
    if not isinstance(tree, dict):
        raise ParseError("Failed to parse content to map")
    return tree


@operation(
    "ingest.put_pipeline",
    routes=[Route("PUT", _ONE)],
    action=_ACTION + "put",
    query=[*_TIMES, Parameter("if_version", parameters.INT, since=(7, 16))],
    body=BodyUse.REQUIRED,
    parse=_read_object,
)
def put_pipeline(call: Call, cluster: Cluster) -> Any:
    """Create or replace a pipeline; with ``if_version``, replace only that version."""
    pipelines, pipeline_id = cluster.part(Pipelines), call.path_parameters["id"]
    wanted = call.params["if_version"]
    if wanted is not None:
        _check_version(pipelines, pipeline_id, wanted)
    pipelines.put(pipeline_id, call.request)
    return {"acknowledged": True}


def _check_version(pipelines: Pipelines, pipeline_id: str, wanted: int) -> None:
    present = pipelines.find(pipeline_id)
    if present is None:
        raise IllegalArgument(messages.NO_VERSION_YET.format(wanted=wanted, id=pipeline_id))
    if present.version != wanted:
        raise IllegalArgument(messages.OTHER_VERSION.format(wanted=wanted, id=pipeline_id, found=present.version))


@operation(
    "ingest.get_pipeline",
    routes=[Route("GET", "/_ingest/pipeline"), Route("GET", _ONE)],
    action=_ACTION + "get",
    query=[Parameter("master_timeout", parameters.TIME), Parameter("summary", parameters.BOOLEAN, False, since=(7, 13))],
)
def get_pipeline(call: Call, cluster: Cluster) -> Any:
    """Pipelines by id or pattern; 404 with an empty body if the request names some and none exists."""
    named = call.path_parameters.get("id")
    found = cluster.part(Pipelines).matching(named or "*")
    shown = {pipeline.id: pipeline.tree for pipeline in found}
    if call.params["summary"]:
        shown = {name: {key: value for key, value in tree.items() if key == "description"} for name, tree in shown.items()}
    return Answer(404 if named is not None and not shown else 200, shown)


@operation("ingest.delete_pipeline", routes=[Route("DELETE", _ONE)], action=_ACTION + "delete", query=_TIMES)
def delete_pipeline(call: Call, cluster: Cluster) -> Any:
    """Delete pipelines by id or pattern. Only ``*`` may match nothing."""
    pipelines, named = cluster.part(Pipelines), call.path_parameters["id"]
    found = pipelines.matching(named)
    if not found and named != "*":
        raise ResourceNotFound(messages.PIPELINE_MISSING.format(id=named))
    for pipeline in found:
        pipelines.remove(pipeline)
    return {"acknowledged": True}


@operation(
    "ingest.simulate",
    routes=[Route(method, path) for method in ("GET", "POST") for path in ("/_ingest/pipeline/_simulate", _ONE + "/_simulate")],
    action=_ACTION + "simulate",
    query=[Parameter("verbose", parameters.BOOLEAN, False)],
    body=BodyUse.REQUIRED,
    parse=_read_object,
)
def simulate(call: Call, cluster: Cluster) -> Any:
    """Run a stored pipeline, or one in the body, on documents in the body."""
    return {"docs": simulate_documents(call, cluster)}
