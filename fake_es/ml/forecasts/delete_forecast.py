"""``DELETE _ml/anomaly_detectors/{job_id}/_forecast[/{forecast_id}]`` (``TransportDeleteForecastAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.expression import by_token
from fake_es.ml.common.routes import ml
from fake_es.ml.forecasts import messages
from fake_es.ml.forecasts.store import FAILED, FINISHED, STATS_KIND, read_stats
from fake_es.ml.job_store.jobs import OPENED, Jobs
from fake_es.ml.persistence import names
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.search.system_search import SystemSearch
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import ResourceNotFound, conflict
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter

_PATH = "/anomaly_detectors/{job_id}/_forecast"


@operation(
    "ml.delete_forecast",
    routes=[*ml("DELETE", _PATH, since=(6, 5)), *ml("DELETE", _PATH + "/{forecast_id}", since=(6, 5))],
    action="cluster:admin/xpack/ml/job/forecast/delete",
    guard=not_while_upgrading,
    query=[
        Parameter("allow_no_forecasts", parameters.BOOLEAN, True),
        Parameter("timeout", parameters.TIME, TimeValue(30, "s")),
    ],
)
def delete_forecast(call: Call, cluster: Cluster) -> Any:
    """Delete forecasts. Those of an open job must have ended. The server does not check whether the job exists."""
    job_id, expression = call.path_parameters["job_id"], call.path_parameters.get("forecast_id", "_all")
    indices, alias = cluster.part(SystemSearch), names.read_alias(job_id)
    mine = {"term": {"job_id": job_id}}
    query = {"bool": {"filter": [mine, STATS_KIND, *by_token("forecast_id", expression)]}}
    found = [read_stats(document.source, call.version) for document in indices.scan(alias, query)]
    if not found and not (expression in ("_all", "*") and call.params["allow_no_forecasts"]):
        raise ResourceNotFound(messages.NO_SUCH_FORECAST.format(expression=expression, id=job_id))
    ids = _deletable(cluster, job_id, found)
    if ids:
        indices.delete_by_query(alias, {"bool": {"filter": [mine, {"terms": {"forecast_id": ids}}]}})
    return {"acknowledged": True}


def _deletable(cluster: Cluster, job_id: str, found: list[dict[str, Any]]) -> list[str]:
    """Ids of the forecasts that may be deleted.

    :raises StatusException: 409, a forecast has not ended and its job is open.
    """
    ended = [stats["forecast_id"] for stats in found if stats.get("forecast_status") in (FINISHED, FAILED)]
    others = [stats["forecast_id"] for stats in found if stats["forecast_id"] not in ended]
    job = cluster.part(Jobs).find(job_id)
    if others and job is not None and job.state == OPENED:
        raise conflict(messages.NOT_DELETABLE.format(forecasts=f"[{', '.join(others)}]", id=job_id))
    return ended
