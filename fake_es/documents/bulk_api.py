"""``_bulk`` (``RestBulkAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents.bulk import Item, failed, read_bulk
from fake_es.documents.document_api import REQUIRE_ALIAS, REQUIRE_STREAM, SOURCE_ON_ERROR, TIMEOUT
from fake_es.documents.update import Updater
from fake_es.documents.write import Writer, WriteResponse
from fake_es.indices.access import indices_of
from fake_es.indices.parameters import ACTIVE_SHARDS, BOOLEAN, REFRESH, ROUTING, SOURCE_FILTER, TEXT, typed_names
from fake_es.indices.types import path_type, routes, typed_routes
from fake_es.search.source_filter import filter_of_query
from fake_es.wire.call import Call
from fake_es.wire.errors import logged_refusal
from fake_es.wire.operation import BodyUse, each_by_itself, operation
from fake_es.wire.parameters import Parameter


def _read(call: Call) -> list[Item]:
    query = call.query
    defaults: dict[str, Any] = {"index": call.path_parameters.get("index", ""), "type_name": path_type(call)}
    defaults |= {name: query[name] for name in ("routing", "pipeline") if name in query}
    if query.get("require_alias") in ("", "true"):
        defaults["require_alias"] = True
    return read_bulk(call.text(), defaults, call.version)


@operation(
    "bulk",
    routes=[*routes("POST,PUT", "/_bulk", "/{index}/_bulk"), *typed_routes("POST,PUT", "/{index}/{type}/_bulk")],
    action="indices:data/write/bulk",
    query=[
        REFRESH,
        ROUTING,
        TIMEOUT,
        ACTIVE_SHARDS,
        Parameter("pipeline", TEXT),
        *SOURCE_FILTER,
        *typed_names("fields"),
        REQUIRE_ALIAS,
        REQUIRE_STREAM,
        SOURCE_ON_ERROR,
        Parameter("list_executed_pipelines", BOOLEAN, False, since=(8, 12)),
    ],
    body=BodyUse.LINES,
    parse=_read,
    names=each_by_itself,
)
def bulk(call: Call, cluster: Cluster) -> Any:
    """Write many documents. Each has its own response; an error of one does not stop the others."""
    indices = indices_of(call, cluster)
    writer, updater = Writer(indices), Updater(indices)
    asked = filter_of_query(call.params)
    errors, items = False, []
    for place, item in enumerate(call.request):
        cluster.let_in()
        if item.update is not None and item.update.source is None:
            item.update.source = asked
        try:
            call.check_item(place)
            done = _carry_out(item, writer, updater, call.version)
        except Exception as error:
            errors = True
            refusal = logged_refusal(error, f"writing an item of {call.method} {call.target}")
            items.append(failed(item, refusal, call.version))
        else:
            answer = done.to_json(call.version, refreshed=call.params["refresh"])
            items.append({item.action: {**answer, "status": done.status}})
    return {"took": 0, "errors": errors, "items": items}


def _carry_out(item: Item, writer: Writer, updater: Updater, release: tuple[int, ...]) -> WriteResponse:
    if item.update is not None:
        return updater.update(item.write, item.update)
    if item.text is None:
        return writer.delete(item.write)
    return writer.put(item.write, writer.read(item.text), item.text, kind=item.action)
