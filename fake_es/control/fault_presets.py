"""Ready-made errors for fault rules, by release: what a node, or a proxy in front of it, answers when things go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.cluster_api.node import ml_attributes
from fake_es.documents.write import ClusterBlock
from fake_es.indices import messages as index_messages
from fake_es.indices.errors import VersionConflict
from fake_es.licence.messages import NON_COMPLIANT
from fake_es.ml.common.waiting import timed_out
from fake_es.ml.datafeeds import messages as datafeed_messages
from fake_es.ml.jobs import messages as job_messages
from fake_es.ml.jobs.assignment import no_node
from fake_es.ml.persistence.cluster_state import NOT_WHILE_UPGRADING, UPGRADING
from fake_es.security.authorization import action_of
from fake_es.security.challenges import token_expired, unsuccessful
from fake_es.security.messages import BAD_API_KEY
from fake_es.wire.bodies import PayloadTooLarge
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, IllegalState, PlainError, SecurityError, StatusException
from fake_es.wire.render import Response
from fake_es.wire.sizes import size_text
from fake_es.wire.words import Words

Answer = ElasticsearchError | PlainError | Response

# The texts of errors that nothing but a rule causes here.
PARENT_TOO_LARGE = Words(
    "[parent] Data too large, data for [<http_request>] would be [{wanted}], which is larger than the limit of [{limit}]",
    (
        (6, 4),
        "[parent] Data too large, data for [<http_request>] would be [{wanted}], which is larger than the limit of [{limit}],"
        " usages [request=0/0b, fielddata=0/0b, in_flight_requests={new}, accounting=0/0b]",
    ),
    (
        (7, 0),
        "[parent] Data too large, data for [<http_request>] would be [{wanted}], which is larger than the limit of [{limit}],"
        " real usage: [{real}], new bytes reserved: [{new}]",
    ),
    (
        (7, 3),
        "[parent] Data too large, data for [<http_request>] would be [{wanted}], which is larger than the limit of [{limit}],"
        " real usage: [{real}], new bytes reserved: [{new}],"
        " usages [request=0/0b, fielddata=0/0b, in_flight_requests={new}, accounting=0/0b]",
    ),
    (
        (8, 0),
        "[parent] Data too large, data for [<http_request>] would be [{wanted}], which is larger than the limit of [{limit}],"
        " real usage: [{real}], new bytes reserved: [{new}],"
        " usages [model_inference=0/0b, eql_sequence=0/0b, fielddata=0/0b, request=0/0b, inflight_requests={new}]",
    ),
)
NO_MASTER = Words(
    "blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / initialized];[SERVICE_UNAVAILABLE/2/no master];",
    ((7, 0), "blocked by: [SERVICE_UNAVAILABLE/2/no master];"),
)
ALL_SHARDS_FAILED = "all shards failed"
REJECTED = Words(
    "rejected execution of org.elasticsearch.transport.TransportService$7@1f3ae8c4 on EsThreadPoolExecutor[{pool}, queue"
    " capacity = {capacity}, org.elasticsearch.common.util.concurrent.EsThreadPoolExecutor@5a2f0b7e[Running, pool size = 8,"
    " active threads = 8, queued tasks = {capacity}, completed tasks = 31337]]",
    (
        (6, 1),
        "rejected execution of org.elasticsearch.transport.TransportService$7@1f3ae8c4 on EsThreadPoolExecutor[name ="
        " {node}/{pool}, queue capacity = {capacity}, org.elasticsearch.common.util.concurrent.EsThreadPoolExecutor@5a2f0b7e"
        "[Running, pool size = 8, active threads = 8, queued tasks = {capacity}, completed tasks = 31337]]",
    ),
)
# nginx writes its pages like this.
PAGE = (
    "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)

_LIMIT, _REAL, _NEW = 1_020_054_732, 1_026_206_768, 506
_INDEX_UUID = "5h0Wq3QyTnW0Zk0uTzQ2Mw"


class MasterNotDiscovered(ElasticsearchError):
    """No master was found in time (``MasterNotDiscoveredException``): 503."""

    type = "master_not_discovered_exception"
    default_status = 503


class CircuitBreaking(ElasticsearchError):
    """The heap is full (``HierarchyCircuitBreakerService.checkParentLimit``): 429, up to 6.x 503."""

    type = "circuit_breaking_exception"


class NoShardAvailable(ElasticsearchError):
    """No copy of a shard can be searched (``NoShardAvailableActionException``): 503."""

    type = "no_shard_available_action_exception"
    default_status = 503


class AllShardsFailed(ElasticsearchError):
    """No shard could be searched (``SearchPhaseExecutionException``). From 7.11 it shows the shards (PR 64337)."""

    type = "search_phase_execution_exception"
    default_status = 503

    def document(self) -> dict[str, Any]:
        failed = [shard["reason"] for shard in self.metadata["failed_shards"]]
        return {"error": {"root_cause": failed, **self.entry()}, "status": self.status}


class Rejected(ElasticsearchError):
    """The queue of a thread pool is full (``EsRejectedExecutionException``): 429."""

    type = "es_rejected_execution_exception"
    default_status = 429
    elastic = False


class Preset(NamedTuple):
    """One ready-made error. ``since`` is the first release that has it, ``for_items`` whether an item of a bulk can get it."""

    make: Callable[[Call, Cluster], Answer]
    since: tuple[int, ...] = (5, 0)
    for_items: bool = False


def _name(call: Call, name: str = "job_id") -> str:
    return str(getattr(call, "path_parameters", {}).get(name, "_all"))


def _operation(call: Call) -> str:
    return call.endpoint.operation.name if hasattr(call, "endpoint") else ""


def _no_ml_capacity(call: Call, cluster: Cluster) -> Answer:
    attributes = ml_attributes(call.version)
    node = f"{{{cluster.settings.node_name}}}" + "".join(f"{{{name}={value}}}" for name, value in attributes.items())
    most = attributes.get("ml.max_open_jobs", "512")
    said = {"node": node, "running": most, "setting": "xpack.ml.max_open_jobs", "most": most}
    full = job_messages.NODE_FULL.at(call.version, id=_name(call), **said)
    if _operation(call) == "ml.start_datafeed":
        return StatusException(datafeed_messages.NOT_ASSIGNED.format(explanation=full), status=429)
    return no_node(call.version, full)


def _circuit_breaker(call: Call, cluster: Cluster) -> Answer:
    new = max(_NEW, len(call.body))
    wanted = _REAL + new
    sizes = {"wanted": wanted, "limit": _LIMIT, "real": _REAL, "new": new}
    reason = PARENT_TOO_LARGE.at(call.version, **{name: f"{size}/{size_text(size)}" for name, size in sizes.items()})
    durability: dict[str, Any] = {"durability": "PERMANENT"} if call.version >= (7, 0) else {}
    status = 429 if call.version >= (7, 0) else 503
    return CircuitBreaking(reason, status=status, bytes_wanted=wanted, bytes_limit=_LIMIT, **durability)


def _upgrade_mode(call: Call, cluster: Cluster) -> Answer:
    operation, datafeed_id = _operation(call), _name(call, "datafeed_id")
    if operation == "ml.open_job":
        return StatusException(job_messages.OPEN_UPGRADING, status=429)
    if operation == "ml.start_datafeed":
        cause = IllegalState(datafeed_messages.UPGRADING_CAUSE.format(id=datafeed_id, explanation=UPGRADING))
        return StatusException(datafeed_messages.UPGRADING.format(id=datafeed_id), status=429, cause=cause)
    return StatusException(NOT_WHILE_UPGRADING.format(action=action_of(call) if operation else call.path), status=429)


def _is_of_documents(call: Call) -> bool:
    return hasattr(call, "endpoint") and str(call.endpoint.operation.action).startswith("indices:data/")


def _no_master(call: Call, cluster: Cluster) -> Answer:
    """Documents and searches are blocked, everything else waits for a master in vain."""
    return ClusterBlock(NO_MASTER.at(call.version), status=503) if _is_of_documents(call) else MasterNotDiscovered(None)


def _all_shards_failed(call: Call, cluster: Cluster) -> Answer:
    shown = []
    if call.version >= (7, 11):
        reason = NoShardAvailable(None).entry()
        shown = [{"shard": 0, "index": _name(call, "index"), "node": None, "reason": reason}]
    return AllShardsFailed(ALL_SHARDS_FAILED, phase="query", grouped=True, failed_shards=shown)


def _timeout(call: Call, cluster: Cluster) -> Answer:
    """The server's own error of an open or a start; for other requests the page of a proxy."""
    timeout = getattr(call, "params", {}).get("timeout") or call.query.get("timeout") or "30s"
    if _operation(call) == "ml.open_job":
        return timed_out(job_messages.OPEN_TIMED_OUT.format(id=_name(call), timeout=timeout), call.version)
    if _operation(call) == "ml.start_datafeed":
        datafeed_id = _name(call, "datafeed_id")
        return timed_out(datafeed_messages.START_TIMED_OUT.format(id=datafeed_id, timeout=timeout), call.version)
    return _page(408, "408 Request Time-out")


def _version_conflict(call: Call, cluster: Cluster) -> Answer:
    parts = getattr(call, "path_parameters", {})
    index, document_id = parts.get("index", ".ml-config"), parts.get("id")
    if document_id is None:
        document_id = f"anomaly_detector_{parts['job_id']}" if "job_id" in parts else "1"
    if call.version >= (6, 7):
        why = index_messages.WRONG_SEQ_NO.at(call.version, seq_no=0, term=1, current=1, current_term=1)
    else:
        why = index_messages.WRONG_VERSION.at(call.version, current=2, given=1)
    kind = "[doc]" if call.version < (7, 0) else ""
    return VersionConflict(f"{kind}[{document_id}]: version conflict, {why}", index_uuid=_INDEX_UUID, shard="0", index=index)


def _rejected(call: Call, cluster: Cluster) -> Answer:
    """Writes and searches have a pool each, whose queue was lengthened over time."""
    if _operation(call) in ("search", "msearch", "count", "scroll"):
        pool, capacity = "search", 1000
    else:
        pool = "bulk" if call.version < (6, 3) else "write"
        capacity = 200 if call.version < (7, 9) else 10_000
    return Rejected(REJECTED.at(call.version, node=cluster.settings.node_name, pool=pool, capacity=capacity))


def _expired_licence(call: Call, cluster: Cluster) -> Answer:
    metadata: dict[str, Any] = {"license.expired.feature": "ml"}
    return SecurityError(NON_COMPLIANT.format(feature="ml"), **metadata)


def _expired_api_key(call: Call, cluster: Cluster) -> Answer:
    return unsuccessful(call.version, call.target, BAD_API_KEY["expired"])


def _page(status: int, title: str) -> Response:
    body = PAGE.format(title=title).encode()
    headers = [("server", "nginx"), ("content-type", "text/html"), ("content-length", str(len(body)))]
    return Response(status, headers, body)


PRESETS = {
    "no_ml_capacity": Preset(_no_ml_capacity),
    "circuit_breaker": Preset(_circuit_breaker, for_items=True),
    "upgrade_mode": Preset(_upgrade_mode, since=(6, 7)),
    "rejected": Preset(_rejected, for_items=True),
    "no_master": Preset(_no_master, for_items=True),
    "all_shards_failed": Preset(_all_shards_failed, for_items=True),
    "timeout": Preset(_timeout),
    "version_conflict": Preset(_version_conflict, for_items=True),
    "too_large": Preset(lambda call, cluster: PayloadTooLarge()),
    "expired_licence": Preset(_expired_licence),
    "expired_token": Preset(lambda call, cluster: token_expired()),
    "expired_api_key": Preset(_expired_api_key, since=(6, 7)),
    "bad_gateway": Preset(lambda call, cluster: _page(502, "502 Bad Gateway")),
    "gateway_timeout": Preset(lambda call, cluster: _page(504, "504 Gateway Time-out")),
}
