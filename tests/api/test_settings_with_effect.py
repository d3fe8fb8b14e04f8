"""A setting that is taken has its effect, or it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import FakeElasticsearch
from tests.support import RELEASES, Http, http

OFF = {"xpack.ml.enabled": "false"}
FEW = ("5.4.0", "6.8", "7.17", "9.5")


def without_ml(release: str) -> Http:
    return http(release, settings=OFF)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "{ml}/anomaly_detectors/x/_open"),
        ("GET", "{ml}/anomaly_detectors/x/_stats"),
        ("POST", "{ml}/datafeeds/d/_start"),
    ],
)
def test_without_machine_learning_there_are_no_routes_of_it(release: str, method: str, path: str) -> None:
    reply = without_ml(release)(method, path)
    assert reply.status == 400
    text = reply.body if isinstance(reply.body, str) else reply.reason
    assert text.lower().startswith("no handler found for uri")


def test_nor_are_there_tables() -> None:
    assert http()("GET", "/_cat/ml/datafeeds").status == 200
    assert without_ml("9.5")("GET", "/_cat/ml/datafeeds").status == 400


@pytest.mark.parametrize("release", ["7.17", "9.5"])
def test_nor_are_there_those_that_are_not_emulated(release: str) -> None:
    assert http(release)("PUT", "/_ml/data_frame/analytics/a", {}).status == 501
    assert without_ml(release)("PUT", "/_ml/data_frame/analytics/a", {}).status == 400


@pytest.mark.parametrize("release", FEW)
@pytest.mark.parametrize("enabled", [True, False])
def test_the_feature_and_its_usage_say_so(release: str, enabled: bool) -> None:
    fake = http(release, settings={"xpack.ml.enabled": enabled})
    feature = fake("GET", "/_xpack").body["features"]["ml"]
    assert (feature["available"], feature["enabled"]) == (True, enabled)
    if release < "8":
        assert (feature["native_code_info"]["version"] == "N/A") is not enabled
    usage = fake("GET", "/_xpack/usage").body["ml"]
    assert usage["enabled"] is enabled
    if release != "5.4.0":
        assert usage["jobs"] == ({"_all": usage["jobs"].get("_all")} if enabled else {})
        assert usage.get("node_count", int(enabled)) == int(enabled)


@pytest.mark.parametrize("release", FEW)
def test_the_node_has_no_attributes_of_it(release: str) -> None:
    def node(fake: Http) -> Any:
        return next(iter(fake("GET", "/_nodes").body["nodes"].values()))

    def of_ml(fake: Http) -> list[str]:
        return [name for name in node(fake).get("attributes", {}) if name.startswith("ml.") or name == "max_running_jobs"]

    assert of_ml(http(release))
    assert not of_ml(without_ml(release))
    if release == "7.17":
        assert "ml" in node(http(release))["roles"]
        assert "ml" not in node(without_ml(release))["roles"]


def test_closing_of_indices_can_be_forbidden() -> None:
    fake = http()
    fake("PUT", "/i")
    fake("PUT", "/_cluster/settings", {"persistent": {"cluster.indices.close.enable": False}})
    reply = fake("POST", "/i/_close")
    assert (reply.status, reply.type) == (500, "illegal_state_exception")
    assert reply.reason.startswith("closing indices is disabled - set [cluster.indices.close.enable: true] to enable it.")
    fake("PUT", "/_cluster/settings", {"persistent": {"cluster.indices.close.enable": None}})
    assert fake("POST", "/i/_close").status == 200


@pytest.mark.parametrize(
    ("key", "value", "default"),
    [
        ("cluster.blocks.read_only", "true", "false"),
        ("cluster.max_shards_per_node", "1", "1000"),
        ("search.max_open_scroll_context", "1", "500"),
        ("indices.breaker.total.limit", "10%", "95%"),
        ("xpack.ml.max_ml_node_size", "1gb", "0b"),
        ("cluster.remote.other.seeds", "127.0.0.1:9300", None),
    ],
)
def test_what_has_no_effect_here_is_taken_with_its_default_alone(key: str, value: str, default: str | None) -> None:
    fake = http()
    reply = fake("PUT", "/_cluster/settings", {"persistent": {key: value}})
    assert (reply.status, reply.type) == (501, "fake_es_not_implemented_exception")
    assert reply.reason == f"fake_es does not do what the setting [{key}] asks for"
    assert fake("GET", "/_cluster/settings").body["persistent"] == {}
    assert fake("PUT", "/_cluster/settings", {"persistent": {key: default}}).status == 200
    with pytest.raises(ValueError, match="does not do what the setting"):
        FakeElasticsearch(settings={key: value})
