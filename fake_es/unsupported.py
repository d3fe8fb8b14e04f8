"""APIs of Elasticsearch that fake_es does not emulate. They answer 501, and the coverage page lists them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from fake_es.security.routes import security as security_routes
from fake_es.wire.operation import NEVER, Operation, Route, moved, unsupported
from fake_es.wire.routing import Source


class Path(NamedTuple):
    """A path and the releases that have it: from ``since`` to before ``until``."""

    template: str
    since: tuple[int, ...]
    until: tuple[int, ...] = NEVER


class Api(NamedTuple):
    """An API: its name, its transport action (None if it needs no privileges), its methods and paths.

    A path below ``/_ml`` or ``/_security`` includes that of older releases (``/_xpack/ml``, ``/_xpack/security``).
    """

    name: str
    action: str | None
    methods: tuple[str, ...]
    paths: tuple[Path, ...]


_ML: tuple[Api, ...] = (
    Api("ml.put_data_frame_analytics", "cluster:admin/xpack/ml/data_frame/analytics/put", ("PUT",), (
        Path("/_ml/data_frame/analytics/{id}", (7, 3)),
    )),
    Api("ml.update_data_frame_analytics", "cluster:admin/xpack/ml/data_frame/analytics/update", ("POST",), (
        Path("/_ml/data_frame/analytics/{id}/_update", (7, 10)),
    )),
    Api("ml.get_data_frame_analytics", "cluster:monitor/xpack/ml/data_frame/analytics/get", ("GET",), (
        Path("/_ml/data_frame/analytics", (7, 3)),
        Path("/_ml/data_frame/analytics/{id}", (7, 3)),
    )),
    Api("ml.get_data_frame_analytics_stats", "cluster:monitor/xpack/ml/data_frame/analytics/stats/get", ("GET",), (
        Path("/_ml/data_frame/analytics/_stats", (7, 3)),
        Path("/_ml/data_frame/analytics/{id}/_stats", (7, 3)),
    )),
    Api("ml.delete_data_frame_analytics", "cluster:admin/xpack/ml/data_frame/analytics/delete", ("DELETE",), (
        Path("/_ml/data_frame/analytics/{id}", (7, 3)),
    )),
    Api("ml.start_data_frame_analytics", "cluster:admin/xpack/ml/data_frame/analytics/start", ("POST",), (
        Path("/_ml/data_frame/analytics/{id}/_start", (7, 3)),
    )),
    Api("ml.stop_data_frame_analytics", "cluster:admin/xpack/ml/data_frame/analytics/stop", ("POST",), (
        Path("/_ml/data_frame/analytics/{id}/_stop", (7, 3)),
    )),
    Api("ml.explain_data_frame_analytics", "cluster:admin/xpack/ml/data_frame/analytics/explain", ("GET", "POST",), (
        Path("/_ml/data_frame/analytics/_explain", (7, 5)),
        Path("/_ml/data_frame/analytics/{id}/_explain", (7, 5)),
    )),
    Api("ml.preview_data_frame_analytics", "cluster:admin/xpack/ml/data_frame/analytics/preview", ("GET", "POST",), (
        Path("/_ml/data_frame/analytics/_preview", (7, 13)),
        Path("/_ml/data_frame/analytics/{id}/_preview", (7, 13)),
    )),
    Api("ml.evaluate_data_frame", "cluster:monitor/xpack/ml/data_frame/evaluate", ("POST",), (
        Path("/_ml/data_frame/_evaluate", (7, 3)),
    )),
    Api("ml.put_trained_model", "cluster:admin/xpack/ml/inference/put", ("PUT",), (
        Path("/_ml/trained_models/{model_id}", (7, 10)),
        Path("/_ml/inference/{model_id}", (7, 6), (7, 10)),
    )),
    Api("ml.get_trained_models", "cluster:monitor/xpack/ml/inference/get", ("GET",), (
        Path("/_ml/trained_models", (7, 10)),
        Path("/_ml/trained_models/{model_id}", (7, 10)),
        Path("/_ml/inference", (7, 6), (7, 10)),
        Path("/_ml/inference/{model_id}", (7, 6), (7, 10)),
    )),
    Api("ml.get_trained_models_stats", "cluster:monitor/xpack/ml/inference/stats/get", ("GET",), (
        Path("/_ml/trained_models/_stats", (7, 10)),
        Path("/_ml/trained_models/{model_id}/_stats", (7, 10)),
        Path("/_ml/inference/_stats", (7, 6), (7, 10)),
        Path("/_ml/inference/{model_id}/_stats", (7, 6), (7, 10)),
    )),
    Api("ml.delete_trained_model", "cluster:admin/xpack/ml/inference/delete", ("DELETE",), (
        Path("/_ml/trained_models/{model_id}", (7, 10)),
        Path("/_ml/inference/{model_id}", (7, 6), (7, 10)),
    )),
    Api("ml.put_trained_model_alias", "cluster:admin/xpack/ml/inference/model_aliases/put", ("PUT",), (
        Path("/_ml/trained_models/{model_id}/model_aliases/{model_alias}", (7, 13)),
    )),
    Api("ml.delete_trained_model_alias", "cluster:admin/xpack/ml/inference/model_aliases/delete", ("DELETE",), (
        Path("/_ml/trained_models/{model_id}/model_aliases/{model_alias}", (7, 13)),
    )),
    Api("ml.put_trained_model_definition_part", "cluster:admin/xpack/ml/trained_models/part/put", ("PUT",), (
        Path("/_ml/trained_models/{model_id}/definition/{part}", (8, 0)),
    )),
    Api("ml.put_trained_model_vocabulary", "cluster:admin/xpack/ml/trained_models/vocabulary/put", ("PUT",), (
        Path("/_ml/trained_models/{model_id}/vocabulary", (8, 0)),
    )),
    Api("ml.start_trained_model_deployment", "cluster:admin/xpack/ml/trained_models/deployment/start", ("POST",), (
        Path("/_ml/trained_models/{model_id}/deployment/_start", (8, 0)),
    )),
    Api("ml.stop_trained_model_deployment", "cluster:admin/xpack/ml/trained_models/deployment/stop", ("POST",), (
        Path("/_ml/trained_models/{model_id}/deployment/_stop", (8, 0)),
    )),
    Api("ml.update_trained_model_deployment", "cluster:admin/xpack/ml/trained_models/deployment/update", ("POST",), (
        Path("/_ml/trained_models/{model_id}/deployment/_update", (8, 6)),
    )),
    Api("ml.clear_trained_model_deployment_cache", "cluster:admin/xpack/ml/trained_models/deployment/clear_cache", ("POST",), (
        Path("/_ml/trained_models/{model_id}/deployment/cache/_clear", (8, 5)),
    )),
    Api("ml.infer_trained_model", "cluster:monitor/xpack/ml/inference/infer", ("POST",), (
        Path("/_ml/trained_models/{model_id}/_infer", (8, 3)),
    )),
    Api("ml.estimate_memory_usage", "cluster:admin/xpack/ml/data_frame/analytics/estimate_memory_usage", ("POST",), (
        Path("/_ml/data_frame/analytics/_estimate_memory_usage", (7, 3), (7, 5)),
    )),
    Api("ml.find_file_structure", "cluster:monitor/xpack/ml/findfilestructure", ("POST",), (
        Path("/_ml/find_file_structure", (6, 5), (8, 0)),
    )),
    Api("ml.infer_trained_model_deployment", "cluster:monitor/xpack/ml/trained_models/deployment/infer", ("POST",), (
        Path("/_ml/trained_models/{model_id}/deployment/_infer", (8, 0), (9, 0)),
    )),
)  # fmt: skip

_CORE: tuple[Api, ...] = (
    Api("cat.allocation", "cluster:monitor/state", ("GET",), (
        Path("/_cat/allocation", (5, 4)),
        Path("/_cat/allocation/{node_id}", (5, 4)),
    )),
    Api("cat.component_templates", "cluster:admin/component_template/get", ("GET",), (
        Path("/_cat/component_templates", (8, 1)),
    )),
    Api("cat.help", None, ("GET",), (Path("/_cat", (5, 4)),)),
    Api("cat.fielddata", "cluster:monitor/nodes/stats", ("GET",), (Path("/_cat/fielddata", (5, 4)),)),
    Api("cat.pending_tasks", "cluster:monitor/task", ("GET",), (Path("/_cat/pending_tasks", (5, 4)),)),
    Api("cat.recovery", "indices:monitor/recovery", ("GET",), (Path("/_cat/recovery", (5, 4)),)),
    Api("cat.repositories", "cluster:admin/repository/get", ("GET",), (Path("/_cat/repositories", (5, 4)),)),
    Api("cat.segments", "cluster:monitor/state", ("GET",), (Path("/_cat/segments", (5, 4)),)),
    Api("cat.shards", "cluster:monitor/state", ("GET",), (Path("/_cat/shards", (5, 4)), Path("/_cat/shards/{index}", (5, 4)))),
    Api("cat.templates", "cluster:monitor/state", ("GET",), (Path("/_cat/templates", (5, 4)),)),
    Api("cat.thread_pool", "cluster:monitor/state", ("GET",), (Path("/_cat/thread_pool", (5, 4)),)),
    Api("cat.transforms", "cluster:monitor/transform/get", ("GET",), (Path("/_cat/transforms", (7, 7)),)),
    Api("cluster.allocation_explain", "cluster:monitor/allocation/explain", ("GET", "POST",), (
        Path("/_cluster/allocation/explain", (5, 4)),
    )),
    Api("cluster.pending_tasks", "cluster:monitor/task", ("GET",), (Path("/_cluster/pending_tasks", (5, 4)),)),
    Api("cluster.remote_info", "cluster:monitor/remote/info", ("GET",), (Path("/_remote/info", (6, 1)),)),
    Api("cluster.reroute", "cluster:admin/reroute", ("POST",), (Path("/_cluster/reroute", (5, 4)),)),
    Api("cat.ml_data_frame_analytics", "cluster:monitor/xpack/ml/data_frame/analytics/stats/get", ("GET",), (
        Path("/_cat/ml/data_frame/analytics", (7, 7)),
        Path("/_cat/ml/data_frame/analytics/{id}", (7, 7)),
    )),
    Api("cat.ml_trained_models", "cluster:monitor/xpack/ml/inference/stats/get", ("GET",), (
        Path("/_cat/ml/trained_models", (7, 7)),
        Path("/_cat/ml/trained_models/{model_id}", (7, 7)),
    )),
    Api("explain", "indices:data/read/explain", ("GET", "POST",), (Path("/{index}/_explain/{id}", (6, 8)),)),
    Api("indices.create_data_stream", "indices:admin/data_stream/create", ("PUT",), (Path("/_data_stream/{name}", (7, 9)),)),
    Api("indices.delete_data_stream", "indices:admin/data_stream/delete", ("DELETE",), (Path("/_data_stream/{name}", (7, 9)),)),
    Api("indices.simulate_template", "indices:admin/index_template/simulate", ("POST",), (
        Path("/_index_template/_simulate", (7, 9)),
        Path("/_index_template/_simulate/{name}", (7, 9)),
    )),
    Api("indices.rollover", "indices:admin/rollover", ("POST",), (Path("/{index}/_rollover", (5, 4)),)),
    Api("indices.shrink", "indices:admin/resize", ("PUT", "POST",), (Path("/{index}/_shrink/{target}", (5, 4)),)),
    Api("indices.split", "indices:admin/resize", ("PUT", "POST",), (Path("/{index}/_split/{target}", (6, 1)),)),
    Api("indices.clone", "indices:admin/resize", ("PUT", "POST",), (Path("/{index}/_clone/{target}", (7, 4)),)),
    Api("indices.segments", "indices:monitor/segments", ("GET",), (
        Path("/_segments", (5, 4)),
        Path("/{index}/_segments", (5, 4)),
    )),
    Api("indices.recovery", "indices:monitor/recovery", ("GET",), (
        Path("/_recovery", (5, 4)),
        Path("/{index}/_recovery", (5, 4)),
    )),
    Api("indices.shard_stores", "indices:monitor/shard_stores", ("GET",), (
        Path("/_shard_stores", (5, 4)),
        Path("/{index}/_shard_stores", (5, 4)),
    )),
    Api("msearch_template", "indices:data/read/msearch/template", ("GET", "POST",), (
        Path("/_msearch/template", (5, 4)),
        Path("/{index}/_msearch/template", (5, 4)),
    )),
    Api("mtermvectors", "indices:data/read/mtv", ("GET", "POST",), (
        Path("/_mtermvectors", (5, 4)),
        Path("/{index}/_mtermvectors", (5, 4)),
    )),
    Api("put_script", "cluster:admin/script/put", ("PUT", "POST",), (Path("/_scripts/{id}", (5, 4)),)),
    Api("get_script", "cluster:admin/script/get", ("GET",), (Path("/_scripts/{id}", (5, 4)),)),
    Api("delete_script", "cluster:admin/script/delete", ("DELETE",), (Path("/_scripts/{id}", (5, 4)),)),
    Api("rank_eval", "indices:data/read/rank_eval", ("GET", "POST",), (
        Path("/_rank_eval", (6, 2)),
        Path("/{index}/_rank_eval", (6, 2)),
    )),
    Api("render_search_template", "indices:data/read/search/template", ("GET", "POST",), (Path("/_render/template", (5, 4)),)),
    Api("search_shards", "indices:admin/shards/search_shards", ("GET", "POST",), (
        Path("/_search_shards", (5, 4)),
        Path("/{index}/_search_shards", (5, 4)),
    )),
    Api("search_template", "indices:data/read/search/template", ("GET", "POST",), (
        Path("/_search/template", (5, 4)),
        Path("/{index}/_search/template", (5, 4)),
    )),
    Api("terms_enum", "indices:data/read/xpack/termsenum/list", ("GET", "POST",), (Path("/{index}/_terms_enum", (7, 14)),)),
    Api("termvectors", "indices:data/read/tv", ("GET", "POST",), (
        Path("/{index}/_termvectors", (6, 8)),
        Path("/{index}/_termvectors/{id}", (6, 8)),
    )),
    Api("features.reset_features", "cluster:admin/features/reset", ("POST",), (Path("/_features/_reset", (7, 12)),)),
    Api("ingest.geo_ip_stats", "cluster:monitor/ingest/geoip/stats", ("GET",), (Path("/_ingest/geoip/stats", (7, 13)),)),
    Api("ingest.processor_grok", "cluster:admin/ingest/processor/grok/get", ("GET",), (
        Path("/_ingest/processor/grok", (6, 1)),
    )),
    Api("nodes.hot_threads", "cluster:monitor/nodes/hot_threads", ("GET",), (
        Path("/_nodes/hot_threads", (5, 4)),
        Path("/_nodes/{node_id}/hot_threads", (5, 4)),
    )),
    Api("nodes.reload_secure_settings", "cluster:admin/nodes/reload_secure_settings", ("POST",), (
        Path("/_nodes/reload_secure_settings", (6, 4)),
    )),
    Api("nodes.usage", "cluster:monitor/nodes/usage", ("GET",), (
        Path("/_nodes/usage", (6, 0)),
        Path("/_nodes/{node_id}/usage", (6, 0)),
    )),
    Api("text_structure.find_structure", "cluster:monitor/text_structure/findstructure", ("POST",), (
        Path("/_text_structure/find_structure", (7, 13)),
    )),
)  # fmt: skip

_SECURITY: tuple[Api, ...] = (
    Api("security.delegate_pki", "cluster:admin/xpack/security/delegate_pki", ("POST",), (
        Path("/_security/delegate_pki", (7, 4)),
    )),
    Api("security.enroll_kibana", "cluster:admin/xpack/security/enroll/kibana", ("GET",), (
        Path("/_security/enroll/kibana", (8, 0)),
    )),
    Api("security.enroll_node", "cluster:admin/xpack/security/enroll/node", ("GET",), (
        Path("/_security/enroll/node", (8, 0)),
    )),
    Api("security.oidc_authenticate", "cluster:admin/xpack/security/oidc/authenticate", ("POST",), (
        Path("/_security/oidc/authenticate", (7, 2)),
    )),
    Api("security.oidc_logout", "cluster:admin/xpack/security/oidc/logout", ("POST",), (
        Path("/_security/oidc/logout", (7, 2)),
    )),
    Api("security.oidc_prepare_authentication", "cluster:admin/xpack/security/oidc/prepare", ("POST",), (
        Path("/_security/oidc/prepare", (7, 2)),
    )),
    Api("security.saml_authenticate", "cluster:admin/xpack/security/saml/authenticate", ("POST",), (
        Path("/_security/saml/authenticate", (6, 2)),
    )),
    Api("security.saml_complete_logout", "cluster:admin/xpack/security/saml/complete_logout", ("POST",), (
        Path("/_security/saml/complete_logout", (7, 14)),
    )),
    Api("security.saml_invalidate", "cluster:admin/xpack/security/saml/invalidate", ("POST",), (
        Path("/_security/saml/invalidate", (6, 2)),
    )),
    Api("security.saml_logout", "cluster:admin/xpack/security/saml/logout", ("POST",), (
        Path("/_security/saml/logout", (6, 2)),
    )),
    Api("security.saml_prepare_authentication", "cluster:admin/xpack/security/saml/prepare", ("POST",), (
        Path("/_security/saml/prepare", (6, 2)),
    )),
    Api("security.saml_service_provider_metadata", "cluster:admin/xpack/security/saml/spmetadata", ("GET",), (
        Path("/_security/saml/metadata/{realm_name}", (7, 11)),
    )),
)  # fmt: skip


def unsupported_sources(security: bool = True, ml: bool = True) -> Iterator[Source]:
    """One source for each operation of the tables above; those of security and of machine learning only if it is on."""

    for api in (*(_ML if ml else ()), *_CORE, *(_SECURITY if security else ())):
        paths = [path.template for path in api.paths]
        former = [_former(path) for path in paths if _former(path) != path]
        yield Source((*paths, *former), partial(_operations, api))


def _former(template: str) -> str:
    """The path before 7.0."""
    return template.replace("/_ml/", "/_xpack/ml/", 1).replace("/_security/", "/_xpack/security/", 1)


def _operations(api: Api) -> tuple[Operation]:
    routes = [route for path in api.paths for method in api.methods for route in _routes(method, path)]
    return (unsupported(api.name, *routes, action=api.action),)


def _routes(method: str, path: Path) -> Iterator[Route]:
    template = path.template
    if template.startswith("/_ml/"):
        routes: Sequence[Route] = moved(method, _former(template), template, since=path.since)
    elif template.startswith("/_security/"):
        routes = security_routes(method, template.removeprefix("/_security"), since=path.since)
    else:
        routes = [Route(method, template, since=path.since)]
    for route in routes:
        yield route._replace(until=min(route.until, path.until))
