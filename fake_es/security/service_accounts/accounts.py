"""The service accounts (``ElasticServiceAccounts``), with their privileges as far as these matter here."""

from __future__ import annotations

from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.security.roles import Role, Roles


class ServiceAccount(NamedTuple):
    """A service account, in releases from ``since`` on and before ``until``; role None stands for ``kibana_system``."""

    name: str
    role: Role | None
    since: tuple[int, ...]
    until: tuple[int, ...] = (99,)


def _on(names: str, privileges: str, *, restricted: bool = False) -> dict[str, Any]:
    entry = {"names": names.split(), "privileges": privileges.split()}
    return entry | {"allow_restricted_indices": True} if restricted else entry


_KIBANA_FLEET = {"application": "kibana-*", "privileges": ["reserved_fleet-setup"], "resources": ["*"]}
_TABLE = (
    # The privileges of auto-ops and fleet-server-remote are not verified in the source.
    ServiceAccount(
        "elastic/auto-ops",
        Role(("monitor", "read_ilm", "read_slm"), (_on("*", "monitor view_index_metadata", restricted=True),)),
        (8, 18),
    ),
    ServiceAccount(
        "elastic/enterprise-search-server",
        Role(("manage", "manage_security"), (_on(
            "search-* .elastic-analytics-collections .ent-search-* .monitoring-ent-search-* metricbeat-ent-search-*"
            " enterprise-search-* logs-app_search.analytics-default logs-elastic_analytics.events-*"
            " logs-enterprise_search.api-default logs-enterprise_search.audit-default"
            " logs-app_search.search_relevance_suggestions-default logs-crawler-default logs-elastic_crawler-default"
            " logs-workplace_search.analytics-default logs-workplace_search.content_events-default .elastic-connectors*",
            "manage read write",
        ),)),
        (8, 1), (9, 0),
    ),
    ServiceAccount(
        "elastic/fleet-server",
        Role(
            ("monitor", "manage_own_api_key"),
            (
                _on(
                    "logs-* metrics-* traces-* .logs-endpoint.diagnostic.collection-* .logs-endpoint.action.responses-*",
                    "write create_index auto_configure",
                ),
                _on("profiling-*", "read write auto_configure"),
                _on("traces-apm.sampled-*", "read monitor maintenance"),
                _on(".fleet-secrets*", "read", restricted=True),
                _on(".fleet-*", "read write monitor create_index auto_configure maintenance", restricted=True),
                _on("synthetics-*", "read write create_index auto_configure"),
            ),
            applications=(_KIBANA_FLEET,),
        ),
        (7, 13),
    ),
    ServiceAccount(
        "elastic/fleet-server-remote",
        Role(
            ("monitor", "manage_own_api_key"),
            (_on("logs-* metrics-* traces-*", "write create_index auto_configure"),),
        ),
        (8, 12),
    ),
    ServiceAccount("elastic/kibana", None, (8, 0)),
)  # fmt: skip


def accounts(version: tuple[int, ...]) -> dict[str, ServiceAccount]:
    """The service accounts of a release, by name."""
    return {account.name: account for account in _TABLE if account.since <= version < account.until}


def role_of(account: str, cluster: Cluster) -> Role:
    """The role of a service account; its name must be one of the release."""
    role = accounts(cluster.version)[account].role
    if role is not None:
        return role
    kibana = cluster.part(Roles).find("kibana_system")
    assert kibana is not None
    return kibana._replace(metadata={"_reserved": True}, reserved=False)
