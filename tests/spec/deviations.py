"""Where the server, and so the emulator, departs from the published specification: each with its reason, all in one place."""

from __future__ import annotations

from typing import Any

# Fields that the server writes and the specification does not name: definition -> field -> schema.
UNNAMED_FIELDS: dict[str, dict[str, Any]] = {
    # ``Job.doXContentBody`` writes the oldest release that can read the snapshot, once a job has one.
    "ml._types.Job": {"model_snapshot_min_version": {"type": "string"}},
    # ``AnomalyScoreExplanation`` has them from 8.8 on, and ``multimodal_distribution``, of which the engine knows nothing.
    "ml._types.AnomalyExplanation": {
        "by_field_first_occurrence": {"type": "boolean"},
        "by_field_relative_rarity": {"type": "number"},
    },
    # When a result was written (elastic/elasticsearch#148583).
    "ml._types.BucketSummary": {"event": {"type": "object"}},
    "ml._types.BucketInfluencer": {"event": {"type": "object"}},
}

# Objects to which the server adds fields that are called as those of the data are (``AnomalyRecord.inputFieldMap``).
OPEN_DEFINITIONS = {"ml._types.Anomaly", "ml._types.Influencer", "ml._types.Category"}

_TASK = {"type": "object", "properties": {"task": {"type": "string"}}, "required": ["task"]}

# ``IndicesAliasesResponse`` says of all changes of aliases whether some failed (from 8.14).
_ALIASES: dict[str, Any] = {
    "type": "object",
    "properties": {"acknowledged": {"type": "boolean"}, "errors": {"type": "boolean"}},
    "required": ["acknowledged", "errors"],
    "additionalProperties": False,
}

# Answers of another shape than the one specified: API -> schema of the other.
OTHER_ANSWERS: dict[str, dict[str, Any]] = {
    "indices.update_aliases": _ALIASES,
    "indices.put_alias": _ALIASES,
    # With ``wait_for_completion=false`` the answer names the task (``RestDeleteJobAction``).
    "ml.delete_job": _TASK,
    "ml.reset_job": _TASK,
}

# Methods of a path that the server has under that API's name, and the specification has not: API -> (method, path).
OTHER_ROUTES: dict[str, set[tuple[str, str]]] = {
    # Other spellings that the REST handlers of the server register (``RestGetMappingAction`` and its neighbours).
    "indices.get_mapping": {("GET", "/_mappings"), ("GET", "/{index}/_mappings")},
    "indices.put_mapping": {("PUT", "/{index}/_mappings"), ("POST", "/{index}/_mappings")},
    "indices.get_alias": {("GET", "/_aliases")},
    "indices.exists_alias": {("HEAD", "/{index}/_alias")},
    "indices.put_alias": {
        *((method, path) for method in ("PUT", "POST") for path in ("/_alias/{name}", "/_aliases/{name}")),
        ("PUT", "/_alias"),
        ("PUT", "/{index}/_alias"),
    },
    "indices.get_settings": {("GET", "/{index}/_setting/{name}")},
}

# Routes that are specified and not emulated.
MISSING_ROUTES: dict[str, set[tuple[str, str]]] = {
    # Specified for the newest release only.
    "cat.count": {("POST", "/_cat/count"), ("POST", "/_cat/count/{index}")},
}

# How a table is shown: taken by all of ``cat`` whether it has such columns or not (``AbstractCatAction``).
_TABLE = {"bytes", "help", "pri", "size", "time", "ts", "v"}
# Taken by releases before; which of the tables still take them at the newest is unverified.
_LOCAL = {"local", "master_timeout"}

# Query parameters that the server reads and the specification does not name (or names for other releases).
OTHER_PARAMETERS: dict[str, set[str]] = {
    # Times of every master-node request (``RestUtils.getAckTimeout``, ``getMasterNodeTimeout``).
    "ml.delete_job": {"timeout", "master_timeout"},
    "ml.delete_datafeed": {"timeout", "master_timeout"},
    "ml.set_upgrade_mode": {"master_timeout"},
    "license.get": {"timeout", "master_timeout"},
    "license.post_start_trial": {"timeout"},
    # A path parameter, which any REST handler finds in the query string as well.
    "ml.get_buckets": {"timestamp"},
    "ml.get_categories": {"category_id"},
    # Read and deprecated (``RestUtils.consumeDeprecatedLocalParameter``).
    "cluster.get_settings": {"local"},
    # The answer is a list of tasks (``RestCancelTasksAction``).
    "tasks.cancel": {"group_by"},
    "cat.aliases": {"local"},
    "cat.count": _LOCAL,
    "cat.health": _LOCAL,
    "cat.indices": {"local"},
    "cat.nodes": {"local"},
}

# The same for all APIs of a namespace.
SHARED_PARAMETERS: dict[str, set[str]] = {"cat": _TABLE}

# Query parameters that are specified and not emulated: they are refused as unrecognized.
MISSING_PARAMETERS: dict[str, set[str]] = {
    # One shard has no slices to be searched apart.
    "msearch": {"_slice"},
    # Tasks move from node to node; there is only one here.
    "tasks.get": {"follow_relocations"},
}

# APIs that are not held against the specification, beside the control room (``fake.*``).
UNSPECIFIED_APIS: set[str] = {
    # They differ from it in a route or a parameter, and nobody has looked yet which of the two is right.
    "indices.clear_cache",
    "indices.close",
    "indices.forcemerge",
    "indices.get_field_mapping",
    "indices.open",
    "indices.put_template",
    "cluster.put_component_template",
    "cluster.get_component_template",
    # The server has it (``RestMasterAction``).
    "cat.master",
}
