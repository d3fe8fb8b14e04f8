"""Check requested privileges against those of a user (``AuthorizationService.checkPrivileges``)."""

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


def read_requested(tree: Any) -> dict[str, Any]:
    """The ``cluster``, ``index`` and ``application`` privileges that a body asks about.

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


def check_privileges(requested: dict[str, Any], grants: Grants, cluster: Cluster) -> dict[str, Any]:
    """The response body: ``has_all_requested``, and true or false for each requested privilege.

    :param requested: what ``read_requested`` returns.
    :raises IllegalArgument: a cluster privilege is unknown.
    """
    names = requested.get("cluster", [])
    privileges.check(names, cluster.version)
    on_cluster = {name: grants.includes(name, cluster.version) for name in names}
    on_indices = _on_indices(requested.get("index", ()), grants, cluster.version)
    on_applications = _on_applications(requested.get("application", ()), grants, cluster)
    results = [*on_cluster.values(), *(value for given in on_indices.values() for value in given.values())]
    results += [value for app in on_applications.values() for given in app.values() for value in given.values()]
    shown = {"has_all_requested": all(results), "cluster": on_cluster, "index": on_indices}
    return shown | {"application": on_applications} if cluster.version >= (6, 4) else shown


def _on_indices(requested: Any, grants: Grants, version: tuple[int, ...]) -> dict[str, dict[str, bool]]:
    """Index name -> privilege -> whether it is granted."""
    parts, found = grants.entries(), dict[str, dict[str, bool]]()
    for entry in requested:
        for index in strings(entry["names"]):
            given = found.setdefault(index, {})
            for name in strings(entry["privileges"]):
                given[name] = all(index_privileges.allows(entries, index, name, version) for entries in parts)
    return found


def _on_applications(requested: Any, grants: Grants, cluster: Cluster) -> dict[str, dict[str, dict[str, bool]]]:
    """Application -> resource -> privilege -> whether it is granted."""
    store, found = cluster.part(ApplicationPrivileges), dict[str, dict[str, dict[str, bool]]]()
    parts = [[entry for role in part.values() for entry in role.applications] for part in grants.parts]
    for entry in requested:
        application = str(entry.get("application", ""))
        for resource in strings(entry["resources"]):
            given = found.setdefault(application, {}).setdefault(resource, {})
            for name in strings(entry["privileges"]):
                given[name] = all(store.granted(part, application, resource, name) for part in parts)
    return found
