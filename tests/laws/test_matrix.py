"""Every API by every kind of caller in every major release: who is refused is who shall be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from fake_es import FakeElasticsearch
from fake_es.operations import all_operations
from fake_es.wire.operation import Operation
from fake_es.wire.render import Response
from tests.api.secured import ROLES, Secured, basic
from tests.laws.privileges import allowed, kinds
from tests.support import JOB

RELEASES = ("5.4.0", "6.8", "7.17", "8.19", "9.5")

_QUERY: dict[str, Any] = {"query": {"match_all": {}}}
_ROLE: dict[str, Any] = {"cluster": ["monitor"]}
_PIPELINE: dict[str, Any] = {"processors": []}
_EVENTS = {"events": [{"description": "d", "start_time": 1, "end_time": 2}]}
_SETTINGS = {"security": {"index.auto_expand_replicas": "0-all"}}
# The least that can be read, for each API that wants a body.
BODIES: dict[str, Any] = {
    "ml.put_job": JOB, "ml.update_job": {"description": "d"}, "ml.update_model_snapshot": {"retain": True},
    "ml.put_datafeed": {"job_id": "absent", "indices": ["absent"]}, "ml.update_datafeed": {"scroll_size": 10},
    "ml.put_filter": {"items": ["a"]}, "ml.update_filter": {"add_items": ["b"]}, "ml.post_calendar_events": _EVENTS,
    "ml.validate": JOB, "ml.validate_detector": {"function": "count"}, "ml.post_data": {"time": 1},
    "ml.estimate_model_memory": {"analysis_config": JOB["analysis_config"]},
    "cluster.put_settings": {"transient": {}}, "ingest.put_pipeline": _PIPELINE,
    "ingest.simulate": {"pipeline": _PIPELINE, "docs": [{"_source": {}}]},
    "index": {}, "create": {}, "update": {"doc": {"a": 1}}, "indices.put_mapping": {"properties": {}},
    "indices.put_settings": {"index": {"number_of_replicas": 1}},
    "indices.update_aliases": {"actions": [{"add": {"index": "absent", "alias": "a"}}]},
    "indices.put_template": {"index_patterns": ["absent-*"], "template": "absent-*"},
    "indices.put_index_template": {"index_patterns": ["absent-*"]},
    "cluster.put_component_template": {"template": {}}, "delete_by_query": _QUERY, "update_by_query": _QUERY,
    "reindex": {"source": {"index": "absent"}, "dest": {"index": "absent-2"}},
    "bulk": '{"index":{"_index":"absent"}}\n{}\n', "mget": {"docs": [{"_index": "absent", "_id": "1"}]},
    "msearch": '{"index":"absent"}\n{}\n', "close_point_in_time": {"id": "absent"}, "clear_scroll": {"scroll_id": ["absent"]},
    "scroll": {"scroll_id": "absent"},
    "security.put_user": {"password": "secret-absent", "roles": []}, "security.change_password": {"password": "secret-absent"},
    "security.put_role": _ROLE, "security.bulk_put_role": {"roles": {"absent": _ROLE}},
    "security.bulk_delete_role": {"names": ["absent"]}, "security.has_privileges": {"cluster": ["monitor"]},
    "security.create_api_key": {"name": "absent"}, "security.invalidate_api_key": {"name": "absent"},
    "security.grant_api_key": {
        "grant_type": "password", "username": "nobody", "password": "secret-nobody", "api_key": {"name": "absent"},
    },
    "security.clone_api_key": {"api_key": "YTpi", "name": "absent"}, "security.bulk_update_api_keys": {"ids": ["absent"]},
    "security.create_cross_cluster_api_key": {"name": "absent", "access": {"search": [{"names": ["absent"]}]}},
    "security.update_cross_cluster_api_key": {"metadata": {}},
    "security.get_token": {"grant_type": "client_credentials"}, "security.invalidate_token": {"token": "absent"},
    "security.put_privileges": {"absent": {"read": {"actions": ["data:read/*"]}}},
    "security.put_role_mapping": {"roles": ["absent"], "enabled": True, "rules": {"field": {"username": "absent"}}},
    "security.activate_user_profile": {"grant_type": "password", "username": "nobody", "password": "secret-nobody"},
    "security.update_user_profile_data": {"labels": {"a": "b"}}, "security.update_settings": _SETTINGS,
    "security.has_privileges_user_profile": {"uids": ["absent"], "privileges": {"cluster": ["monitor"]}},
    "license.post": {"license": {"uid": "a", "type": "platinum", "issued_to": "us"}},
    "fake.move_clock": {}, "fake.put_delays": {}, "fake.put_licence": {"type": "trial"},
    "fake.verify_calls": {}, "fake.put_fault": {"user": "absent", "status": 503},
}  # fmt: skip
PLACES = {"metric": "_all", "timestamp": "1", "ids": "absent", "task_id": "a:1", "feature": "disk", "type": "doc"}
# What takes from the others what they have comes last; so do those who may do so.
MIGHTY = "all superuser"
LAST = ("license.delete", "fake.reset")
# Of somebody else these would be another affair.
OWN = ("security.has_privileges",)


class Matrix(Secured):
    """A cluster with one of each kind of caller; ``callers`` are their headers, ``privileges`` what they have."""

    def __init__(self, release: str) -> None:
        super().__init__(release)
        self.callers = {
            name: {"authorization": basic(name)} for name in ("monitor_ml", "manage_ml", "monitor", "manage", "all")
        }
        self.privileges = {name: frozenset({name}) for name in self.callers}
        if self.fake.version >= (8, 0):
            self.privileges["monitor"] |= {"sees templates"}
        self._add("superuser", {"authorization": basic("elastic", "changeme")}, "superuser", "all")
        self._add("no role", {"authorization": basic("nobody")})
        annotations = ["writes .ml-annotations"] if self.fake.version >= (6, 6) else []
        self._built_in("machine_learning_user", "monitor_ml", "reads .ml-*", *annotations)
        self._built_in("machine_learning_admin", "manage_ml", "reads .ml-*", *annotations)
        self.by("elastic", "PUT", "{security}/role/acting", {"run_as": ["monitor_ml"]})
        self._user("acting", "acting")
        run_as = {"authorization": basic("acting"), "es_security_runas_user": "monitor_ml"}
        self._add("run as monitor_ml", run_as, "monitor_ml")
        if self.fake.version >= (6, 7):
            described = {"less": {"cluster": ["monitor_ml"]}}
            key = self.by("all", "PUT", "{security}/api_key", {"name": "less", "role_descriptors": described}).body
            token = basic(key["id"], key["api_key"]).replace("Basic", "ApiKey")
            self._add("API key with less", {"authorization": token}, "monitor_ml")

    def _add(self, name: str, headers: dict[str, str], *privileges: str) -> None:
        self.callers[name], self.privileges[name] = headers, frozenset(privileges)

    def _user(self, name: str, role: str) -> None:
        reply = self.by("elastic", "PUT", f"{{security}}/user/{name}", {"password": f"secret-{name}", "roles": [role]})
        assert reply.status == 200, reply.body

    def _built_in(self, role: str, *privileges: str) -> None:
        self._user(role, role)
        self._add(role, {"authorization": basic(role)}, *privileges)

    def operations(self) -> Iterator[tuple[Operation, str, str]]:
        """Each API of the release with a method and a path: the longest, so that it names what it is about."""
        version, last = self.fake.version, list[tuple[int, tuple[Operation, str, str]]]()
        for operation in all_operations():
            routes = [route for route in operation.routes if route.since <= version < route.until]
            routes = [route for route in routes if "{type}" not in route.template or version < (7, 0)] or routes
            if routes:
                choose = min if operation.name in OWN else max
                route = choose(routes, key=lambda route: len(route.template))
                path = re.sub(r"\{(\w+)\}", lambda found: PLACES.get(found[1], "absent"), route.template)
                found = (operation, route.method, path)
                if operation.name in LAST:
                    last.append((LAST.index(operation.name), found))
                else:
                    yield found
        yield from (found for _, found in sorted(last))

    def ask(self, name: str, method: str, path: str, headers: dict[str, str]) -> Response:
        body = BODIES.get(name, b"") if method != "GET" or name in BODIES else b""
        data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        kind = {"content_type": "application/x-ndjson" if isinstance(body, str) else "application/json"} if data else {}
        return self.raw(method, path, data, **kind, **headers)


def is_refused(response: Response) -> bool:
    """Whether it is a refusal for want of a privilege: there are others with the same status."""
    return response.status == 403 and (not response.body or b"is unauthorized for" in response.body)


def test_every_api_has_its_kind() -> None:
    assert {operation.name for operation in all_operations()} == set(kinds()), "see tests/laws/privileges.py"
    assert [operation.name for operation in all_operations() if operation.action is None] == ["cat.help"]


@pytest.mark.parametrize("release", RELEASES)
def test_each_api_is_open_to_whom_it_shall_be_and_to_nobody_else(release: str) -> None:
    matrix, kind, wrong = Matrix(release), kinds(), []
    for operation, method, path in matrix.operations():
        assert operation.name in kind, f"{operation.name} has no privilege in tests/laws/privileges.py"
        for caller in sorted(matrix.callers, key=MIGHTY.find):
            expected = allowed(kind[operation.name], matrix.privileges[caller])
            response = matrix.ask(operation.name, method, path, matrix.callers[caller])
            ok = response.status < 500 or response.status == 501
            if is_refused(response) is expected or response.status == 401 or not ok:
                wrong.append((operation.name, caller, expected, response.status, response.body[:300]))
    assert wrong == []


@pytest.mark.parametrize("release", RELEASES)
def test_nobody_is_let_in_without_good_credentials(release: str) -> None:
    matrix = Matrix(release)
    for operation, method, path in matrix.operations():
        for headers in ({}, {"authorization": basic("monitor_ml", "wrong")}, {"authorization": basic("stranger")}):
            assert matrix.ask(operation.name, method, path, headers).status == 401, operation.name


@pytest.mark.parametrize("release", RELEASES)
def test_nobody_acts_for_another_without_the_right_to(release: str) -> None:
    matrix = Matrix(release)
    headers = {"authorization": basic("all"), "es_security_runas_user": "elastic"}
    for operation, method, path in matrix.operations():
        refused = is_refused(matrix.ask(operation.name, method, path, headers))
        assert refused is (operation.action is not None), operation.name


@pytest.mark.parametrize("release", RELEASES)
def test_with_security_off_nobody_is_refused(release: str) -> None:
    matrix, open_to_all = Matrix(release), FakeElasticsearch(release)
    matrix.fake = open_to_all
    for operation, method, path in matrix.operations():
        if not operation.name.startswith("security."):
            assert matrix.ask(operation.name, method, path, {}).status not in (401, 403), operation.name


def test_the_roles_of_the_matrix_have_the_privilege_they_are_named_after() -> None:
    assert all(ROLES[name] == [name] for name in ("monitor_ml", "manage_ml", "monitor", "manage", "all"))
