"""Templates: kept, shown, and what new indices are made of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.answering import Checked, checked
from tests.support import http

TEMPLATE: dict[str, Any] = {
    "index_patterns": ["log-*"],
    "composed_of": ["base"],
    "priority": 5,
    "template": {"mappings": {"properties": {"level": {"type": "keyword"}}}, "aliases": {"all": {}}},
}


@pytest.fixture
def es() -> Checked:
    fake = checked()
    fake("PUT", "/_component_template/base", {"template": {"settings": {"number_of_replicas": 0}}})
    assert fake("PUT", "/_index_template/logs", TEMPLATE).body == {"acknowledged": True}
    return fake


def test_an_index_is_made_by_the_template_that_fits(es: Checked) -> None:
    es("PUT", "/log-1/_doc/1", {"level": "error"})
    shown = es("GET", "/log-1").body["log-1"]
    assert shown["mappings"] == {"properties": {"level": {"type": "keyword"}}}
    assert shown["aliases"] == {"all": {}}
    assert shown["settings"]["index"]["number_of_replicas"] == "0"


def test_templates_are_shown_and_deleted(es: Checked) -> None:
    shown = es("GET", "/_index_template/lo*").body["index_templates"]
    assert [each["name"] for each in shown] == ["logs"]
    assert shown[0]["index_template"]["priority"] == 5
    assert es("HEAD", "/_index_template/logs").status == 200
    assert es("DELETE", "/_component_template/base").reason == (
        "component templates [base] cannot be removed as they are still in use by index templates [logs]"
    )
    es("DELETE", "/_index_template/logs")
    assert es("DELETE", "/_component_template/base").status == 200
    gone = es("GET", "/_index_template/logs")
    assert (gone.status, gone.reason) == (404, "index template matching [logs] not found")
    assert es("DELETE", "/_index_template/logs").type == "index_template_missing_exception"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"index_patterns": ["log-2*"], "priority": 5},
         "index template [more] has index patterns [log-2*] matching patterns from existing templates [logs] with patterns"
         " (logs => [log-*]) that have the same priority [5], multiple index templates may not match during index creation,"
         " please use a different priority"),
        ({"index_patterns": ["a*"], "composed_of": ["gone"]},
         "index_template [more] invalid, cause [index template [more] specifies component templates [gone] that do not exist]"),
        ({"template": {}}, "Required [index_patterns]"),
    ],
)  # fmt: skip
def test_templates_that_cannot_be_had(es: Checked, body: object, reason: str) -> None:
    assert es("PUT", "/_index_template/more", body).reason == reason
    assert es("HEAD", "/_index_template/more").status == 404


def test_an_index_can_be_tried_before_it_is_made(es: Checked) -> None:
    made = es("POST", "/_index_template/_simulate_index/log-9").body["template"]
    assert made["settings"] == {"index": {"number_of_replicas": "0"}}
    assert es("HEAD", "/log-9").status == 404


@pytest.mark.parametrize("release", ["5.6", "6.8", "7.17", "9.5"])
def test_legacy_templates(release: str) -> None:
    fake = http(release)
    fields = {"properties": {"at": {"type": "date"}}}
    mappings = {"event": fields} if fake.fake.version < (7, 0) else fields
    patterns = {"template": "q*"} if release == "5.6" else {"index_patterns": ["q*"]}
    assert fake("PUT", "/_template/q", {**patterns, "order": 1, "mappings": mappings}).status == 200
    shown = fake("GET", "/_template/q").body["q"]
    assert (shown["order"], shown["mappings"]) == (1, mappings)
    assert shown.items() >= patterns.items()
    fake("PUT", "/q1/event/1" if release < "7" else "/q1/_doc/1", {})
    assert fake("GET", "/q1/_mapping").body["q1"]["mappings"] == mappings
    assert fake("GET", "/_template/gone").body == {}
    assert fake("DELETE", "/_template/q").status == 200
    assert fake("DELETE", "/_template/q").type == "index_template_missing_exception"
