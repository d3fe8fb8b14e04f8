"""A request that is refused changes nothing, however many steps it has."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fuzz.bodies import BODIES
from tests.fuzz.requests import ELASTIC, USUAL, Sent, endpoints
from tests.fuzz.test_requests import may_change
from tests.fuzz.world import World
from tests.support import JOB, Http, http

STATE = (
    "/_mapping", "/_alias", "/_settings", "/_template", "/_index_template", "/_component_template", "/_ingest/pipeline",
    "/_cluster/settings", "/_security/role", "/_security/user", "/_security/role_mapping", "{ml}/anomaly_detectors",
    "{ml}/anomaly_detectors/_stats", "{ml}/datafeeds", "{ml}/datafeeds/_stats", "{ml}/calendars", "{ml}/filters",
    "/_cat/indices?h=index,status,docs.count&s=index&expand_wildcards=all",
)  # fmt: skip
# What is put in the place of a part of a good body.
JUNK: tuple[Any, ...] = (
    None, True, -1, 0, "", ".a", "*", 1e308, [], {}, ["x"], {"a": 1}, "x" * 300, "a b", [{}], "_all", "\ud800", 10**30, "now",
    "logs", "a", [None], "<l-{now}>", "A",
)  # fmt: skip


def job_with(*names: str, kind: str = "influencers", **more: Any) -> dict[str, Any]:
    config = {**JOB["analysis_config"]}
    if kind == "influencers":
        config["influencers"] = list(names)
    else:
        config["detectors"] = [{"function": "count", kind: name} for name in names]
    return {**JOB, "analysis_config": config, **more}


def seen(fake: Http) -> list[Any]:
    return [fake.raw("GET", path.replace("{ml}", fake.prefix)).body for path in STATE]


@pytest.mark.parametrize("release", ["5.6", "7.17", "9.5"])
@pytest.mark.parametrize(
    ("job", "reason"),
    [
        (job_with(*map(str, range(1500)), results_index_name="own"), "total_fields.limit setting will be violated"),
        (job_with(*map(str, range(1500))), "total_fields.limit setting will be violated"),
        (job_with(".a", kind="by_field_name", results_index_name="own"), "field name cannot be an empty string"),
        (job_with("ok", "a.", kind="partition_field_name", results_index_name="own"), "field name cannot be an empty string"),
        (job_with("a..b", kind="over_field_name"), "field name cannot be an empty string"),
        (job_with("job_id.x", kind="by_field_name", results_index_name="own"), "mapping"),
        (job_with("a", "a.b"), ""),
    ],
)  # fmt: skip
def test_a_refused_job_leaves_no_results_index(release: str, job: dict[str, Any], reason: str) -> None:
    fake = http(release)
    before = seen(fake)
    refused = fake.put("x", job)
    assert refused.status == 400
    assert reason in refused.reason
    assert seen(fake) == before
    assert fake.put("x").status == 200


def test_a_refused_job_leaves_the_index_of_others_as_it_was() -> None:
    fake = http("9.5")
    fake.put("other", {**JOB, "results_index_name": "own"})
    before = seen(fake)
    for job in (job_with("new", ".a", results_index_name="own"), job_with(*map(str, range(1500)), results_index_name="own")):
        assert fake.put("x", job).status == 400
        assert seen(fake) == before


def test_a_job_whose_alias_is_the_name_of_an_index() -> None:
    fake = http("9.5")
    fake("PUT", "/.ml-anomalies-.write-x")
    before = seen(fake)
    refused = fake.put("x", job_with("new", results_index_name="own"))
    assert (refused.status, seen(fake)) == (400, before)


def test_a_refused_datafeed_takes_its_job_with_it() -> None:
    fake = http("9.5")
    before = seen(fake)
    feeds: list[dict[str, Any]] = [{"indices": []}, {"job_id": "y"}, {"indices": ["a"], "query": {"nope": {}}}]
    for feed in feeds:
        assert fake.put("x", {**JOB, "datafeed_config": feed}).status >= 400
        assert seen(fake) == before


@pytest.mark.parametrize(
    "actions",
    [
        [{"add": {"index": "logs", "alias": "new"}}, {"remove": {"index": "logs", "alias": "none"}}],
        [{"add": {"index": "logs", "alias": "new"}}, {"add": {"index": "logs", "alias": "more"}}],
        [{"remove_index": {"index": "logs"}}, {"add": {"index": "logs", "alias": "new"}}],
        [{"remove_index": {"index": "logs"}}, {"remove_index": {"index": "missing"}}],
        [{"remove": {"index": "logs", "alias": "al"}}, {"add": {"index": "logs", "alias": "BAD NAME,"}}],
    ],
)
def test_actions_on_aliases(actions: list[Any]) -> None:
    fake = http("9.5")
    fake("PUT", "/logs", {"aliases": {"al": {}}})
    fake("PUT", "/more")
    before = seen(fake)
    assert fake("POST", "/_aliases", {"actions": actions}).status >= 400
    assert seen(fake) == before


def test_an_index_gives_its_name_to_an_alias() -> None:
    """What is removed goes first, once, however often it is named."""
    fake = http("9.5")
    fake("PUT", "/old")
    fake("PUT", "/new")
    gone = {"remove_index": {"index": "old"}}
    assert fake("POST", "/_aliases", {"actions": [{"add": {"index": "new", "alias": "old"}}, gone, gone]}).status == 200
    assert list(fake("GET", "/old/_alias").body) == ["new"]


def test_several_indices_or_none() -> None:
    fake = http("9.5")
    for name, kind in (("a", "keyword"), ("b", "long")):
        fake("PUT", f"/{name}", {"mappings": {"properties": {"f": {"type": kind}}}})
    before = seen(fake)
    assert fake("PUT", "/a,b/_mapping", {"properties": {"g": {"type": "long"}, "f": {"type": "keyword"}}}).status == 400
    assert fake("PUT", "/a,b/_settings", {"number_of_replicas": 0, "number_of_shards": 3}).status == 400
    assert fake("DELETE", "/a,missing").status == 404
    assert fake("POST", "/a,missing/_close").status == 404
    assert seen(fake) == before


def test_a_type_is_claimed_of_all_indices_or_of_none() -> None:
    fake = http("6.2")
    fake("PUT", "/b/y/1", {"n": 1})
    fake("PUT", "/a")
    assert fake("PUT", "/a,b/_mapping/x", {"properties": {"g": {"type": "long"}}}).status == 400
    assert fake("PUT", "/a/z/1", {"n": 1}).status == 201


def _places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, inner in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from _places(inner, (*path, key))


def _replaced(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(tree, dict):
        return {key: _replaced(inner, path[1:], value) if key == path[0] else inner for key, inner in tree.items()}
    return [_replaced(inner, path[1:], value) if place == path[0] else inner for place, inner in enumerate(tree)]


def nearly_good(chance: random.Random, release: str) -> Sent:
    """A good body of an operation that changes something, with one part of it spoilt."""
    able = [each for each in endpoints(release, True) if each.operation.name in BODIES and each.route.method != "GET"]
    endpoint = chance.choice(able)
    tree = chance.choice(BODIES[endpoint.operation.name])
    if isinstance(tree, str):
        lines = tree.split("\n")
        lines[chance.randrange(len(lines))] = chance.choice(("{", "{}", "x", '{"index":{"_index":""}}', '{"n":1e999}'))
        body = "\n".join(lines)
    else:
        body = json.dumps(_replaced(tree, chance.choice(list(_places(tree))), chance.choice(JUNK)))
    parts = endpoint.route.template.split("/")
    path = "/".join(chance.choice((*USUAL.get(part, ("a",)), "new")) if part.startswith("{") else part for part in parts)
    headers = {"content-type": "application/json", "authorization": ELASTIC}
    return Sent(endpoint.route.method, path, headers, body.encode())


@pytest.mark.parametrize("release", ["6.8", "9.5"])
def test_whatever_is_refused_leaves_the_cluster_as_it_was(release: str) -> None:
    chance = random.Random(release)
    world, before = World(release, True), None
    for _ in range(60):
        sent, now = nearly_good(chance, release), world.now
        before = before or _state(world)
        answer = world.send(sent)
        assert b"fake_es_internal" not in answer.body, (sent, answer)
        if answer.status < 400 or world.now != now or may_change(sent, answer):
            before = None
        else:
            assert _state(world) == before, (sent, answer)


def _state(world: World) -> list[bytes]:
    prefix = "/_xpack/ml" if world.fake.version < (7, 0) else "/_ml"
    headers = {"authorization": ELASTIC}
    return [world.send(Sent("GET", path.replace("{ml}", prefix), headers, b"")).body for path in STATE]
