"""APIs that Elasticsearch has and this double does not emulate yet: they answer 501 and stand on the coverage page.

One line each: name, first release that has it, methods, path. ML paths stand below ``/_ml`` (``/_xpack/ml`` before 7.0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from fake_es.security.routes import security as security_routes
from fake_es.wire.operation import Operation, Route, ml, unsupported
from fake_es.wire.routing import Source

_ML = """
ml.put_data_frame_analytics 7.3 PUT /data_frame/analytics/{id}
ml.update_data_frame_analytics 7.10 POST /data_frame/analytics/{id}/_update
ml.get_data_frame_analytics 7.3 GET /data_frame/analytics
ml.get_data_frame_analytics 7.3 GET /data_frame/analytics/{id}
ml.get_data_frame_analytics_stats 7.3 GET /data_frame/analytics/_stats
ml.get_data_frame_analytics_stats 7.3 GET /data_frame/analytics/{id}/_stats
ml.delete_data_frame_analytics 7.3 DELETE /data_frame/analytics/{id}
ml.start_data_frame_analytics 7.3 POST /data_frame/analytics/{id}/_start
ml.stop_data_frame_analytics 7.3 POST /data_frame/analytics/{id}/_stop
ml.explain_data_frame_analytics 7.5 GET,POST /data_frame/analytics/_explain
ml.explain_data_frame_analytics 7.5 GET,POST /data_frame/analytics/{id}/_explain
ml.preview_data_frame_analytics 7.13 GET,POST /data_frame/analytics/_preview
ml.preview_data_frame_analytics 7.13 GET,POST /data_frame/analytics/{id}/_preview
ml.evaluate_data_frame 7.3 POST /data_frame/_evaluate
ml.put_trained_model 7.10 PUT /trained_models/{model_id}
ml.get_trained_models 7.10 GET /trained_models
ml.get_trained_models 7.10 GET /trained_models/{model_id}
ml.get_trained_models_stats 7.10 GET /trained_models/_stats
ml.get_trained_models_stats 7.10 GET /trained_models/{model_id}/_stats
ml.delete_trained_model 7.10 DELETE /trained_models/{model_id}
ml.put_trained_model_alias 7.13 PUT /trained_models/{model_id}/model_aliases/{model_alias}
ml.delete_trained_model_alias 7.13 DELETE /trained_models/{model_id}/model_aliases/{model_alias}
ml.put_trained_model_definition_part 8.0 PUT /trained_models/{model_id}/definition/{part}
ml.put_trained_model_vocabulary 8.0 PUT /trained_models/{model_id}/vocabulary
ml.start_trained_model_deployment 8.0 POST /trained_models/{model_id}/deployment/_start
ml.stop_trained_model_deployment 8.0 POST /trained_models/{model_id}/deployment/_stop
ml.update_trained_model_deployment 8.6 POST /trained_models/{model_id}/deployment/_update
ml.clear_trained_model_deployment_cache 8.5 POST /trained_models/{model_id}/deployment/cache/_clear
ml.infer_trained_model 8.3 POST /trained_models/{model_id}/_infer
"""

_CORE = """
cat.allocation 5.4 GET /_cat/allocation
cat.allocation 5.4 GET /_cat/allocation/{node_id}
cat.component_templates 8.1 GET /_cat/component_templates
cat.fielddata 5.4 GET /_cat/fielddata
cat.nodeattrs 5.4 GET /_cat/nodeattrs
cat.pending_tasks 5.4 GET /_cat/pending_tasks
cat.recovery 5.4 GET /_cat/recovery
cat.repositories 5.4 GET /_cat/repositories
cat.segments 5.4 GET /_cat/segments
cat.shards 5.4 GET /_cat/shards
cat.shards 5.4 GET /_cat/shards/{index}
cat.templates 5.4 GET /_cat/templates
cat.thread_pool 5.4 GET /_cat/thread_pool
cat.transforms 7.7 GET /_cat/transforms
cluster.allocation_explain 5.4 GET,POST /_cluster/allocation/explain
cluster.pending_tasks 5.4 GET /_cluster/pending_tasks
cluster.remote_info 6.1 GET /_remote/info
cluster.reroute 5.4 POST /_cluster/reroute
cat.ml_data_frame_analytics 7.7 GET /_cat/ml/data_frame/analytics
cat.ml_data_frame_analytics 7.7 GET /_cat/ml/data_frame/analytics/{id}
cat.ml_trained_models 7.7 GET /_cat/ml/trained_models
cat.ml_trained_models 7.7 GET /_cat/ml/trained_models/{model_id}
explain 6.8 GET,POST /{index}/_explain/{id}
indices.create_data_stream 7.9 PUT /_data_stream/{name}
indices.delete_data_stream 7.9 DELETE /_data_stream/{name}
indices.simulate_template 7.9 POST /_index_template/_simulate
indices.simulate_template 7.9 POST /_index_template/_simulate/{name}
indices.rollover 5.4 POST /{index}/_rollover
indices.shrink 5.4 PUT,POST /{index}/_shrink/{target}
indices.split 6.1 PUT,POST /{index}/_split/{target}
indices.clone 7.4 PUT,POST /{index}/_clone/{target}
indices.segments 5.4 GET /_segments
indices.segments 5.4 GET /{index}/_segments
indices.recovery 5.4 GET /_recovery
indices.recovery 5.4 GET /{index}/_recovery
indices.shard_stores 5.4 GET /_shard_stores
indices.shard_stores 5.4 GET /{index}/_shard_stores
msearch_template 5.4 GET,POST /_msearch/template
msearch_template 5.4 GET,POST /{index}/_msearch/template
mtermvectors 5.4 GET,POST /_mtermvectors
mtermvectors 5.4 GET,POST /{index}/_mtermvectors
put_script 5.4 PUT,POST /_scripts/{id}
get_script 5.4 GET /_scripts/{id}
delete_script 5.4 DELETE /_scripts/{id}
rank_eval 6.2 GET,POST /_rank_eval
rank_eval 6.2 GET,POST /{index}/_rank_eval
render_search_template 5.4 GET,POST /_render/template
search_shards 5.4 GET,POST /_search_shards
search_shards 5.4 GET,POST /{index}/_search_shards
search_template 5.4 GET,POST /_search/template
search_template 5.4 GET,POST /{index}/_search/template
terms_enum 7.14 GET,POST /{index}/_terms_enum
termvectors 6.8 GET,POST /{index}/_termvectors
termvectors 6.8 GET,POST /{index}/_termvectors/{id}
features.reset_features 7.12 POST /_features/_reset
ingest.geo_ip_stats 7.13 GET /_ingest/geoip/stats
ingest.processor_grok 6.1 GET /_ingest/processor/grok
nodes.hot_threads 5.4 GET /_nodes/hot_threads
nodes.hot_threads 5.4 GET /_nodes/{node_id}/hot_threads
nodes.reload_secure_settings 6.4 POST /_nodes/reload_secure_settings
nodes.usage 6.0 GET /_nodes/usage
nodes.usage 6.0 GET /_nodes/{node_id}/usage
text_structure.find_structure 7.13 POST /_text_structure/find_structure
"""


_SECURITY = """
security.delegate_pki 7.4 POST /delegate_pki
security.enroll_kibana 8.0 GET /enroll/kibana
security.enroll_node 8.0 GET /enroll/node
security.oidc_authenticate 7.2 POST /oidc/authenticate
security.oidc_logout 7.2 POST /oidc/logout
security.oidc_prepare_authentication 7.2 POST /oidc/prepare
security.saml_authenticate 6.2 POST /saml/authenticate
security.saml_complete_logout 7.14 POST /saml/complete_logout
security.saml_invalidate 6.2 POST /saml/invalidate
security.saml_logout 6.2 POST /saml/logout
security.saml_prepare_authentication 6.2 POST /saml/prepare
security.saml_service_provider_metadata 7.11 GET /saml/metadata/{realm_name}
"""

# How the routes of a table's lines are made of method, path and first release.
_MakeRoutes = Callable[[str, str, tuple[int, int]], Iterable[Route]]


def unsupported_sources(security: bool = True) -> Iterator[Source]:
    """The operations of the tables above, each for itself; those of security only where it is on."""
    yield from _sources(_ML, ("/_ml", "/_xpack/ml"), lambda method, path, since: ml(method, path, since=since))
    yield from _sources(_CORE, ("",), lambda method, path, since: (Route(method, path, since=since),))
    if security:
        prefixes = ("/_security", "/_xpack/security")
        yield from _sources(_SECURITY, prefixes, lambda method, path, since: security_routes(method, path, since=since))


def _sources(table: str, prefixes: tuple[str, ...], make_routes: _MakeRoutes) -> Iterator[Source]:
    grouped: dict[str, list[str]] = {}
    for line in table.strip().split("\n"):
        grouped.setdefault(line.partition(" ")[0], []).append(line)
    for name, lines in grouped.items():
        paths = tuple(prefix + line.rpartition(" ")[2] for line in lines for prefix in prefixes)
        yield Source(paths, partial(_operations, name, lines, make_routes))


def _operations(name: str, lines: list[str], make_routes: _MakeRoutes) -> tuple[Operation]:
    return (unsupported(name, *(route for line in lines for route in _routes(line, make_routes))),)


def _routes(line: str, make_routes: _MakeRoutes) -> Iterator[Route]:
    _, since, methods, path = line.split()
    major, minor = since.split(".")
    for method in methods.split(","):
        yield from make_routes(method, path, (int(major), int(minor)))
