"""All operations there are, and the routes of each release."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import ModuleType

from fake_es.control import api as control
from fake_es.documents import root
from fake_es.documents.cat import cluster_tables, index_tables
from fake_es.documents.cluster import health_api, nodes_api, overview_api, settings_api, state_api, tasks_api
from fake_es.documents.ingest import api as ingest_api
from fake_es.licence import license_api, xpack_api
from fake_es.ml import usage
from fake_es.ml.datafeeds import (
    datafeed_stats,
    delete_datafeed,
    get_datafeeds,
    preview_datafeed,
    put_datafeed,
    start_datafeed,
    stop_datafeed,
    update_datafeed,
)
from fake_es.ml.forecasts import delete_forecast, forecast_job
from fake_es.ml.jobs import (
    close_job,
    delete_job,
    flush_job,
    get_jobs,
    job_stats,
    open_job,
    post_data,
    put_job,
    reset_job,
    update_job,
)
from fake_es.ml.results import buckets, categories, influencers, overall_buckets, records
from fake_es.ml.snapshots import delete_snapshot, get_snapshots, revert_snapshot, update_snapshot, upgrade_snapshot
from fake_es.security import authenticate_api, role_api, user_api
from fake_es.unsupported import unsupported_operations
from fake_es.version import Version
from fake_es.wire.operation import Operation
from fake_es.wire.routing import RouteTable

MODULES: tuple[ModuleType, ...] = (
    root, put_job, get_jobs, update_job, delete_job, open_job, close_job, flush_job, post_data, job_stats, control,
    buckets, records, influencers, categories, overall_buckets, reset_job,
    forecast_job, delete_forecast, get_snapshots, update_snapshot, delete_snapshot, revert_snapshot, upgrade_snapshot,
    put_datafeed, get_datafeeds, update_datafeed, delete_datafeed, start_datafeed, stop_datafeed, preview_datafeed,
    datafeed_stats,
    settings_api, health_api, nodes_api, state_api, overview_api, tasks_api, ingest_api, cluster_tables, index_tables,
    license_api, xpack_api, usage,
)  # fmt: skip
# Where security is off these APIs do not exist.
SECURITY_MODULES: tuple[ModuleType, ...] = (user_api, role_api, authenticate_api)


def all_operations(security: bool = True) -> Iterator[Operation]:
    """Every declared operation, in the order of the modules and of their text."""
    for module in MODULES + (SECURITY_MODULES if security else ()):
        for value in vars(module).values():
            if isinstance(value, Operation):
                yield value
    yield from unsupported_operations(security)


@cache
def route_table(version: Version, security: bool = False) -> RouteTable:
    """The routes of a release: built once, shared by all emulators, never changed."""
    return RouteTable(all_operations(security), version)
