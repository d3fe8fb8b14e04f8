"""``_stats``, ``_resolve/index`` and ``_analyze`` (``RestIndicesStatsAction`` and so on)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fake_es.analysis.analyzers import analyze_text
from fake_es.cluster import Cluster
from fake_es.indices import index_stats, messages
from fake_es.indices.access import indices_in_path, indices_of
from fake_es.indices.active_shards import broadcast_shards
from fake_es.indices.expressions import IndicesOptions, matching
from fake_es.indices.parameters import BOOLEAN, IGNORE_THROTTLED, INDICES, SEARCHING, TEXT, options_of, strings
from fake_es.indices.types import routes
from fake_es.mapping.text_fields import analyzer_name
from fake_es.security.index_names import parse_expression
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import ANY, STRINGS, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]


@operation(
    "indices.stats",
    routes=routes("GET", "/_stats", "/_stats/{metric}", "/{index}/_stats", "/{index}/_stats/{metric}"),
    action="indices:monitor/stats",
    query=[
        *(parameter for parameter in INDICES if parameter.name == "expand_wildcards"),
        *(Parameter(name, TEXT) for name in ("completion_fields", "fielddata_fields", "fields", "groups")),
        Parameter("level", TEXT, "indices"),
        Parameter("forbid_closed_indices", BOOLEAN, True, since=(7, 2)),
        Parameter("include_segment_file_sizes", BOOLEAN, False),
        Parameter("include_unloaded_segments", BOOLEAN, False, since=(7, 2)),
        Parameter("types", TEXT, until=(8, 0)),
    ],
)
def stats(call: Call, cluster: Cluster) -> Any:
    """Statistics of indices: the number of their documents, and an estimate of their size."""
    level, metrics = call.params["level"], strings(call.path_parameters.get("metric", "_all"))
    if level not in ("cluster", "indices", "shards"):
        raise IllegalArgument(messages.BAD_LEVEL.format(value=level))
    index_stats.check_metrics(metrics, call.path, call.version)
    indices = indices_in_path(call, cluster, SEARCHING)
    response: Tree = {"_shards": broadcast_shards(indices), "_all": index_stats.total(indices, metrics)}
    if level == "cluster":
        return response
    return response | {"indices": {index.name: index_stats.of_index(index, metrics, call.version) for index in indices}}


@operation(
    "indices.resolve_index",
    routes=[*routes("GET", "/_resolve/index/{name}", since=(7, 9)), *routes("POST", "/_resolve/index/{name}", since=(9, 2))],
    action="indices:admin/resolve/index",
    query=[
        Parameter("expand_wildcards", TEXT),
        Parameter("ignore_unavailable", BOOLEAN, since=(8, 13)),
        IGNORE_THROTTLED._replace(since=(8, 13)),
        Parameter("allow_no_indices", BOOLEAN, since=(8, 13)),
        Parameter("mode", TEXT, since=(9, 2)),
    ],
    names=lambda call: call.path_parameters["name"].split(","),
)
def resolve_index(call: Call, cluster: Cluster) -> Any:
    """The indices and aliases that names and patterns match."""
    expression, indices = call.path_parameters["name"], indices_of(call, cluster)
    options = options_of(call, IndicesOptions())
    found = indices.resolve(expression, replace(options, forbids_closed=False))
    parts = [part.text for part in parse_expression(expression, call.now) if not part.excluded]
    named = {target.index.name for target in found if any(matching(part, [target.index.name]) for part in parts)}
    aliases = [alias for alias in indices.aliases() if any(matching(part, [alias]) for part in parts)]
    return {
        "indices": [_resolved(target.index, call.version) for target in found if target.index.name in named],
        "aliases": [{"name": alias, "indices": [index.name for index in indices.aliased(alias)]} for alias in aliases],
        "data_streams": [],
    }


def _resolved(index: Any, release: tuple[int, ...]) -> Tree:
    entry: Tree = {"name": index.name}
    if index.aliases:
        entry["aliases"] = sorted(index.aliases)
    entry["attributes"] = sorted(["closed" if index.closed else "open"] + (["hidden"] if index.hidden else []))
    return entry | ({"mode": str(index.settings.get("index.mode", "standard"))} if release >= (9, 1) else {})


_ANALYZE = ObjectParser(
    "analyze_request",
    [
        *(Field(name, ANY) for name in ("analyzer", "tokenizer", "field", "filter", "char_filter", "normalizer", "explain")),
        Field("text", STRINGS),
        Field("attributes", ANY),
    ],
)


def _index_of_analyzers(call: Call) -> list[str]:
    """The index whose analyzers are used; without one they are those of the node."""
    name = call.path_parameters.get("index") or call.params["index"]
    return [] if name is None else [name]


@operation(
    "indices.analyze",
    routes=routes("GET,POST", "/_analyze", "/{index}/_analyze"),
    action="indices:admin/analyze",
    query=[Parameter("index", TEXT), *(Parameter(name, TEXT, until=(6, 0)) for name in ("analyzer", "text", "field"))],
    body=BodyUse.OPTIONAL,
    names=_index_of_analyzers,
    acts=lambda call: None if _index_of_analyzers(call) else "cluster:admin/analyze",
    parse=lambda call: _ANALYZE.parse_text(call.json_body()) if call.body.strip() else {},
)
def analyze(call: Call, cluster: Cluster) -> Any:
    """The tokens of texts."""
    given = {name: value for name, value in call.params.items() if value is not None and name != "index"}
    names = _index_of_analyzers(call)
    index = indices_of(call, cluster).single(names[0]) if names else None
    given |= call.request
    if index is None:
        return {"tokens": analyze_text(given, call.version, cluster.let_in)}
    type_ = index.mapping.field(str(given["field"])) if given.get("field") is not None else None
    field_analyzer = "standard" if type_ is None else analyzer_name(type_) if type_.is_text else "keyword"
    return {"tokens": analyze_text(given, call.version, cluster.let_in, field_analyzer, index.settings)}
