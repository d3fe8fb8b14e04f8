"""The rights of a datafeed: those of its creator, whose headers the server stores (``DatafeedManager``)."""

from __future__ import annotations

import json
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.datafeeds import messages
from fake_es.security.authorization import may_on
from fake_es.security.caller import Caller
from fake_es.security.index_names import is_remote
from fake_es.wire.call import Call
from fake_es.wire.errors import SecurityError

_SEARCH = "indices:data/read/search"


def owner_of(call: Call) -> Caller | None:
    """The user whose rights a new datafeed gets: the secondary user of the call if there is one, else the caller.

    None without security.
    """
    caller: Caller | None = call.user
    return caller if caller is None or caller.secondary is None else caller.secondary


def authorization(call: Call) -> dict[str, Any]:
    """The field ``authorization`` of a configuration (from 8.4), which describes its owner."""
    owner = owner_of(call)
    return {} if owner is None or call.version < (8, 4) else {"authorization": _shown(owner)}


def _shown(owner: Caller) -> dict[str, Any]:
    if owner.is_service:
        return {"service_account": owner.name}
    if owner.key is not None and not owner.runs_as:
        return {"api_key": {"id": owner.key.id, "name": owner.key.name}}
    return {"roles": [] if owner.user is None else list(owner.user.roles)}


def check_may_search(call: Call, cluster: Cluster, tree: dict[str, Any]) -> None:
    """Refuse a datafeed on indices that its creator may not search. Patterns are not expanded.

    :raises SecurityError: 403.
    """
    owner = owner_of(call)
    if owner is None:
        return
    may = {index: may_on(cluster, owner, _SEARCH, index) for index in tree["indices"] if not is_remote(index)}
    if not all(may.values()):
        shown = json.dumps({index: {_SEARCH: granted} for index, granted in may.items()}, separators=(",", ":"))
        names = {"id": tree["datafeed_id"], "user": owner.name}
        raise SecurityError(messages.MISSING_PRIVILEGES.at(call.version, **names, indices=shown))
