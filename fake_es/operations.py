"""The table of all operations, and the routes of each release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from importlib import import_module

from fake_es.cluster import Cluster
from fake_es.unsupported import unsupported_sources
from fake_es.version import Version
from fake_es.wire.operation import Operation
from fake_es.wire.routing import RouteTable, Source

# Modules with operations, and the leading segments of their paths. A module is imported when a request first has such a path.
# A placeholder matches any segment; `/_ml` includes `/_xpack/ml` (see _FORMER).
MODULES: dict[str, str] = {
    "cluster_api.root": "/",
    "ml.jobs.put_job": "/_ml/anomaly_detectors",
    "ml.jobs.get_jobs": "/_ml/anomaly_detectors",
    "ml.jobs.update_job": "/_ml/anomaly_detectors/{job_id}/_update",
    "ml.jobs.delete_job": "/_ml/anomaly_detectors/{job_id}",
    "ml.jobs.open_job": "/_ml/anomaly_detectors/{job_id}/_open",
    "ml.jobs.close_job": "/_ml/anomaly_detectors/{job_id}/_close",
    "ml.jobs.flush_job": "/_ml/anomaly_detectors/{job_id}/_flush",
    "ml.jobs.post_data": "/_ml/anomaly_detectors/{job_id}/_data",
    "ml.jobs.job_stats": "/_ml/anomaly_detectors/_stats /_ml/anomaly_detectors/{job_id}/_stats",
    "ml.jobs.reset_job": "/_ml/anomaly_detectors/{job_id}/_reset",
    "control.api": "/_fake",
    "control.calls_api": "/_fake/calls",
    "control.faults_api": "/_fake/faults",
    "ml.results.buckets": "/_ml/anomaly_detectors/{job_id}/results/buckets",
    "ml.results.records": "/_ml/anomaly_detectors/{job_id}/results/records",
    "ml.results.influencers": "/_ml/anomaly_detectors/{job_id}/results/influencers",
    "ml.results.categories": "/_ml/anomaly_detectors/{job_id}/results/categories",
    "ml.results.overall_buckets": "/_ml/anomaly_detectors/{job_id}/results/overall_buckets",
    "ml.forecasts.forecast_job": "/_ml/anomaly_detectors/{job_id}/_forecast",
    "ml.forecasts.delete_forecast": "/_ml/anomaly_detectors/{job_id}/_forecast",
    "ml.snapshots.get_snapshots": "/_ml/anomaly_detectors/{job_id}/model_snapshots",
    "ml.snapshots.update_snapshot": "/_ml/anomaly_detectors/{job_id}/model_snapshots/{snapshot_id}/_update",
    "ml.snapshots.delete_snapshot": "/_ml/anomaly_detectors/{job_id}/model_snapshots/{snapshot_id}",
    "ml.snapshots.revert_snapshot": "/_ml/anomaly_detectors/{job_id}/model_snapshots/{snapshot_id}/_revert",
    "ml.snapshots.upgrade_snapshot": "/_ml/anomaly_detectors/{job_id}/model_snapshots/{snapshot_id}/_upgrade",
    "ml.datafeeds.put_datafeed": "/_ml/datafeeds",
    "ml.datafeeds.get_datafeeds": "/_ml/datafeeds",
    "ml.datafeeds.update_datafeed": "/_ml/datafeeds/{datafeed_id}/_update",
    "ml.datafeeds.delete_datafeed": "/_ml/datafeeds/{datafeed_id}",
    "ml.datafeeds.start_datafeed": "/_ml/datafeeds/{datafeed_id}/_start",
    "ml.datafeeds.stop_datafeed": "/_ml/datafeeds/{datafeed_id}/_stop",
    "ml.datafeeds.preview_datafeed": "/_ml/datafeeds/_preview /_ml/datafeeds/{datafeed_id}/_preview",
    "ml.datafeeds.datafeed_stats": "/_ml/datafeeds/_stats /_ml/datafeeds/{datafeed_id}/_stats",
    "cluster_api.settings_api": "/_cluster/settings",
    "cluster_api.health_api": "/_cluster/health",
    "cluster_api.nodes_api": "/_nodes",
    "cluster_api.state_api": "/_cluster/state",
    "cluster_api.overview_api": "/_cluster/stats /_features /_health_report",
    "cluster_api.tasks_api": "/_tasks",
    "ingest.api": "/_ingest/pipeline",
    "cat.cluster_tables": "/_cat",
    "cat.index_tables": "/_cat",
    "licence.license_api": "/_license",
    "licence.xpack_api": "/_xpack",
    "ml.calendars.put_calendar": "/_ml/calendars",
    "ml.calendars.get_calendars": "/_ml/calendars",
    "ml.calendars.delete_calendar": "/_ml/calendars",
    "ml.calendars.calendar_jobs": "/_ml/calendars/{calendar_id}/jobs",
    "ml.calendars.post_events": "/_ml/calendars/{calendar_id}/events",
    "ml.calendars.get_events": "/_ml/calendars/{calendar_id}/events",
    "ml.calendars.delete_event": "/_ml/calendars/{calendar_id}/events",
    "ml.filters.put_filter": "/_ml/filters",
    "ml.filters.get_filters": "/_ml/filters",
    "ml.filters.update_filter": "/_ml/filters/{filter_id}/_update",
    "ml.filters.delete_filter": "/_ml/filters",
    "ml.cluster_wide.info": "/_ml/info",
    "ml.cluster_wide.upgrade_mode": "/_ml/set_upgrade_mode",
    "ml.cluster_wide.memory_stats": "/_ml/memory",
    "ml.jobs.validate": "/_ml/anomaly_detectors/_validate",
    "ml.jobs.estimate": "/_ml/anomaly_detectors/_estimate_model_memory",
    "ml.cluster_wide.expired_data": "/_ml/_delete_expired_data",
    "ml.cluster_wide.cat": "/_cat/ml",
    "ml.cluster_wide.usage": "/_xpack/usage",
    "indices.indices_api": "/{index} /_open /_close",
    "documents.document_api": "/{index}/_doc /{index}/_create /{index}/_source /{index}/{type}",
    "documents.update_api": "/{index}/_update /{index}/{type}/{id}/_update",
    "indices.mappings_api": "/_mapping /_mappings /{index}/_mapping /{index}/_mappings"
    " /{index}/{type}/_mapping /{index}/{type}/_mappings",
    "indices.index_settings_api": "/_settings /{index}/_settings /{index}/_setting",
    "indices.aliases_api": "/_alias /_aliases /{index}/_alias /{index}/_aliases",
    "indices.upkeep_api": "/_refresh /_flush /_forcemerge /_cache /{index}/_refresh /{index}/_flush /{index}/_forcemerge"
    " /{index}/_cache",
    "indices.stats_api": "/_stats /_resolve /_analyze /{index}/_stats /{index}/_analyze",
    "search.field_caps_api": "/_field_caps /{index}/_field_caps",
    "search.validate_query_api": "/_validate /{index}/_validate /{index}/{type}/_validate",
    "indices.templates_api": "/_template /_index_template /_component_template",
    "documents.by_query_api": "/_reindex /{index}/_delete_by_query /{index}/_update_by_query"
    " /{index}/{type}/_delete_by_query /{index}/{type}/_update_by_query",
    "indices.data_streams_api": "/_data_stream",
    "documents.bulk_api": "/_bulk /{index}/_bulk /{index}/{type}/_bulk",
    "documents.mget_api": "/_mget /{index}/_mget /{index}/{type}/_mget",
    "search.search_api": "/_search /_count /{index}/_search /{index}/_count /{index}/{type}/_search /{index}/{type}/_count",
    "search.msearch_api": "/_msearch /{index}/_msearch /{index}/{type}/_msearch",
    "search.scroll_api": "/_search/scroll /_pit /{index}/_pit",
}
# These APIs only exist if security is on.
SECURITY_MODULES: dict[str, str] = {
    "security.user_api": "/_security/user",
    "security.role_api": "/_security/role",
    "security.bulk_role_api": "/_security/role",
    "security.authenticate_api": "/_security/_authenticate /_security/user",
    "security.query_api": "/_security/_query",
    "security.api_keys.create_api": "/_security/api_key",
    "security.api_keys.get_api": "/_security/api_key",
    "security.api_keys.update_api": "/_security/api_key",
    "security.api_keys.cross_cluster_api": "/_security/cross_cluster/api_key",
    "security.tokens.api": "/_security/oauth2/token",
    "security.service_accounts.api": "/_security/service",
    "security.applications.api": "/_security/privilege",
    "security.role_mappings.api": "/_security/role_mapping",
    "security.user_profiles.api": "/_security/profile",
    "security.user_profiles.suggest_api": "/_security/profile",
    "security.settings_api": "/_security/settings /_security/stats",
    "security.caches_api": "/_security/role /_security/realm /_security/privilege /_security/api_key /_security/service",
}
# Modules whose ``register(cluster)`` registers listeners for operations of other rooms; imported on first use.
LISTENERS = {"jobs": ("ml.datafeeds.job_listener",), "alias filters": ("search.alias_filters",)}
_FORMER = {name: f"/_xpack/{name[2:]}" for name in ("/_ml", "/_security", "/_license")}


def all_operations(security: bool = True) -> Iterator[Operation]:
    """All declared operations, in the order of the modules and of their code."""
    for source in _sources(security):
        yield from source.load()


def operations_of(module: str) -> list[Operation]:
    """Import a module, and return its operations in the order of its code."""
    values = vars(import_module(f"fake_es.{module}")).values()
    return [value for value in values if isinstance(value, Operation)]


def leading_paths(text: str) -> tuple[str, ...]:
    """The paths of an entry, including those of former releases."""
    paths = text.split()
    former = [old + path[len(new) :] for path in paths for new, old in _FORMER.items() if path.startswith(new)]
    return (*paths, *former)


def register_listeners(cluster: Cluster, topic: str) -> None:
    """Import the modules of ``LISTENERS`` for a topic, and let each register its listeners in ``cluster``."""
    for name in LISTENERS[topic]:
        import_module(f"fake_es.{name}").register(cluster)


@cache
def route_table(version: Version, security: bool = False, ml: bool = True) -> RouteTable:
    """The routes of a release. All emulators share this table, which loads operations on demand.

    ``ml`` is False where ``xpack.ml.enabled`` is: then there are none of machine learning but its part of the usage.
    """
    return RouteTable(_sources(security, ml), version)


def _sources(security: bool, ml: bool = True) -> Iterator[Source]:
    yield from _module_sources(MODULES if ml else {name: paths for name, paths in MODULES.items() if not _only_ml(name)})
    if security:
        yield from _module_sources(SECURITY_MODULES)
    yield from unsupported_sources(security, ml)


def _only_ml(module: str) -> bool:
    return module.startswith("ml.") and module != "ml.cluster_wide.usage"


def _module_sources(modules: Mapping[str, str]) -> Iterable[Source]:
    return (Source(leading_paths(paths), partial(operations_of, name)) for name, paths in modules.items())
