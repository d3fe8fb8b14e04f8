"""Functions that clean a cluster after each test. By default a runner does not clean anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fake_es.verify import messages
from fake_es.verify.connection import Connection, Reply
from fake_es.verify.outcome import Failed

# Raises Failed if the cluster cannot be cleaned.
Cleanup = Callable[[Connection], None]

_NOBODYS_INDICES = "*,-.ds-ilm-history-*,-.ds-.slm-history-*,-.ds-.watcher-history-*"


def leave(connection: Connection) -> None:
    """Clean nothing."""


def reset_fake(connection: Connection) -> None:
    """Reset an emulated cluster.

    :raises Failed: the cluster is not emulated.
    """
    _ask(connection, "POST", "/_fake/reset")


def wipe(version: tuple[int, ...]) -> Cleanup:
    """Delete all ML state and all indices of a real cluster, like the server's own runner. This deletes data!

    Sources: ``MlRestTestStateCleaner`` and ``ESRestTestCase`` of all releases.
    """
    ml = "/_ml" if version >= (7, 0) else "/_xpack/ml"

    def clean(connection: Connection) -> None:
        if version >= (7, 13):
            _delete_pipelines(connection)
            _ask(connection, "POST", "/_features/_reset")
            _ask(connection, "DELETE", f"/{_NOBODYS_INDICES}?expand_wildcards=open,closed,hidden", missing=True)
        else:
            _delete_datafeeds_and_jobs(connection, ml)
            _ask(connection, "DELETE", "/*", missing=True)

    return clean


def _delete_pipelines(connection: Connection) -> None:
    """Delete pipelines, because a trained model cannot be deleted while a pipeline uses it."""
    reply = _ask(connection, "GET", "/_ml/trained_models/_stats?size=10000")
    for stats in reply.body["trained_model_stats"]:
        for pipeline in stats.get("ingest", {}).get("pipelines", {}):
            _ask(connection, "DELETE", f"/_ingest/pipeline/{pipeline}", missing=True)


def _delete_datafeeds_and_jobs(connection: Connection, ml: str) -> None:
    for path, stop, key, id_field in (
        ("datafeeds", "_stop", "datafeeds", "datafeed_id"),
        ("anomaly_detectors", "_close", "jobs", "job_id"),
    ):
        ids = list(_ids(_ask(connection, "GET", f"{ml}/{path}").body.get(key, []), id_field))
        if ids:
            _ask(connection, "POST", f"{ml}/{path}/_all/{stop}?force=true")
        for id_ in ids:
            _ask(connection, "DELETE", f"{ml}/{path}/{id_}")


def _ids(configurations: list[dict[str, Any]], field: str) -> Iterator[str]:
    return (configuration[field] for configuration in configurations)


def _ask(connection: Connection, method: str, target: str, *, missing: bool = False) -> Reply:
    reply = connection.send(method, target, {})
    if reply.status >= 400 and not (missing and reply.status == 404):
        refusal = messages.CLEANUP_REFUSED.format(method=method, target=target, status=reply.status, text=reply.text)
        raise Failed(refusal)
    return reply
