"""What wildcards, aliases and restricted indices come to for those who may not see all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.secured import Secured
from tests.support import Reply

READ = {"names": ["log-*"], "privileges": ["read"]}


class Limited(Secured):
    """Indices ``log-1``, ``log-2`` and ``other``, and a user ``guest`` whose role has these entries."""

    def __init__(self, release: str | None, *entries: dict[str, Any], cluster: tuple[str, ...] = ()) -> None:
        super().__init__(release)
        kind = "doc" if self.fake.version < (7, 0) else "_doc"
        for name in ("log-1", "log-2", "other"):
            self.by("elastic", "PUT", f"/{name}/{kind}/1", {"a": 1})
        self.role(*entries, cluster=cluster)
        self.by("elastic", "PUT", "{security}/user/guest", {"password": "secret-guest", "roles": ["some"]})

    def role(self, *entries: dict[str, Any], cluster: tuple[str, ...] = ()) -> Reply:
        reply = self.by("elastic", "PUT", "{security}/role/some", {"cluster": cluster, "indices": entries})
        assert reply.status == 200, reply.body
        return reply

    def ask(self, method: str, target: str, body: Any = None) -> Reply:
        return self.by("guest", method, target, body)

    def found(self, target: str) -> list[str]:
        """Indices of which a search shows documents."""
        reply = self.ask("GET", f"/{target}/_search" if target else "/_search")
        assert reply.status == 200, reply.body
        return sorted(hit["_index"] for hit in reply.body["hits"]["hits"])


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "7.17", "8.19", "9.5"])
def test_wildcards_mean_what_may_be_seen(release: str) -> None:
    fake = Limited(release, READ)
    for everything in ("", "_all", "*", "log-*", "*-1,log-2"):
        assert fake.found(everything) == ["log-1", "log-2"]
    assert fake.found("log-*,-log-2") == ["log-1"]
    assert fake.found("oth*") == []
    assert fake.ask("GET", "/oth*/_search?allow_no_indices=false").status == 404
    assert fake.ask("GET", "/log-*,other/_search").status == 403


def test_names_that_may_not_be_seen_are_left_out_where_the_caller_says_so() -> None:
    fake = Limited("9.5", READ)
    for target in ("log-1,other", "other"):
        hits = fake.ask("GET", f"/{target}/_search?ignore_unavailable=true").body["hits"]["hits"]
        assert [hit["_index"] for hit in hits] == [name for name in target.split(",") if name != "other"]


def test_only_refused_names_are_told() -> None:
    reply = Limited("9.5", READ).ask("GET", "/log-1,other,.hidden/_search")
    assert " on indices [other,.hidden], this" in reply.reason


def test_who_may_search_nothing_may_not_search_everything() -> None:
    fake = Limited("9.5", {"names": ["log-*"], "privileges": ["monitor"]})
    for target in ("/_search", "/*/_search"):
        assert fake.ask("GET", target).reason == (
            "action [indices:data/read/search] is unauthorized for user [guest] with effective roles [some],"
            " this action is granted by the index privileges [read,all]"
        )
    assert " on indices [log-1], this" in fake.ask("GET", "/log-1/_search").reason


def test_tables_and_lists_show_what_may_be_seen() -> None:
    fake = Limited("9.5", READ | {"privileges": ["read", "monitor", "view_index_metadata"]})
    fake.by("elastic", "POST", "/_aliases", {"actions": [{"add": {"indices": ["log-1", "other"], "alias": "both"}}]})
    assert [row["index"] for row in fake.ask("GET", "/_cat/indices?format=json").body] == ["log-1", "log-2"]
    assert sorted(fake.ask("GET", "/_stats").body["indices"]) == ["log-1", "log-2"]
    assert sorted(fake.ask("GET", "/_mapping").body) == ["log-1", "log-2"]
    resolved = fake.ask("GET", "/_resolve/index/*").body
    assert ([index["name"] for index in resolved["indices"]], resolved["aliases"]) == (["log-1", "log-2"], [])
    assert fake.ask("GET", "/_field_caps?fields=a").body["indices"] == ["log-1", "log-2"]
    assert fake.ask("GET", "/_cat/count?format=json").body[0]["count"] == "2"


def test_an_alias_is_granted_by_its_own_name_and_lets_see_what_is_behind_it() -> None:
    fake = Limited("9.5", {"names": ["shown"], "privileges": ["read"]})
    fake.by("elastic", "PUT", "/other/_alias/shown")
    fake.by("elastic", "PUT", "/other/_alias/hidden")
    assert fake.found("shown") == fake.found("*") == ["other"]
    assert fake.ask("GET", "/other/_search").status == fake.ask("GET", "/hidden/_search").status == 403


def test_aliases_are_changed_and_shown_where_both_names_are_granted() -> None:
    fake = Limited("9.5", {"names": ["log-1", "mine-*"], "privileges": ["manage"]})
    assert fake.ask("PUT", "/log-1/_alias/mine-1").status == 200
    for target in ("/log-1/_alias/yours", "/log-2/_alias/mine-1"):
        assert fake.ask("PUT", target).status == 403
    fake.by("elastic", "PUT", "/log-*/_alias/yours")
    fake.by("elastic", "PUT", "/log-*/_alias/mine-1")
    for target in ("/_alias", "/_alias/*", "/_alias/mine-1"):
        assert fake.ask("GET", target).body == {name: {"aliases": {"mine-1": {}}} for name in ("log-1", "log-2")}
    assert fake.ask("GET", "/log-*/_alias").body == {"log-1": {"aliases": {"mine-1": {}}}}
    assert fake.ask("GET", "/_alias/yours").status == 403
    rows = fake.ask("GET", "/_cat/aliases?format=json&h=alias,index").body
    assert rows == [{"alias": "mine-1", "index": "log-1"}]
    actions = {"actions": [{"remove": {"index": "log-1", "alias": "*"}}]}
    assert fake.ask("POST", "/_aliases", actions).status == 200
    left = fake.by("elastic", "GET", "/_alias").body
    assert (left["log-1"], sorted(left["log-2"]["aliases"])) == ({"aliases": {"yours": {}}}, ["mine-1", "yours"])


def test_patterns_of_roles_may_be_expressions() -> None:
    fake = Limited("9.5", {"names": ["/log-[13]/"], "privileges": ["read"]})
    assert fake.found("*") == ["log-1"]
    fake.role({"names": ["/~(log-.*)/"], "privileges": ["read"]})
    assert fake.found("*") == ["other"]


def test_dates_in_names_are_granted_by_the_pattern_that_has_them_all() -> None:
    fake = Limited("9.5", READ | {"privileges": ["all"]})
    assert fake.ask("GET", "/%3Clog-%7Bnow%2Fd%7D%3E/_search").status == 404
    assert fake.ask("GET", "/%3Cother-%7Bnow%2Fd%7D%3E/_search").status == 403


def test_many_searches_are_narrowed_one_by_one() -> None:
    lines = '{"index":"*"}\n{}\n{"index":["log-1","other"],"ignore_unavailable":true}\n{}\n{"index":"other"}\n{}\n'
    responses = Limited("9.5", READ).ask("POST", "/_msearch", lines).body["responses"]
    assert [response["status"] for response in responses] == [200, 200, 403]
    assert [len(response["hits"]["hits"]) for response in responses[:2]] == [2, 1]


@pytest.mark.parametrize(("release", "action"), [("7.2", "create"), ("7.17", "auto_create"), ("9.5", "auto_create")])
def test_an_index_is_made_by_those_who_may_make_it(release: str, action: str) -> None:
    fake = Limited(release, READ | {"privileges": ["write"]})
    assert fake.ask("PUT", "/log-1/_doc/2", {"a": 1}).status == 201
    refused = fake.ask("PUT", "/log-3/_doc/1", {"a": 1})
    assert (refused.status, refused.reason.split(" is ")[0]) == (403, f"action [indices:admin/{action}]")
    upsert = "/log-3/_update/1" if release != "7.2" else "/log-3/_doc/1/_update"
    assert fake.ask("POST", upsert, {"doc": {}, "doc_as_upsert": True}).status == 403
    items = fake.ask("POST", "/_bulk", '{"index":{"_index":"log-3"}}\n{}\n{"index":{"_index":"log-1"}}\n{}\n').body["items"]
    assert [item["index"]["status"] for item in items] == [403, 201]
    assert fake.by("elastic", "HEAD", "/log-3").status == 404


def test_each_item_of_a_bulk_needs_what_it_does() -> None:
    fake = Limited("9.5", READ | {"privileges": ["create_doc", "delete"]})
    lines = ('{"create":{"_index":"log-1","_id":"7"}}\n{}\n{"index":{"_index":"log-1","_id":"8"}}\n{}\n'
             '{"update":{"_index":"log-1","_id":"1"}}\n{"doc":{"b":1}}\n{"delete":{"_index":"log-1","_id":"1"}}\n'
             '{"delete":{"_index":"other","_id":"1"}}\n')  # fmt: skip
    items = [next(iter(item.values())) for item in fake.ask("POST", "/_bulk", lines).body["items"]]
    assert [item["status"] for item in items] == [201, 403, 403, 200, 403]
    reasons = [item["error"]["reason"].split("]")[0] for item in items if "error" in item]
    assert reasons == [
        "action [indices:data/write/index:op_type/index", "action [indices:data/write/update",
        "action [indices:data/write/bulk[s",
    ]  # fmt: skip


def test_changes_by_query_read_and_write() -> None:
    fake = Limited("9.5", READ | {"privileges": ["write"]})
    reply = fake.ask("POST", "/log-1/_delete_by_query", {"query": {"match_all": {}}})
    assert (reply.status, reply.reason.split(" is ")[0]) == (403, "action [indices:data/read/search]")
    fake.role(READ | {"privileges": ["read", "write", "create_index"]})
    body = {"source": {"index": "*"}, "dest": {"index": "log-9"}}
    assert fake.ask("POST", "/_reindex", body).body["total"] == 2
    assert fake.ask("POST", "/_reindex", body | {"dest": {"index": "other"}}).status == 403


def test_a_scroll_may_be_ended_by_whoever_has_its_id() -> None:
    fake = Limited("9.5", READ)
    scroll_id = fake.ask("GET", "/log-1/_search?scroll=1m").body["_scroll_id"]
    assert fake.by("nobody", "GET", f"/_search/scroll?scroll_id={scroll_id}").status == 403
    assert fake.by("nobody", "DELETE", "/_search/scroll", {"scroll_id": scroll_id}).body["num_freed"] == 1


@pytest.mark.parametrize(("release", "status"), [("7.17", 404), ("8.19", 403), ("9.5", 403)])
def test_from_8_0_not_even_a_superuser_writes_into_the_configurations_of_jobs(release: str, status: int) -> None:
    fake = Limited(release)
    fake.by("elastic", "PUT", "{ml}/anomaly_detectors/x", {
        "analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {}})  # fmt: skip
    assert fake.by("elastic", "GET", "/.ml-config/_search").body["hits"]["total"]["value"] == 1
    reply = fake.by("elastic", "DELETE", "/.ml-config/_doc/absent")
    assert reply.status == status, reply.body
    if status == 403:
        assert " on restricted indices [.ml-config], this action is granted by the index" in reply.reason


def test_restricted_indices_are_granted_where_a_role_says_so() -> None:
    fake = Limited("9.5", {"names": ["*"], "privileges": ["read"]})
    fake.by("elastic", "PUT", "{ml}/filters/f", {"items": ["a"]})
    assert fake.ask("GET", "/.ml-meta,absent/_search").reason.count(" on restricted indices [.ml-meta], this") == 1
    assert fake.ask("GET", "/.ml-*/_search?expand_wildcards=all").body["hits"]["hits"] == []
    fake.role({"names": ["*"], "privileges": ["read"], "allow_restricted_indices": True})
    assert len(fake.ask("GET", "/.ml-meta/_search").body["hits"]["hits"]) == 1
    assert len(fake.ask("GET", "/.ml-*/_search?expand_wildcards=all").body["hits"]["hits"]) == 1


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        ({"query": '{"match_all":{}}'}, "document"),
        ({"field_security": {"grant": ["a"]}}, "field"),
        ({"field_security": {"grant": ["*"], "except": ["a"]}}, "field"),
    ],
)
def test_what_is_limited_to_documents_or_fields_is_taken_and_shown_but_not_searched(limits: Any, kind: str) -> None:
    fake = Limited("9.5", READ | limits | {"privileges": ["read", "write"]})
    shown = fake.by("elastic", "GET", "{security}/role/some").body["some"]["indices"][0]
    assert limits.items() <= shown.items()
    for target in ("/log-1/_search", "/_search", "/log-1/_doc/1", "/log-1/_count"):
        reply = fake.ask("GET", target)
        assert (reply.status, reply.reason) == (
            501, f"{kind} level security, which a role asks for on [log-1], is not emulated by fake_es",
        )  # fmt: skip
    assert fake.ask("PUT", "/log-1/_doc/5", {"a": 1}).status == 201
    assert fake.ask("GET", "/other/_search").status == 403
    fake.role(READ | limits, READ)
    assert set(fake.found("*")) == {"log-1", "log-2"}


def test_a_datafeed_of_one_who_sees_only_some_documents_is_not_started() -> None:
    fake = Limited("9.5", READ | {"query": '{"match_all":{}}'}, cluster=("manage_ml",))
    job = {"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {"time_field": "a"}}
    assert fake.ask("PUT", "{ml}/anomaly_detectors/x", job).status == 200
    assert fake.ask("PUT", "{ml}/datafeeds/d", {"job_id": "x", "indices": ["log-1"]}).status == 200
    assert fake.ask("GET", "{ml}/datafeeds/d/_preview").status == 501
    fake.ask("POST", "{ml}/anomaly_detectors/x/_open")
    assert fake.ask("POST", "{ml}/datafeeds/d/_start").status == 501


def test_templates_are_a_matter_of_the_cluster() -> None:
    reply = Limited("9.5", {"names": ["*"], "privileges": ["all"]}).ask("DELETE", "/_index_template/x")
    assert reply.reason.endswith("granted by the cluster privileges [manage_index_templates,manage,all]")
    assert Limited("9.5", cluster=("manage_index_templates",)).ask("GET", "/_index_template").status == 200


def test_unknown_index_privileges_are_refused() -> None:
    fake = Secured("9.5")
    role = {"indices": [READ | {"privileges": ["raed"]}]}
    reply = fake.by("elastic", "PUT", "{security}/role/some", role)
    assert reply.status == 400
    assert "unknown index privilege [raed]. a privilege must be either one of the predefined fixed indices" in reply.reason


def test_a_verdict_holds_until_roles_change_and_not_longer() -> None:
    fake = Limited("9.5", READ)
    assert fake.found("*") == ["log-1", "log-2"]
    fake.role({"names": ["other"], "privileges": ["read"]})
    assert fake.found("*") == ["other"]
    assert fake.ask("GET", "/log-1/_search").status == 403
    fake.by("elastic", "PUT", "{security}/user/guest", {"roles": ["superuser"]})
    assert fake.found("*") == ["log-1", "log-2", "other"]
    fake.by("elastic", "DELETE", "{security}/user/guest")
    assert fake.ask("GET", "/log-1/_search").status == 401


def test_an_api_key_sees_what_both_it_and_its_owner_may_see() -> None:
    fake = Limited("9.5", READ, cluster=("manage_own_api_key",))
    described = {"part": {"indices": [{"names": ["log-1", "other"], "privileges": ["read"]}]}}
    made = fake.ask("POST", "{security}/api_key", {"name": "k", "role_descriptors": described}).body
    key = {"authorization": f"ApiKey {made['encoded']}"}
    assert [hit["_index"] for hit in fake("GET", "/_search", **key).body["hits"]["hits"]] == ["log-1"]
    reply = fake("GET", "/other/_search", **key)
    assert reply.reason == (
        f"action [indices:data/read/search] is unauthorized for API key id [{made['id']}] of user [guest]"
        " on indices [other], this action is granted by the index privileges [read,all]"
    )


@pytest.mark.parametrize(("release", "status"), [("7.17", 403), ("8.19", 200)])
def test_who_monitors_sees_templates_from_8_0(release: str, status: int) -> None:
    fake = Secured(release)
    assert fake.by("monitor", "GET", "/_index_template").status == status
    assert fake.by("monitor", "DELETE", "/_index_template/x").status == 403


@pytest.mark.parametrize(
    ("release", "name", "known"),
    [("8.16", "monitor_stats", False), ("8.17", "monitor_stats", True), ("8.19", "manage_search_synonyms", True)],
)
def test_privileges_are_known_from_their_release_on(release: str, name: str, known: bool) -> None:
    reply = Secured(release).by("elastic", "PUT", "{security}/role/some", {"cluster": [name]})
    assert (reply.status == 200) is known, reply.body
