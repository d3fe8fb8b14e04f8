"""Since which release each named privilege is known: a refusal names all that are."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.api.secured import Secured

# The names that came with a release, of clusters and of indices.
_CLUSTER = {
    "5.4": "all manage manage_index_templates manage_ingest_pipelines manage_ml manage_pipeline manage_security monitor"
    " monitor_ml none transport_client",
    "5.5": "manage_watcher monitor_watcher",
    "6.2": "manage_saml",
    "6.3": "manage_rollup monitor_rollup",
    "6.5": "manage_ccr read_ccr",
    "6.6": "manage_ilm manage_token read_ilm",
    "6.7": "create_snapshot",
    "7.0": "manage_api_key",
    "7.2": "manage_data_frame_transforms manage_oidc monitor_data_frame_transforms",
    "7.4": "delegate_pki manage_own_api_key manage_slm read_slm",
    "7.5": "manage_enrich manage_transform monitor_transform",
    "7.9": "grant_api_key",
    "7.10": "monitor_snapshot",
    "7.11": "manage_autoscaling",
    "7.12": "manage_logstash_pipelines",
    "7.13": "manage_service_account monitor_text_structure",
    "7.14": "cancel_task",
    "7.16": "read_pipeline",
    "8.2": "manage_user_profile",
    "8.3": "read_security",
    "8.5": "monitor_enrich",
    "8.8": "manage_behavioral_analytics manage_search_application post_behavioral_analytics_event",
    "8.9": "cross_cluster_replication cross_cluster_search",
    "8.10": "manage_search_query_rules manage_search_synonyms read_fleet_secrets write_fleet_secrets",
    "8.11": "manage_inference monitor_inference",
    "8.13": "read_connector_secrets write_connector_secrets",
    "8.14": "manage_data_stream_global_retention monitor_data_stream_global_retention",
    "8.15": "manage_connector monitor_connector",
    "8.17": "monitor_stats",
    "9.0": "manage_esql monitor_esql",
    "9.5": "manage_reindex monitor_reindex",
}
_INDEX = {
    "5.4": "all create create_index delete delete_index index manage monitor none read view_index_metadata write",
    "5.6": "read_cross_cluster",
    "6.5": "manage_follow_index",
    "6.6": "manage_ilm",
    "7.0": "manage_leader_index",
    "7.5": "create_doc",
    "7.9": "auto_configure maintenance",
    "8.9": "cross_cluster_replication",
    "8.11": "manage_data_stream_lifecycle",
}
# Each release that brings something, and the one before it.
_OTHERS = "6.0 6.1 6.4 6.8 7.1 7.3 7.8 7.15 7.17 8.0 8.1 8.4 8.7 8.12 8.16 8.19 9.4"
_RELEASES = sorted(
    {*_OTHERS.split(), *_CLUSTER, *_INDEX}, key=lambda release: tuple(int(number) for number in release.split("."))
)


def _expected(table: dict[str, str], release: str) -> list[str]:
    came = _RELEASES[: _RELEASES.index(release) + 1]
    return sorted(name for first, names in table.items() if first in came for name in names.split())


def _refusal(release: str, role: dict[str, Any]) -> str:
    """What is said of a role: where it is made, or (up to 7.4) to whoever has it."""
    fake = _secured(release)
    reply = fake.by("elastic", "PUT", "{security}/role/pilot", role)
    if reply.status == 200:
        fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": ["pilot"]})
        reply = fake.by("joe", "GET", "/")
    assert reply.status == 400, reply.body
    return reply.reason


@cache
def _secured(release: str) -> Secured:
    return Secured(release)


def _named(reason: str) -> list[str]:
    listed = reason.split("privileges [" if "privileges [" in reason else "names [", 1)[1].split("] or a pattern")[0]
    return [entry.partition("=")[0] for entry in listed.split(",")]


@pytest.mark.parametrize("release", _RELEASES)
def test_the_cluster_privileges_of_a_release(release: str) -> None:
    assert _named(_refusal(release, {"cluster": ["nope"]})) == _expected(_CLUSTER, release)


@pytest.mark.parametrize("release", _RELEASES)
def test_the_index_privileges_of_a_release(release: str) -> None:
    role = {"indices": [{"names": ["logs"], "privileges": ["nope"]}]}
    assert _named(_refusal(release, role)) == _expected(_INDEX, release)


@pytest.mark.parametrize("release", ["7.3", "7.17", "8.0", "9.5"])
def test_all_of_them_can_be_asked_for_from_7_3(release: str) -> None:
    found = _secured(release).by("elastic", "GET", "{security}/privilege/_builtin").body
    assert (found["cluster"], found["index"]) == (_expected(_CLUSTER, release), _expected(_INDEX, release))


def test_from_8_17_8_index_privileges_are_listed_by_name() -> None:
    role = {"indices": [{"names": ["logs"], "privileges": ["nope"]}]}
    listed = {release: "[all=[all]," in _refusal(release, role) for release in ("8.16.6", "8.17.7", "8.17.8", "8.18", "9.0")}
    assert listed == {"8.16.6": True, "8.17.7": True, "8.17.8": False, "8.18": False, "9.0": False}
