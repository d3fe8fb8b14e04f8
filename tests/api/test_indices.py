"""Indices, their mappings, settings and aliases, as clients make and see them."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.clock import VirtualClock
from tests.spec.answering import Checked, checked
from tests.support import RELEASES, Http, http

FIELDS: dict[str, Any] = {"properties": {"level": {"type": "keyword"}, "size": {"type": "long"}}}


@pytest.fixture
def es() -> Checked:
    fake = checked()
    assert fake("PUT", "/logs", {"mappings": FIELDS, "settings": {"number_of_replicas": 0}}).status == 200
    return fake


@pytest.mark.parametrize("release", RELEASES)
def test_an_index_is_made_shown_and_deleted(release: str) -> None:
    fake = http(release)
    mappings = {"event": FIELDS} if fake.fake.version < (7, 0) else FIELDS
    made = fake("PUT", "/logs", {"mappings": mappings})
    assert (made.status, made.body["acknowledged"]) == (200, True)
    assert made.body.get("index") == ("logs" if fake.fake.version >= (5, 6) else None)
    shown = fake("GET", "/logs").body["logs"]
    assert shown["mappings"] == mappings
    assert shown["settings"]["index"]["number_of_shards"] == ("5" if fake.fake.version < (7, 0) else "1")
    assert fake("HEAD", "/logs").status == 200
    assert fake("DELETE", "/logs").body == {"acknowledged": True}
    assert fake("HEAD", "/logs").status == 404


@pytest.mark.parametrize(
    ("release", "type_", "reason"),
    [
        ("5.4.0", "index_already_exists_exception", "index [logs/{uuid}] already exists"),
        ("9.5", "resource_already_exists_exception", "index [logs/{uuid}] already exists"),
    ],
)
def test_a_name_is_taken_once(release: str, type_: str, reason: str) -> None:
    fake = http(release)
    fake("PUT", "/logs")
    reply = fake("PUT", "/logs")
    uuid = fake("GET", "/logs").body["logs"]["settings"]["index"]["uuid"]
    assert (reply.status, reply.type, reply.reason) == (400, type_, reason.format(uuid=uuid))


@pytest.mark.parametrize(
    ("body", "type_", "reason"),
    [
        ({"foo": {}}, "parse_exception", "unknown key [foo] for create index"),
        ({"settings": {"number_of_shards": 0}}, "illegal_argument_exception",
         "Failed to parse value [0] for setting [index.number_of_shards] must be >= 1"),
        ({"settings": {"number_of_shards": "many"}}, "illegal_argument_exception",
         "Failed to parse value [many] for setting [index.number_of_shards]"),
        ({"settings": {"number_of_replica": 1}}, "illegal_argument_exception",
         "unknown setting [index.number_of_replica] did you mean [index.number_of_replicas]?"),
        ({"settings": {"colour": 1}}, "illegal_argument_exception",
         "unknown setting [index.colour] please check that any required plugins are installed, or check the breaking changes"
         " documentation for removed settings"),
        ({"aliases": {"Bad Name": {}}}, "invalid_alias_name_exception",
         'Invalid alias name [Bad Name]: must not contain the following characters [ , ", *, \\, <, |, ,, >, /, ?]'),
        ({"mappings": {"_doc": {}}}, "illegal_argument_exception",
         "The mapping definition cannot be nested under a type [_doc] unless include_type_name is set to true."),
    ],
)  # fmt: skip
def test_what_is_refused_makes_nothing(body: object, type_: str, reason: str) -> None:
    fake = checked()
    reply = fake("PUT", "/logs", body)
    assert (reply.status, reply.type, reply.reason) == (400, type_, reason)
    assert fake("HEAD", "/logs").status == 404


@pytest.mark.parametrize("mapping", [[], True, {"properties": 3}])
def test_a_type_that_is_no_mapping(mapping: object) -> None:
    reply = http("6.8")("PUT", "/logs", {"mappings": {"event": mapping}})
    assert (reply.status, reply.type) == (400, "mapper_parsing_exception")


@pytest.mark.parametrize("release", ["7.17", "9.5"])
def test_wildcards_delete_nothing_from_8_0(release: str) -> None:
    fake = http(release)
    fake("PUT", "/logs")
    reply = fake("DELETE", "/lo*")
    assert reply.status == (200 if release == "7.17" else 400)
    if release == "9.5":
        assert reply.reason == "Wildcard expressions or all indices are not allowed"
        fake("PUT", "/_cluster/settings", {"persistent": {"action.destructive_requires_name": False}})
        assert fake("DELETE", "/_all").status == 200


def test_an_index_is_not_deleted_by_its_alias(es: Checked) -> None:
    es("PUT", "/logs/_alias/all")
    reply = es("DELETE", "/all")
    assert reply.reason == (
        "The provided expression [all] matches an alias, specify the corresponding concrete indices instead."
    )


@pytest.mark.parametrize(
    ("release", "status", "type_"),
    [("5.4.0", 404, "index_not_found_exception"), ("7.17", 400, "invalid_index_name_exception"),
     ("9.5", 400, "invalid_index_name_exception")],
)  # fmt: skip
def test_a_path_that_no_api_has_is_an_index(release: str, status: int, type_: str) -> None:
    reply = http(release)("GET", "/_nowhere")
    assert (reply.status, reply.type) == (status, type_)


@pytest.mark.parametrize(("release", "status"), [("5.4.0", 400), ("6.8", 405), ("7.17", 405), ("9.5", 400)])
def test_unknown_paths_of_machine_learning_are_types_up_to_7_x(release: str, status: int) -> None:
    assert http(release)("GET", "/_ml/nothing").status == status


def test_a_closed_index_is_neither_searched_nor_written(es: Checked) -> None:
    assert es("POST", "/logs/_close").body["indices"] == {"logs": {"closed": True}}
    for method, path, body in (("GET", "/logs/_search", None), ("PUT", "/logs/_doc/1", {}), ("GET", "/logs/_doc/1", None)):
        reply = es(method, path, body)
        assert (reply.status, reply.type) == (400, "index_closed_exception")
    assert es("GET", "/logs").status == 200
    assert es("GET", "/lo*/_search").body["hits"]["hits"] == []
    es("POST", "/logs/_open")
    assert es("PUT", "/logs/_doc/1", {}).status == 201


def test_mappings_grow_and_keep_their_types(es: Checked) -> None:
    assert es("PUT", "/logs/_mapping", {"properties": {"at": {"type": "date"}}}).body == {"acknowledged": True}
    reply = es("PUT", "/logs/_mapping", {"properties": {"at": {"type": "long"}}})
    assert reply.reason == "mapper [at] cannot be changed from type [date] to [long]"
    assert es("GET", "/_mapping").body["logs"]["mappings"]["properties"].keys() == {"at", "level", "size"}
    fields = es("GET", "/logs/_mapping/field/l*").body["logs"]["mappings"]
    assert fields == {"level": {"full_name": "level", "mapping": {"level": {"type": "keyword"}}}}


def test_a_mapping_is_added_to_all_indices_or_to_none(es: Checked) -> None:
    es("PUT", "/other", {"mappings": {"properties": {"name": {"type": "long"}}}})
    assert es("PUT", "/logs,other/_mapping", {"properties": {"name": {"type": "keyword"}}}).status == 400
    assert "name" not in es("GET", "/logs/_mapping").body["logs"]["mappings"]["properties"]


def test_settings_are_changed_while_they_can_be(es: Checked) -> None:
    assert es("PUT", "/logs/_settings", {"index": {"number_of_replicas": 2}, "refresh_interval": "5s"}).status == 200
    shown = es("GET", "/logs/_settings/index.n*,index.r*?flat_settings").body["logs"]["settings"]
    assert shown == {"index.number_of_replicas": "2", "index.number_of_shards": "1", "index.refresh_interval": "5s"}
    es("PUT", "/logs/_settings?preserve_existing", {"refresh_interval": "9s", "gc_deletes": "7s"})
    es("PUT", "/logs/_settings", {"number_of_replicas": None})
    index = es("GET", "/logs/_settings").body["logs"]["settings"]["index"]
    assert (index["refresh_interval"], index["gc_deletes"], index["number_of_replicas"]) == ("5s", "7s", "1")
    assert es("PUT", "/logs/_settings", {"number_of_shards": 2}).reason == (
        "final logs setting [index.number_of_shards], not updateable"
    )
    assert es("PUT", "/logs/_settings", {"codec": "x"}).reason.startswith("Can't update non dynamic settings [[index.codec]]")
    # The specification would have numbers where the server shows texts.
    assert Http(es.fake)("GET", "/logs/_settings?include_defaults").body["logs"]["defaults"]["index"]["hidden"] == "false"


def test_aliases_come_and_go(es: Checked) -> None:
    actions = [{"add": {"index": "logs", "alias": "all", "filter": {"term": {"level": {"value": "error"}}}, "routing": "1"}}]
    assert es("POST", "/_aliases", {"actions": actions}).body["acknowledged"] is True
    shown = {"filter": {"term": {"level": {"value": "error"}}}, "index_routing": "1", "search_routing": "1"}
    assert es("GET", "/_alias/all").body == {"logs": {"aliases": {"all": shown}}}
    es("PUT", "/logs/_doc/1", {"level": "error"})
    es("PUT", "/logs/_doc/2", {"level": "info"})
    assert [hit["_id"] for hit in es("GET", "/all/_search").body["hits"]["hits"]] == ["1"]
    assert es("HEAD", "/_alias/all").status == 200
    assert es("DELETE", "/logs/_alias/all").status == 200
    assert es("HEAD", "/_alias/all").status == 404


def test_aliases_that_are_not_there(es: Checked) -> None:
    es("PUT", "/logs/_alias/here")
    reply = es("GET", "/_alias/gone,here")
    assert (reply.status, reply.body) == (
        404,
        {"error": "alias [gone] missing", "status": 404, "logs": {"aliases": {"here": {}}}},
    )
    removed = es("POST", "/_aliases", {"actions": [{"remove": {"index": "logs", "alias": "gone"}}]})
    assert (removed.status, removed.type, removed.reason) == (404, "aliases_not_found_exception", "aliases [gone] missing")


def test_alias_actions_are_carried_out_together_or_not_at_all(es: Checked) -> None:
    actions = [{"add": {"index": "logs", "alias": "new"}}, {"add": {"index": "logs", "alias": "logs"}}]
    assert es("POST", "/_aliases", {"actions": actions}).status == 400
    assert es("HEAD", "/_alias/new").status == 404


def test_an_alias_of_several_indices_takes_writes_where_it_is_told(es: Checked) -> None:
    es("PUT", "/more")
    es("POST", "/_aliases", {"actions": [{"add": {"indices": ["logs", "more"], "alias": "all"}}]})
    assert es("POST", "/all/_doc", {}).reason.startswith("no write index is defined for alias [all]")
    es("PUT", "/more/_alias/all", {"is_write_index": True})
    assert es("POST", "/all/_doc", {}).body["_index"] == "more"
    assert es("GET", "/all/_doc/1").reason == (
        "alias [all] has more than one index associated with it [logs, more], can't execute a single index op"
    )


def test_refresh_flush_and_statistics_count_the_copies(es: Checked) -> None:
    es("PUT", "/other")
    es("PUT", "/other/_doc/1", {"a": 1})
    shards = {"_shards": {"total": 3, "successful": 2, "failed": 0}}
    for path in ("_refresh", "_flush", "_forcemerge", "_cache/clear"):
        assert es("POST", f"/{path}").body == shards
    stats = es("GET", "/_stats/docs,store").body
    assert stats["_all"]["primaries"]["docs"]["count"] == 1
    assert stats["indices"].keys() == {"logs", "other"}
    assert es("GET", "/other/_stats").body["indices"]["other"]["health"] == "yellow"
    assert es("GET", "/_stats/nonsense").status == 400
    assert es("POST", "/gone/_refresh").type == "index_not_found_exception"


def test_names_are_resolved(es: Checked) -> None:
    es("PUT", "/logs/_alias/all")
    assert es("GET", "/_resolve/index/*").body == {
        "indices": [{"name": "logs", "aliases": ["all"], "attributes": ["open"], "mode": "standard"}],
        "aliases": [{"name": "all", "indices": ["logs"]}],
        "data_streams": [],
    }


def test_field_capabilities_tell_kinds_apart(es: Checked) -> None:
    es("PUT", "/other", {"mappings": {"properties": {"size": {"type": "text"}}}})
    fields = es("GET", "/logs,other/_field_caps?fields=size,level&include_unmapped").body["fields"]
    assert fields["size"]["long"]["indices"] == ["logs"]
    assert fields["size"]["text"] == {
        "type": "text", "metadata_field": False, "searchable": True, "aggregatable": False, "indices": ["other"],
    }  # fmt: skip
    assert fields["level"].keys() == {"keyword", "unmapped"}
    assert es("GET", "/_field_caps").reason == "Validation Failed: 1: no fields specified;"


def test_texts_are_analysed(es: Checked) -> None:
    tokens = es("POST", "/_analyze", {"text": "Disk is Full", "analyzer": "standard"}).body["tokens"]
    assert [(token["token"], token["start_offset"], token["position"]) for token in tokens] == [
        ("disk", 0, 0), ("is", 5, 1), ("full", 8, 2),
    ]  # fmt: skip
    assert es("POST", "/_analyze", {"text": "x", "analyzer": "nonsense"}).reason == (
        "failed to find global analyzer [nonsense]"
    )
    assert es("POST", "/_analyze", {"text": "x", "tokenizer": "ml_standard"}).status == 501


def test_a_data_stream_is_not_emulated() -> None:
    fake = http()
    assert fake("PUT", "/_index_template/t", {"index_patterns": ["a*"], "data_stream": {}}).status == 501
    assert fake("PUT", "/_data_stream/x").status == 501


@pytest.mark.parametrize("release", ["5.4.0", "7.17", "9.5"])
def test_a_name_may_hold_the_date(release: str) -> None:
    fake = http(release, clock=VirtualClock(start="2024-03-22T10:00:00Z"))
    made = fake("PUT", "/%3Clogs-%7Bnow%2Fd%7D%3E")
    assert (made.status, list(fake("GET", "/logs-*").body)) == (200, ["logs-2024.03.22"])
    assert fake("HEAD", "/%3Clogs-%7Bnow%2Fd%7D%3E").status == 200
    refused = fake("PUT", "/%3Clogs-%7Bthen%7D%3E")
    assert (refused.status, refused.type) == (400, "parse_exception")


@pytest.mark.parametrize("release", ["6.8", "7.17", "9.5"])
def test_other_spellings_of_paths(release: str) -> None:
    fake = http(release)
    fake("PUT", "/a", {"aliases": {"x": {}}})
    fake("PUT", "/a/_doc/1", {"n": 1})
    assert fake("GET", "/_mappings").body == fake("GET", "/a/_mappings").body == fake("GET", "/a/_mapping").body
    assert fake("GET", "/_aliases").body == fake("GET", "/_alias").body == {"a": {"aliases": {"x": {}}}}
    assert fake("PUT", "/_alias/y", {"index": "a"}).status == 200
    assert fake("PUT", "/_alias", {"index": "a", "alias": "z"}).status == 200
    assert fake("PUT", "/a/_alias", {"alias": "v"}).status == 200
    assert fake("POST", "/_aliases/w", {"index": "a"}).status == 200
    assert sorted(fake("GET", "/a/_alias").body["a"]["aliases"]) == ["v", "w", "x", "y", "z"]
    assert fake("PUT", "/_alias/y").reason == "[indices] can't be empty"
    assert fake("HEAD", "/a/_alias").status == 200
    typed = "/_doc" if release == "6.8" else ""
    assert fake("PUT", f"/a/_mappings{typed}", {"properties": {"k": {"type": "keyword"}}}).status == 200
    assert "k" in str(fake("GET", "/a/_mapping").body)


@pytest.mark.parametrize("release", ["6.8", "7.17"])
@pytest.mark.parametrize("path", ["/a/_doc/_mapping", "/a/_mapping/_doc", "/a/_doc/_mappings", "/a/_mappings/_doc"])
def test_a_mapping_under_the_name_of_a_type(release: str, path: str) -> None:
    fake = http(release)
    fake("PUT", "/a")
    reply = fake("PUT", path + "?include_type_name=true", {"properties": {"k": {"type": "keyword"}}})
    assert reply.body == {"acknowledged": True}
    assert "k" in str(fake("GET", "/a/_mapping").body)
    assert fake("GET", "/a/_doc/_search").status == 200
    assert fake("GET", "/a/_count").body["count"] == 0


@pytest.mark.parametrize("release", ["5.6", "6.8", "7.17"])
def test_no_type_begins_with_an_underscore(release: str) -> None:
    fake = http(release)
    for method, path in (("PUT", "/a/_nosuch/1"), ("POST", "/a/_nosuch")):
        reply = fake(method, path, {"n": 1})
        assert (reply.status, reply.type) == (400, "invalid_type_name_exception")
        assert reply.reason == "Document mapping type name can't start with '_', found: [_nosuch]"
    assert fake("GET", "/a").status == 404


@pytest.mark.parametrize(("release", "seen"), [("7.6", []), ("7.7", ["h"]), ("9.5", ["h"])])
def test_the_alias_of_a_hidden_index_is_found_by_its_name(release: str, seen: list[str]) -> None:
    fake = http(release)
    if release != "7.6":
        fake("PUT", "/h", {"settings": {"index.hidden": True}, "aliases": {"x": {"is_hidden": True}}})
    assert list(fake("GET", "/_alias/x").body if seen else {}) == seen
    assert list(fake("GET", "/_alias/x*").body) == seen
    assert fake("GET", "/_alias/x*?expand_wildcards=open").body == {}


@pytest.mark.parametrize("path", ["/_search", "/_count", "/logs/_field_caps?fields=*", "/logs", "/logs/_validate/query",
                                  "/_cluster/state", "/logs/_mapping", "/logs/_settings"])  # fmt: skip
def test_ignore_throttled_is_taken_and_warned_of(path: str) -> None:
    for release, warned in (("7.15", False), ("7.16", True), ("9.5", True)):
        fake = http(release)
        fake("PUT", "/logs")
        reply = fake("GET", path + ("&" if "?" in path else "?") + "ignore_throttled=false")
        assert (reply.status, "[ignore_throttled] parameter is deprecated" in reply.headers.get("warning", "")) == (200, warned)


def test_values_in_refusals_are_printed_as_java_prints_them() -> None:
    reply = http()("PUT", "/a", {"mappings": {"foo": {"properties": {"a": [1, None, True, "x"]}}}})
    assert reply.reason.endswith("unsupported parameters:  [foo : {properties={a=[1, null, true, x]}}]")
    reply = http()("PUT", "/a", {"mappings": {"properties": {"x": {"type": {"b": 1}}}}})
    assert "The mapper type [{b=1}] declared on field [x]" in reply.reason
