"""Wrong use of the Python API and of the command line is refused in one line that says what is right."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from fake_es import FakeElasticsearch, Response
from fake_es.cli import main


@pytest.mark.parametrize(
    ("arguments", "refusal", "said"),
    [
        ({"version": 8}, TypeError, 'version must be text such as "8", not 8'),
        ({"version": 8.19}, TypeError, 'version must be text such as "8.19", not 8.19'),
        ({"users": [("a", "b")]}, TypeError, "a user must be a tuple of name, password and role names"),
        ({"users": ["bob"]}, TypeError, "a user must be a tuple of name, password and role names"),
        ({"users": [("a", "b", "superuser")]}, TypeError, "the roles of user [a] must be a list of names, not 'superuser'"),
        ({"users": [("a", "b", ["nobody"])]}, ValueError, "user [a] has the role [nobody], which is not built in"),
        ({"roles": ["reader"]}, TypeError, 'roles must be a dict such as {"reader": ["monitor_ml"]}'),
        ({"roles": {"r": "manage_ml"}}, TypeError, "the privileges of role [r] must be a list of names, not 'manage_ml'"),
        ({"anonymous": "superuser"}, TypeError, "the roles in anonymous must be a list of names, not 'superuser'"),
        ({"clock": "sundial"}, ValueError, "unknown clock [sundial]: virtual, system or a Clock"),
        ({"licence": "golden"}, ValueError, "unknown licence [golden]: basic"),
        ({"settings": {"xpack.ml.max_open_jobs": "banana"}}, ValueError, "Failed to parse value [banana]"),
        ({"settings": {"xpack.ml.max_job": 1}}, ValueError, "unknown setting [xpack.ml.max_job]"),
        (
            {"settings": {"xpack.security.enabled": True}},
            ValueError,
            "the setting [xpack.security.enabled] is true: give security=True with it",
        ),
    ],
)
def test_arguments(arguments: dict[str, Any], refusal: type[Exception], said: str) -> None:
    with pytest.raises(refusal) as refused:
        FakeElasticsearch(**arguments)
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


def test_roles_of_users_may_be_given_beside_them() -> None:
    fake = FakeElasticsearch("8.19", users=[("a", "b", ["mine", "superuser"])], roles={"mine": ["monitor_ml"]}, security=True)
    assert fake.cluster.settings.accounts[0].roles == ("mine", "superuser")


def test_a_setting_that_says_the_same_as_the_argument() -> None:
    assert FakeElasticsearch(security=True, settings={"xpack.security.enabled": True}).cluster.settings.security


def test_a_body_that_is_not_bytes() -> None:
    with pytest.raises(TypeError, match=r"body must be bytes, such as json.dumps\(...\).encode\(\), not dict"):
        FakeElasticsearch().handle("PUT", "/i/_doc/1", {}, body={"a": 1})


def test_handle_cannot_be_overridden() -> None:
    def handle(self: FakeElasticsearch, *arguments: Any) -> None: ...

    with pytest.raises(TypeError, match=r"Mine\.handle would have no effect"):
        type("Mine", (FakeElasticsearch,), {"handle": handle})
    with pytest.raises(AttributeError):
        FakeElasticsearch().handle = handle  # type: ignore[assignment, misc]


@pytest.mark.parametrize("make", [FakeElasticsearch.client, FakeElasticsearch.async_client])
def test_a_client_that_would_not_speak_to_the_release(make: Callable[..., Any]) -> None:
    newer: Any = SimpleNamespace(__version__=(9, 0, 0))
    said = 'client 9 refuses Elasticsearch 6.8.23: pip install elasticsearch6, then client("elasticsearch6")'
    with pytest.raises(ValueError, match=re.escape(said)):
        make(FakeElasticsearch("6.8"), newer)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("xpack.ml.max_open_jobs=banana", "Failed to parse value [banana] for setting [xpack.ml.max_open_jobs]"),
        ("xpack.ml.no_such=1", "unknown setting [xpack.ml.no_such]"),
    ],
)
def test_settings_of_the_command_line(setting: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "-E", setting]) == 2
    assert capsys.readouterr().err == f"fake-es serve: {said}\n"


def test_a_response_reads_its_json() -> None:
    response: Response = FakeElasticsearch("8.19").handle("GET", "/", {})
    assert response.json()["tagline"] == "You Know, for Search"
