"""Who may do everything with ``my-*``, and nothing else, gets at nothing else: by no operation and no spelling of a name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_es.indices.system_indices import SystemIndices
from fake_es.operations import route_table
from fake_es.security.denials import is_cluster_action
from fake_es.version import parse_version
from fake_es.wire.endpoint import Endpoint
from fake_es.wire.operation import Operation
from tests.api.secured import Secured
from tests.laws.test_matrix import BODIES
from tests.support import JOB, Reply

RELEASES = ("5.6", "6.8", "7.17", "8.19", "9.5")
# What stands in documents, mappings and settings of ``secret``, and in no name that bob could know.
HIDDEN = "hidden"
MATCH_ALL: dict[str, Any] = {"query": {"match_all": {}}}

# Each names something that is not bob's, and no pattern excuses it.
NAMED = (
    "secret", "secret,my-1", "my-1,secret", "my-*,secret", "my-*,-my-1,secret", " secret", "secret-by-alias", ".ml-config",
    "<secret>", "<secret-{now/d}>", "<secret-{now/d{yyyy.MM.dd|+00:00}}>", "my-1,<secret-{now/d{yyyy.MM.dd|+00:00}}>",
    "-secret", "+secret", "x:secret", "my-1,x:secret", "secret,-my-*", "secret-closed", "secret::data",
)  # fmt: skip
# These mean what may be seen, and may come to nothing.
PATTERNS = (
    "*",
    "_all",
    "",
    ",",
    "sec*",
    "*secret",
    "my-*,sec*",
    "*,-my-*",
    ".ml-*",
    "<sec*-{now/d}>",
    "*:secret",
    "*:*",
    "-my-1,*",
)
FLAGS = (
    "ignore_unavailable=true", "expand_wildcards=all", "allow_no_indices=false", "ignore_unavailable=true&expand_wildcards=all",
)  # fmt: skip
# Their routes have an index, or an alias, in the place of a name.
NAMES_BY_NAME = {
    "indices.resolve_index", "indices.get_data_stream", "cat.aliases", "indices.get_alias", "indices.exists_alias",
}  # fmt: skip
# They name no index, and are held to whoever opened what they are about.
WITHOUT_NAMES = {"scroll", "clear_scroll", "close_point_in_time"}


class World(Secured):
    """Indices of bob and of others; ``into-*`` are pipelines that send documents elsewhere."""

    def __init__(self, release: str) -> None:
        super().__init__(release)
        self.type = "doc" if self.fake.version < (7, 0) else "_doc"
        self.indices = self.fake.cluster.part(SystemIndices)
        for name in ("secret", "%3Csecret-%7Bnow%2Fd%7D%3E", "secret-closed"):
            self.by("elastic", "PUT", f"/{name}/{self.type}/1", {f"{HIDDEN}_field": HIDDEN})
        self.by("elastic", "POST", "/secret-closed/_close")
        self.by("elastic", "PUT", "/secret/_alias/secret-by-alias")
        self.by("elastic", "PUT", "{ml}/anomaly_detectors/x", JOB | {"description": HIDDEN})
        for name in ("secret", ".ml-config", "<secret-{now/d{yyyy.MM.dd|+00:00}}>"):
            step = {"set": {"field": "_index", "value": name}}
            path = f"/_ingest/pipeline/into-{name.strip('.<').partition('-{')[0]}"
            assert self.by("elastic", "PUT", path, {"processors": [step]}).status == 200
        pipelines = "manage_pipeline" if self.fake.version < (6, 0) else "manage_ingest_pipelines"
        role = {"cluster": [pipelines], "indices": [{"names": ["my-*"], "privileges": ["all"]}]}
        assert self.by("elastic", "PUT", "{security}/role/mine", role).status in (200, 400)
        if self.by("elastic", "GET", "{security}/role/mine").status != 200:
            role["cluster"] = ["manage_pipeline"]
            assert self.by("elastic", "PUT", "{security}/role/mine", role).status == 200
        self.by("elastic", "PUT", "{security}/user/bob", {"password": "secret-bob", "roles": ["mine"]})

    def ask(self, method: str, target: str, body: Any = None) -> Reply:
        """A request of bob's, who has an index with one document."""
        mine = self.indices.named("my-1")
        if mine is None or mine.closed or mine.get("1") is None:
            if mine is not None:
                self.indices.drop(mine)
            self.indices.put("my-1", "1", {"a": "mine"})
        return self.by("bob", method, target, body)

    def others(self) -> list[Any]:
        """All there is that is not bob's."""
        return [
            (
                index.name, index.closed, dict(index.settings), index.mapping.to_json(), sorted(index.aliases),
                [(document.id, document.version, json.dumps(document.source)) for document in index],
            )
            for index in self.indices
            if not index.name.startswith("my-")
        ]  # fmt: skip


@cache
def takes_indices(release: str) -> tuple[Endpoint, ...]:
    """Routes of the operations that are decided by privileges on indices."""
    table = route_table(parse_version(release), True)
    return tuple(each for each in table if each.operation.supported and on_indices(each.operation))


def on_indices(operation: Operation) -> bool:
    return operation.action is not None and not is_cluster_action(operation.action)


class Asked(NamedTuple):
    """A request; ``name`` is of the operation."""

    name: str
    method: str
    target: str
    body: Any = None


def written(text: str) -> str:
    return quote(text, safe="")


def by_path(release: str, spelling: str, kind: str) -> Iterator[Asked]:
    """Every route that has a place for the name of an index."""
    values = {
        "index": spelling, "type": kind, "id": "1", "metric": "_all", "fields": "*", "name": "my-a", "block": "write",
        "target": "my-2", "new_index": "my-2",
    }  # fmt: skip
    for endpoint in takes_indices(release):
        operation, template = endpoint.operation, endpoint.route.template
        named = operation.name in NAMES_BY_NAME and "{index}" not in template
        if "{index}" not in template and not (named and "{name}" in template):
            continue
        values["name"] = spelling if named else "my-a"
        parts = [written(values[part[1:-1]]) if part.startswith("{") else part for part in template.split("/")]
        if "" in parts[1:]:
            continue
        yield Asked(operation.name, endpoint.route.method, "/".join(parts), BODIES.get(operation.name))


def by_query(spelling: str, kind: str) -> Iterator[Asked]:
    """Parameters of the query that name an index, or a pipeline that does."""
    yield Asked("indices.analyze", "POST", f"/_analyze?index={written(spelling)}", {"text": "a"})
    yield Asked("msearch", "POST", f"/_msearch?index={written(spelling)}", "{}\n{}\n")
    if spelling != "secret":
        return
    for pipeline in ("into-secret", "into-ml-config"):
        yield Asked("index", "PUT", f"/my-1/{kind}/5?pipeline={pipeline}", {})
        yield Asked("index", "POST", f"/my-1/{kind}?pipeline={pipeline}", {})
        yield Asked("bulk", "POST", f"/_bulk?pipeline={pipeline}", lines({"index": {"_index": "my-1", "_type": kind}}, {}))
        yield Asked("update_by_query", "POST", f"/my-1/_update_by_query?pipeline={pipeline}", MATCH_ALL)


def by_body(spelling: str, kind: str) -> Iterator[Asked]:
    """Places of bodies that name an index."""
    place = {"_index": spelling, "_type": kind, "_id": "1"}
    yield Asked("bulk", "POST", "/_bulk", lines({"index": place}, {}))
    yield Asked("bulk", "POST", "/my-1/_bulk", lines({"create": place | {"_id": "2"}}, {}))
    yield Asked("bulk", "POST", "/_bulk", lines({"update": place}, {"doc": {"a": 1}, "_source": True}))
    yield Asked("bulk", "POST", "/_bulk", lines({"delete": place}))
    yield Asked("mget", "POST", "/my-1/_mget", {"docs": [place]})
    for index in (spelling, [spelling], ["my-1", spelling]):
        yield Asked("msearch", "POST", "/my-1/_msearch", lines({"index": index}, {}))
        yield Asked("reindex", "POST", "/_reindex", {"source": {"index": index}, "dest": {"index": "my-copy"}})
    yield Asked("reindex", "POST", "/_reindex", {"source": {"index": "my-1"}, "dest": {"index": spelling}})
    into = {"index": "my-copy", "pipeline": "into-secret"}
    yield Asked("reindex", "POST", "/_reindex", {"source": {"index": "my-1"}, "dest": into})
    for action in (
        {"add": {"index": spelling, "alias": "my-a"}}, {"add": {"indices": ["my-1", spelling], "alias": "my-a"}},
        {"add": {"index": "my-1", "alias": spelling}}, {"add": {"index": "my-1", "aliases": ["my-a", spelling]}},
        {"remove": {"index": spelling, "alias": "*"}}, {"remove_index": {"index": spelling}},
    ):  # fmt: skip
        yield Asked("indices.update_aliases", "POST", "/_aliases", {"actions": [action]})
    yield Asked("indices.create", "PUT", "/my-new", {"aliases": {spelling: {}}})


def lines(*trees: Any) -> str:
    return "".join(json.dumps(tree) + "\n" for tree in trees)


def untyped(asked: Asked, world: World) -> Asked:
    """Without the names of types, where the release has none."""
    if world.fake.version < (8, 0) or asked.body is None:
        return asked
    text = asked.body if isinstance(asked.body, str) else json.dumps(asked.body)
    return asked._replace(body=text.replace(f'"_type": "{world.type}", ', ""))


def requests(world: World, release: str, spelling: str) -> Iterator[Asked]:
    for asked in (
        *by_path(release, spelling, world.type), *by_query(spelling, world.type), *by_body(spelling, world.type),
    ):  # fmt: skip
        yield untyped(asked, world)


def is_refused(reply: Reply) -> bool:
    """As a whole, or in each of its items."""
    if reply.status >= 400:
        return True
    if not isinstance(reply.body, dict):
        return False
    items = reply.body.get("items") or reply.body.get("docs") or reply.body.get("responses") or []
    return bool(items) and all('"error"' in json.dumps(item) for item in items)


def some(spellings: tuple[str, ...], release: str) -> tuple[str, ...]:
    """A third of them, another with each release; all of them come at the newest and, marked nightly, at each."""
    return spellings if release == RELEASES[-1] else spellings[RELEASES.index(release) % 3 :: 3]


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_named_is_refused_and_neither_read_nor_changed(release: str) -> None:
    check_named(release, some(NAMED, release))


@pytest.mark.nightly
@pytest.mark.parametrize("release", RELEASES)
def test_every_spelling_at_every_release(release: str) -> None:
    check_named(release, NAMED)
    check_patterns(release, PATTERNS + NAMED)


def check_named(release: str, spellings: tuple[str, ...]) -> None:
    world = World(release)
    before = world.others()
    for spelling in spellings:
        for asked in requests(world, release, spelling):
            reply = world.ask(*asked[1:])
            assert is_refused(reply), (asked, reply)
            assert HIDDEN not in str(reply.body), (asked, reply)
            assert reply.status < 500 or reply.status == 501, (asked, reply)
        assert world.others() == before, spelling


@pytest.mark.parametrize("release", RELEASES)
def test_patterns_and_what_is_left_out_show_and_change_nothing_of_others(release: str) -> None:
    check_patterns(release, some(PATTERNS + NAMED[::6], release))


def check_patterns(release: str, spellings: tuple[str, ...]) -> None:
    world, flags = World(release), cycle(("", *FLAGS))
    before = world.others()
    for spelling in spellings:
        for asked in requests(world, release, spelling):
            target = f"{asked.target}{'&' if '?' in asked.target else '?'}{next(flags)}".rstrip("?&")
            reply = world.ask(asked.method, target, asked.body)
            assert HIDDEN not in str(reply.body), (asked, target, reply)
            assert reply.status < 500 or reply.status == 501, (asked, target, reply)
        assert world.others() == before, spelling


@pytest.mark.parametrize("release", RELEASES)
def test_no_operation_is_left_out(release: str) -> None:
    world = World(release)
    asked = {each.name for each in requests(world, release, "secret")}
    listed = {each.operation.name for each in takes_indices(release)}
    # Those without a name of an index in any of their routes show what may be seen, and that the tests of patterns ask.
    assert listed - asked - WITHOUT_NAMES == set()


PIECES = (
    "secret", "my-1", "my-", "sec", "*", ",", ",-", "-", "+", "<", ">", "{now/d}", "{now/d{yyyy.MM.dd|+00:00}}", ":", "::",
    "_all", ".ml-config", "ml", " ", "%", "secret-by-alias", "x",
)  # fmt: skip
spellings = st.sampled_from(NAMED + PATTERNS) | st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)


@st.composite
def lives(draw: Any, release: str, kind: str) -> list[Asked]:
    """A few requests of bob's, who may make aliases, pipelines and indices with settings of his own to get there."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        spelling = draw(spellings)
        prepared = (
            Asked("", "PUT", "/_ingest/pipeline/p", {"processors": [{"set": {"field": "_index", "value": spelling}}]}),
            Asked("", "PUT", "/my-2", {"settings": {"index.default_pipeline": draw(st.sampled_from(("p", "into-secret")))}}),
            Asked("", "PUT", "/my-3", {"settings": {"index.final_pipeline": "p"}}),
            Asked("", "PUT", f"/my-{draw(st.integers(1, 3))}/{kind}/1?pipeline={draw(st.sampled_from(('p', '_none')))}", {}),
            Asked("", "PUT", f"/my-{draw(st.integers(1, 3))}/_alias/my-{draw(st.sampled_from('ab'))}"),
            Asked("", "POST", "/my-*/_update_by_query?pipeline=p", MATCH_ALL),
        )
        usual = [*by_query(spelling, kind), *by_body(spelling, kind), *by_path(release, spelling, kind)]
        found.append(draw(st.sampled_from(prepared) | st.sampled_from(usual)))
    return found


@pytest.mark.parametrize("release", ["6.8", "9.5"])
def test_no_chain_of_requests_gets_past(release: str) -> None:
    kind = "doc" if release < "7" else "_doc"
    worlds: list[World] = []

    @settings(max_examples=60, deadline=None)
    @given(lives(release, kind))
    def run(life: list[Asked]) -> None:
        if not worlds:
            worlds.append(World(release))
        world = worlds[0]
        before = world.others()
        for asked in life:
            reply = world.ask(*untyped(asked, world)[1:])
            assert HIDDEN not in str(reply.body), (asked, reply)
            assert reply.status < 500 or reply.status == 501, (asked, reply)
        assert world.others() == before

    run()
