"""APIs that Elasticsearch has and this double does not emulate yet: they answer 501 and stand on the coverage page.

One line each (a line that begins with a blank goes on): name, transport action that privileges are decided by (a dash: none),
methods, and by pairs releases and path. Releases are the first that has the path or also, behind a dash, the first that has it
no more; what stands in brackets in a path may be left out. ML paths stand below ``/_ml`` (``/_xpack/ml`` before 7.0) and its
actions below ``cluster:admin/xpack/ml/`` or ``cluster:monitor/xpack/ml/``; paths and actions of security below its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from fake_es.security.routes import security as security_routes
from fake_es.wire.operation import NEVER, Operation, Route, ml, unsupported
from fake_es.wire.routing import Source

_ML = """
ml.put_data_frame_analytics admin:data_frame/analytics/put PUT 7.3 /data_frame/analytics/{id}
ml.update_data_frame_analytics admin:data_frame/analytics/update POST 7.10 /data_frame/analytics/{id}/_update
ml.get_data_frame_analytics monitor:data_frame/analytics/get GET 7.3 /data_frame/analytics[/{id}]
ml.get_data_frame_analytics_stats monitor:data_frame/analytics/stats/get GET 7.3 /data_frame/analytics[/{id}]/_stats
ml.delete_data_frame_analytics admin:data_frame/analytics/delete DELETE 7.3 /data_frame/analytics/{id}
ml.start_data_frame_analytics admin:data_frame/analytics/start POST 7.3 /data_frame/analytics/{id}/_start
ml.stop_data_frame_analytics admin:data_frame/analytics/stop POST 7.3 /data_frame/analytics/{id}/_stop
ml.explain_data_frame_analytics admin:data_frame/analytics/explain GET,POST 7.5 /data_frame/analytics[/{id}]/_explain
ml.preview_data_frame_analytics admin:data_frame/analytics/preview GET,POST 7.13 /data_frame/analytics[/{id}]/_preview
ml.evaluate_data_frame monitor:data_frame/evaluate POST 7.3 /data_frame/_evaluate
ml.put_trained_model admin:inference/put PUT 7.10 /trained_models/{model_id} 7.6-7.10 /inference/{model_id}
ml.get_trained_models monitor:inference/get GET 7.10 /trained_models[/{model_id}] 7.6-7.10 /inference[/{model_id}]
ml.get_trained_models_stats monitor:inference/stats/get
 GET 7.10 /trained_models[/{model_id}]/_stats 7.6-7.10 /inference[/{model_id}]/_stats
ml.delete_trained_model admin:inference/delete DELETE 7.10 /trained_models/{model_id} 7.6-7.10 /inference/{model_id}
ml.put_trained_model_alias admin:inference/model_aliases/put PUT 7.13 /trained_models/{model_id}/model_aliases/{model_alias}
ml.delete_trained_model_alias admin:inference/model_aliases/delete
 DELETE 7.13 /trained_models/{model_id}/model_aliases/{model_alias}
ml.put_trained_model_definition_part admin:trained_models/part/put PUT 8.0 /trained_models/{model_id}/definition/{part}
ml.put_trained_model_vocabulary admin:trained_models/vocabulary/put PUT 8.0 /trained_models/{model_id}/vocabulary
ml.start_trained_model_deployment admin:trained_models/deployment/start POST 8.0 /trained_models/{model_id}/deployment/_start
ml.stop_trained_model_deployment admin:trained_models/deployment/stop POST 8.0 /trained_models/{model_id}/deployment/_stop
ml.update_trained_model_deployment admin:trained_models/deployment/update POST 8.6 /trained_models/{model_id}/deployment/_update
ml.clear_trained_model_deployment_cache admin:trained_models/deployment/clear_cache
 POST 8.5 /trained_models/{model_id}/deployment/cache/_clear
ml.infer_trained_model monitor:inference/infer POST 8.3 /trained_models/{model_id}/_infer
ml.estimate_memory_usage admin:data_frame/analytics/estimate_memory_usage
 POST 7.3-7.5 /data_frame/analytics/_estimate_memory_usage
ml.find_file_structure monitor:findfilestructure POST 6.5-8.0 /find_file_structure
ml.infer_trained_model_deployment monitor:trained_models/deployment/infer
 POST 8.0-9.0 /trained_models/{model_id}/deployment/_infer
"""

_CORE = """
cat.allocation cluster:monitor/state GET 5.4 /_cat/allocation[/{node_id}]
cat.component_templates cluster:admin/component_template/get GET 8.1 /_cat/component_templates
cat.help - GET 5.4 /_cat
cat.fielddata cluster:monitor/nodes/stats GET 5.4 /_cat/fielddata
cat.nodeattrs cluster:monitor/state GET 5.4 /_cat/nodeattrs
cat.pending_tasks cluster:monitor/task GET 5.4 /_cat/pending_tasks
cat.recovery indices:monitor/recovery GET 5.4 /_cat/recovery
cat.repositories cluster:admin/repository/get GET 5.4 /_cat/repositories
cat.segments cluster:monitor/state GET 5.4 /_cat/segments
cat.shards cluster:monitor/state GET 5.4 /_cat/shards[/{index}]
cat.templates cluster:monitor/state GET 5.4 /_cat/templates
cat.thread_pool cluster:monitor/state GET 5.4 /_cat/thread_pool
cat.transforms cluster:monitor/transform/get GET 7.7 /_cat/transforms
cluster.allocation_explain cluster:monitor/allocation/explain GET,POST 5.4 /_cluster/allocation/explain
cluster.pending_tasks cluster:monitor/task GET 5.4 /_cluster/pending_tasks
cluster.remote_info cluster:monitor/remote/info GET 6.1 /_remote/info
cluster.reroute cluster:admin/reroute POST 5.4 /_cluster/reroute
cat.ml_data_frame_analytics cluster:monitor/xpack/ml/data_frame/analytics/stats/get GET 7.7 /_cat/ml/data_frame/analytics[/{id}]
cat.ml_trained_models cluster:monitor/xpack/ml/inference/stats/get GET 7.7 /_cat/ml/trained_models[/{model_id}]
explain indices:data/read/explain GET,POST 6.8 /{index}/_explain/{id}
indices.create_data_stream indices:admin/data_stream/create PUT 7.9 /_data_stream/{name}
indices.delete_data_stream indices:admin/data_stream/delete DELETE 7.9 /_data_stream/{name}
indices.simulate_template indices:admin/index_template/simulate POST 7.9 /_index_template/_simulate[/{name}]
indices.rollover indices:admin/rollover POST 5.4 /{index}/_rollover
indices.shrink indices:admin/resize PUT,POST 5.4 /{index}/_shrink/{target}
indices.split indices:admin/resize PUT,POST 6.1 /{index}/_split/{target}
indices.clone indices:admin/resize PUT,POST 7.4 /{index}/_clone/{target}
indices.segments indices:monitor/segments GET 5.4 [/{index}]/_segments
indices.recovery indices:monitor/recovery GET 5.4 [/{index}]/_recovery
indices.shard_stores indices:monitor/shard_stores GET 5.4 [/{index}]/_shard_stores
msearch_template indices:data/read/msearch/template GET,POST 5.4 [/{index}]/_msearch/template
mtermvectors indices:data/read/mtv GET,POST 5.4 [/{index}]/_mtermvectors
put_script cluster:admin/script/put PUT,POST 5.4 /_scripts/{id}
get_script cluster:admin/script/get GET 5.4 /_scripts/{id}
delete_script cluster:admin/script/delete DELETE 5.4 /_scripts/{id}
rank_eval indices:data/read/rank_eval GET,POST 6.2 [/{index}]/_rank_eval
render_search_template indices:data/read/search/template GET,POST 5.4 /_render/template
search_shards indices:admin/shards/search_shards GET,POST 5.4 [/{index}]/_search_shards
search_template indices:data/read/search/template GET,POST 5.4 [/{index}]/_search/template
terms_enum indices:data/read/xpack/termsenum/list GET,POST 7.14 /{index}/_terms_enum
termvectors indices:data/read/tv GET,POST 6.8 /{index}/_termvectors[/{id}]
features.reset_features cluster:admin/features/reset POST 7.12 /_features/_reset
ingest.geo_ip_stats cluster:monitor/ingest/geoip/stats GET 7.13 /_ingest/geoip/stats
ingest.processor_grok cluster:admin/ingest/processor/grok/get GET 6.1 /_ingest/processor/grok
nodes.hot_threads cluster:monitor/nodes/hot_threads GET 5.4 /_nodes[/{node_id}]/hot_threads
nodes.reload_secure_settings cluster:admin/nodes/reload_secure_settings POST 6.4 /_nodes/reload_secure_settings
nodes.usage cluster:monitor/nodes/usage GET 6.0 /_nodes[/{node_id}]/usage
text_structure.find_structure cluster:monitor/text_structure/findstructure POST 7.13 /_text_structure/find_structure
"""


_SECURITY = """
security.delegate_pki delegate_pki POST 7.4 /delegate_pki
security.enroll_kibana enroll/kibana GET 8.0 /enroll/kibana
security.enroll_node enroll/node GET 8.0 /enroll/node
security.oidc_authenticate oidc/authenticate POST 7.2 /oidc/authenticate
security.oidc_logout oidc/logout POST 7.2 /oidc/logout
security.oidc_prepare_authentication oidc/prepare POST 7.2 /oidc/prepare
security.saml_authenticate saml/authenticate POST 6.2 /saml/authenticate
security.saml_complete_logout saml/complete_logout POST 7.14 /saml/complete_logout
security.saml_invalidate saml/invalidate POST 6.2 /saml/invalidate
security.saml_logout saml/logout POST 6.2 /saml/logout
security.saml_prepare_authentication saml/prepare POST 6.2 /saml/prepare
security.saml_service_provider_metadata saml/spmetadata GET 7.11 /saml/metadata/{realm_name}
"""


class _Table(NamedTuple):
    """Lines, and what is made of their paths and actions."""

    lines: str
    prefixes: tuple[str, ...]
    routes: Callable[[str, str, tuple[int, ...]], Iterable[Route]]
    action: Callable[[str], str]


_TABLES = (
    _Table(
        _ML,
        ("/_ml", "/_xpack/ml"),
        lambda method, path, since: ml(method, path, since=since),
        lambda short: "cluster:{}/xpack/ml/{}".format(*short.split(":")),
    ),
    _Table(_CORE, ("",), lambda method, path, since: (Route(method, path, since=since),), str),
)
_OF_SECURITY = _Table(
    _SECURITY,
    ("/_security", "/_xpack/security"),
    lambda method, path, since: security_routes(method, path, since=since),
    "cluster:admin/xpack/security/{}".format,
)


def unsupported_sources(security: bool = True) -> Iterator[Source]:
    """The operations of the tables above, each for itself; those of security only where it is on."""
    for table in (*_TABLES, _OF_SECURITY) if security else _TABLES:
        for line in table.lines.strip().replace("\n ", " ").split("\n"):
            words = line.split()
            paths = tuple(prefix + path for each in words[4::2] for path in _spelt_out(each) for prefix in table.prefixes)
            yield Source(paths, partial(_operations, table, words))


def _spelt_out(path: str) -> tuple[str, ...]:
    """A path without and with what stands in brackets."""
    before, bracket, rest = path.partition("[")
    within, _, after = rest.partition("]")
    return (before + after, before + within + after) if bracket else (path,)


def _operations(table: _Table, words: list[str]) -> tuple[Operation]:
    name, action, methods, *pairs = words
    routes = [
        route
        for releases, path in zip(pairs[::2], pairs[1::2])
        for each in _spelt_out(path)
        for method in methods.split(",")
        for route in _routes(table, method, each, releases)
    ]
    return (unsupported(name, *routes, action=None if action == "-" else table.action(action)),)


def _routes(table: _Table, method: str, path: str, releases: str) -> Iterator[Route]:
    since, _, until = releases.partition("-")
    last = _release(until) if until else NEVER
    for route in table.routes(method, path, _release(since)):
        yield route._replace(until=min(route.until, last))


def _release(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))
