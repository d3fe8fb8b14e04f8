"""Whose rights a datafeed has: those of its creator, whose headers the server keeps (``DatafeedManager``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents.search import Target
from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.store import Owner
from fake_es.security.caller import Caller
from fake_es.security.index_privileges import granting, grants
from fake_es.security.roles import Roles
from fake_es.wire.call import Call
from fake_es.wire.errors import SecurityError

_SEARCH = "indices:data/read/search"


def owner_of(call: Call) -> Owner | None:
    """The caller, or whom he names in ``es-secondary-authorization``; None when security is off."""
    primary: Caller | None = call.user
    if primary is None:
        return None
    caller = primary.secondary or primary
    return Owner(caller.name, () if caller.user is None else tuple(caller.user.roles))


def authorization(call: Call) -> dict[str, Any]:
    """What a configuration shows of its owner, from 8.4."""
    owner = owner_of(call)
    return {} if owner is None or call.version < (8, 4) else {"authorization": {"roles": list(owner.roles)}}


def check_may_search(call: Call, cluster: Cluster, tree: dict[str, Any]) -> None:
    """Refuse a datafeed over indices that its creator may not search; patterns are taken as they are written.

    :raises SecurityError: 403.
    """
    owner = owner_of(call)
    if owner is None:
        return
    local = [index for index in tree["indices"] if ":" not in index]
    allowed = {index: _may_search(cluster, owner, index) for index in local}
    if not all(allowed.values()):
        shown = json.dumps({index: {_SEARCH: may} for index, may in allowed.items()}, separators=(",", ":"))
        raise SecurityError(
            messages.MISSING_PRIVILEGES.at(call.version, id=tree["datafeed_id"], user=owner.name, indices=shown)
        )


def _may_search(cluster: Cluster, owner: Owner, index: str) -> bool:
    return _granted(cluster, owner, _SEARCH, index)


def _granted(cluster: Cluster, owner: Owner, action: str, index: str) -> bool:
    roles = cluster.part(Roles).of(owner.roles)
    return grants([entry for role in roles.values() for entry in role.indices], index, action)


def allowed(
    cluster: Cluster, owner: Owner | None, action: str, names: Sequence[str], targets: Sequence[Target]
) -> list[Target]:
    """Those of ``targets`` on which ``owner`` may do ``action``; ``names`` are what they were found by.

    :raises SecurityError: 403, there are others, and they were not found by patterns alone.
    """
    if owner is None:
        return list(targets)
    plain = [name for name in names if "*" not in name]
    # What may be done on an alias may be done on what stands behind it.
    if plain and all(_granted(cluster, owner, action, name) for name in plain) and len(plain) == len(names):
        return list(targets)
    mine = [target for target in targets if _granted(cluster, owner, action, target.index.name)]
    if plain and len(mine) < len(targets):
        raise _unauthorized(cluster, owner, action, plain)
    return mine


def _unauthorized(cluster: Cluster, owner: Owner, action: str, names: Sequence[str]) -> SecurityError:
    words = {"action": action, "user": owner.name, "roles": ",".join(sorted(owner.roles)), "indices": ",".join(names)}
    return SecurityError(messages.UNAUTHORIZED.at(cluster.version, **words, privileges=",".join(granting(action))))
