"""Which of the requested privileges a user has (``AuthorizationService.checkPrivileges``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import index_privileges, messages, privileges
from fake_es.security.applications.store import ApplicationPrivileges
from fake_es.security.bodies import read_fields, strings
from fake_es.security.grants import Grants
from fake_es.wire.errors import ActionRequestValidation, ParseError

_FIELDS = {"cluster": "texts", "index": "objects", "application": "objects"}
_WHAT = "privilege check"


def read_wishes(tree: Any) -> dict[str, Any]:
    """The privileges of a body.

    :raises ElasticsearchError: 400, the body is wrong, or names no privilege.
    """
    found = read_fields(tree, _WHAT, _FIELDS)
    _check_entries(found.get("index", ()), "index", ("names", "privileges"))
    _check_entries(found.get("application", ()), "application", ("privileges", "resources"))
    if not any(found.values()):
        raise ActionRequestValidation(messages.NO_PRIVILEGES_NAMED)
    return found


def _check_entries(entries: Any, kind: str, fields: tuple[str, ...]) -> None:
    for entry in entries:
        if not all(strings(entry.get(field)) for field in fields):
            needed = " and ".join(f"[{field}]" for field in fields)
            raise ParseError(f"failed to parse {_WHAT}. each {kind} entry needs {needed}")


def fulfilled(wishes: dict[str, Any], grants: Grants, cluster: Cluster) -> dict[str, Any]:
    """``has_all_requested``, and true or false for each requested privilege.

    :raises IllegalArgument: a cluster privilege is unknown.
    """
    on_cluster = _on_cluster(wishes.get("cluster", []), grants, cluster)
    on_indices = _on_indices(wishes.get("index", ()), grants, cluster.version)
    on_applications = _on_applications(wishes.get("application", ()), grants, cluster)
    verdicts = [*on_cluster.values(), *(value for given in on_indices.values() for value in given.values())]
    verdicts += [value for app in on_applications.values() for given in app.values() for value in given.values()]
    shown = {"has_all_requested": all(verdicts), "cluster": on_cluster, "index": on_indices}
    return shown | {"application": on_applications} if cluster.version >= (6, 4) else shown


def _on_cluster(wanted: list[str], grants: Grants, cluster: Cluster) -> dict[str, bool]:
    privileges.check(wanted, cluster.version)
    return {name: grants.includes(name, cluster.version) for name in wanted}


def _on_indices(wanted: Any, grants: Grants, version: tuple[int, ...]) -> dict[str, dict[str, bool]]:
    parts, found = grants.entries(), dict[str, dict[str, bool]]()
    for wish in wanted:
        for index in strings(wish["names"]):
            given = found.setdefault(index, {})
            for name in strings(wish["privileges"]):
                given[name] = all(index_privileges.allows(entries, index, name, version) for entries in parts)
    return found


def _on_applications(wanted: Any, grants: Grants, cluster: Cluster) -> dict[str, dict[str, dict[str, bool]]]:
    store, found = cluster.part(ApplicationPrivileges), dict[str, dict[str, dict[str, bool]]]()
    parts = [[entry for role in part.values() for entry in role.applications] for part in grants.parts]
    for wish in wanted:
        application = str(wish.get("application", ""))
        for resource in strings(wish["resources"]):
            given = found.setdefault(application, {}).setdefault(resource, {})
            for name in strings(wish["privileges"]):
                given[name] = all(store.granted(part, application, resource, name) for part in parts)
    return found
