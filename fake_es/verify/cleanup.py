"""What is done to a cluster after each test.

It is the caller who chooses: a runner that is given nothing leaves everything where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fake_es.verify import messages
from fake_es.verify.connection import Connection, Reply
from fake_es.verify.outcome import Failed

# Raises Failed when the cluster does not let itself be cleaned.
Cleanup = Callable[[Connection], None]

_NOBODYS_INDICES = "*,-.ds-ilm-history-*,-.ds-.slm-history-*,-.ds-.watcher-history-*"


def leave(connection: Connection) -> None:
    """Nothing is cleaned up: what a suite leaves behind stays."""


def reset_fake(connection: Connection) -> None:
    """A fresh start, of an emulated cluster only.

    :raises Failed: it is none.
    """
    _ask(connection, "POST", "/_fake/reset")


def wipe(version: tuple[int, ...]) -> Cleanup:
    """All machine-learning state and all indices of a real cluster, the way the server's own runner removes them.

    Sources: ``MlRestTestStateCleaner`` and ``ESRestTestCase``, by age. This deletes data.
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
    """Pipelines that a trained model is used in keep it from being deleted."""
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
