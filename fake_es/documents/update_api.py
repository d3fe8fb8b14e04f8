"""``_update`` (``RestUpdateAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents.document_api import COMPARE, REQUIRE_ALIAS, SOURCE_ON_ERROR, TIMEOUT, VERSION, write_of
from fake_es.documents.update import Updater, UpdateRequest, read_update
from fake_es.documents.write import Writer
from fake_es.indices.access import indices_of
from fake_es.indices.active_shards import wait_for_active_shards
from fake_es.indices.parameters import ACTIVE_SHARDS, INT, REFRESH, ROUTING, SOURCE_FILTER, TEXT, typed_names
from fake_es.indices.types import TYPELESS, routes, typed_routes
from fake_es.search.source_filter import filter_of_query
from fake_es.wire.call import Answer, Call
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter


def _read(call: Call) -> UpdateRequest:
    update = read_update(call.text(), call.version)
    update.check()
    return update


@operation(
    "update",
    routes=[*routes("POST", "/{index}/_update/{id}", since=(6, 8)), *typed_routes("POST", "/{index}/{type}/{id}/_update")],
    action="indices:data/write/update",
    query=[
        *COMPARE,
        *(parameter._replace(until=TYPELESS) for parameter in VERSION),
        *SOURCE_FILTER,
        *typed_names("parent", "timestamp", "ttl", "fields"),
        REFRESH,
        ROUTING,
        TIMEOUT,
        ACTIVE_SHARDS,
        REQUIRE_ALIAS,
        SOURCE_ON_ERROR,
        Parameter("retry_on_conflict", INT, 0),
        Parameter("lang", TEXT),
    ],
    body=BodyUse.REQUIRED,
    parse=_read,
)
def update(call: Call, cluster: Cluster) -> Any:
    """Update a document, or insert it if it does not exist."""
    write, body = write_of(call, "update"), call.request
    body.check(write.if_seq_no, call.params["retry_on_conflict"])
    from_parameters = filter_of_query(call.params)
    body.source = body.source if from_parameters is None else from_parameters
    indices = indices_of(call, cluster)
    wait_for_active_shards(call, cluster, Writer(indices).target(write, "update"))
    done = Updater(indices).update(write, body)
    return Answer(done.status, done.to_json(call.version, refreshed=call.params["refresh"]))
