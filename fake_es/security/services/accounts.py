"""The service accounts there are (``ElasticServiceAccounts``), with what they may do in the areas emulated."""

from __future__ import annotations

from typing import NamedTuple

from fake_es.security.roles import Role

_WRITE = ("write", "create_index", "auto_configure")
_FLEET = ("read", "write", "monitor", "create_index", "auto_configure", "maintenance")


class ServiceAccount(NamedTuple):
    """A service account, from release ``since`` on and before ``until``."""

    name: str
    role: Role
    since: tuple[int, ...]
    until: tuple[int, ...] = (99,)


_TABLE = (
    ServiceAccount(
        "elastic/auto-ops",
        Role(
            ("monitor", "read_ilm", "read_slm"),
            ({"names": ["*"], "privileges": ["monitor", "view_index_metadata"], "allow_restricted_indices": True},),
        ),
        (8, 18),
    ),
    ServiceAccount(
        "elastic/enterprise-search-server",
        Role(
            ("manage", "manage_security", "read_connector_secrets", "write_connector_secrets"),
            ({"names": ["search-*", ".ent-search-*", ".monitoring-ent-search-*", "logs-enterprise_search*"],
              "privileges": ["manage", "read", "write"]},),
        ),
        (8, 1), (9, 0),
    ),
    ServiceAccount(
        "elastic/fleet-server",
        Role(
            ("monitor", "manage_own_api_key", "read_fleet_secrets", "cluster:admin/xpack/connector/*"),
            (
                {"names": ["logs-*", "metrics-*", "traces-*", "synthetics-*"], "privileges": list(_WRITE)},
                {"names": [".fleet-*"], "privileges": list(_FLEET), "allow_restricted_indices": True},
            ),
            applications=({"application": "kibana-*", "privileges": ["reserved_fleet-setup"], "resources": ["*"]},),
        ),
        (7, 13),
    ),
    ServiceAccount(
        "elastic/fleet-server-remote",
        Role(
            ("monitor", "manage_own_api_key"),
            ({"names": ["logs-*", "metrics-*", "traces-*"], "privileges": list(_WRITE)},),
        ),
        (8, 12),
    ),
    ServiceAccount(
        "elastic/kibana",
        Role(
            ("monitor", "manage_index_templates", "manage_ingest_pipelines", "manage_saml", "manage_token", "manage_oidc",
             "manage_ml", "manage_own_api_key", "manage_user_profile", "manage_transform"),
            ({"names": [".kibana*", ".reporting-*"], "privileges": ["all"], "allow_restricted_indices": True},),
        ),
        (8, 0),
    ),
)  # fmt: skip
_BY_NAME = {account.name: account for account in _TABLE}


def accounts(version: tuple[int, ...]) -> dict[str, ServiceAccount]:
    """The service accounts of a release, by name."""
    return {account.name: account for account in _TABLE if account.since <= version < account.until}


def role_of_account(name: str) -> Role:
    """What a service account may do."""
    return _BY_NAME[name].role
