"""Names become indices in one place, where each is held against the rights of who named it."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.secured import Secured
from tests.support import Reply

RELEASES = ("5.6", "6.8", "7.17", "8.19", "9.5")
ALL_OF_MINE = {"names": ["my-*"], "privileges": ["all"]}
DATED = quote("<secret-{now/d{yyyy.MM.dd|+00:00}}>", safe="")
MATCH_ALL: dict[str, Any] = {"query": {"match_all": {}}}


class Bobs(Secured):
    """Indices ``secret``, ``secret-DATE`` and ``my-1`` with a document each; bob's role has these entries."""

    def __init__(self, release: str | None = None, *entries: dict[str, Any]) -> None:
        super().__init__(release)
        self.type = "doc" if self.fake.version < (7, 0) else "_doc"
        for name in ("secret", DATED, "my-1"):
            assert self.by("elastic", "PUT", f"/{name}/{self.type}/1", {"a": name}).status == 201
        pipelines = "manage_pipeline" if self.fake.version < (6, 0) else "manage_ingest_pipelines"
        role = {"cluster": [pipelines], "indices": entries or [ALL_OF_MINE]}
        assert self.by("elastic", "PUT", "{security}/role/mine", role).status == 200
        self.by("elastic", "PUT", "{security}/user/bob", {"password": "secret-bob", "roles": ["mine"]})

    def ask(self, method: str, target: str, body: Any = None) -> Reply:
        return self.by("bob", method, target.replace("{type}", self.type), body)

    def count(self, index: str) -> int:
        reply = self.by("elastic", "GET", f"/{index}/_count")
        return int(reply.body["count"]) if reply.status == 200 else -1


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/_search", None),
        ("GET", "/_settings", None),
        ("GET", "/_mapping", None),
        ("POST", "/_close", None),
        ("POST", "/_delete_by_query", MATCH_ALL),
        ("POST", "/_update_by_query", MATCH_ALL),
        ("DELETE", "", None),
        ("GET", "/{type}/1", None),
        ("DELETE", "/{type}/1", None),
    ],
)
def test_a_name_that_begins_with_a_date_bracket_is_never_one_of_another_cluster(
    release: str, method: str, path: str, body: Any
) -> None:
    es = Bobs(release)
    assert es.ask(method, f"/{DATED}{path}", body).status == 403
    assert es.count("secret-*") == 1


@pytest.mark.parametrize("release", ["6.8", "9.5"])
def test_who_may_goes_by_the_name_that_a_date_comes_to(release: str) -> None:
    es, mine = Bobs(release), quote("<my-{now/d{yyyy.MM.dd|+00:00}}>", safe="")
    assert [es.ask("PUT", f"/{mine}/{{type}}/{place}", {}).status for place in (1, 2)] == [201, 201]
    found = es.ask("GET", f"/{mine}/_search").body["hits"]["hits"]
    assert {hit["_index"] for hit in found} == {es.ask("GET", f"/{mine}/{{type}}/1").body["_index"]}
    assert len(found) == 2


@pytest.mark.parametrize(
    ("release", "search", "stats"),
    [("6.8", (403, None), 403), ("7.0", (404, "x"), 403), ("7.17", (404, "x"), 403), ("9.5", (404, "x"), 403)],
)
def test_other_clusters_are_not_there(release: str, search: tuple[int, str | None], stats: int) -> None:
    """Up to 6.x a colon is part of a name where there is no such cluster."""
    es = Bobs(release)
    reply = es.ask("GET", "/x:secret/_search")
    assert reply.status == search[0]
    if search[1] is not None:
        assert (reply.type, reply.reason) == ("no_such_remote_cluster_exception", f"no such remote cluster: [{search[1]}]")
        told = es.by("elastic", "GET", "/x:secret/_stats").reason
        assert told == "Cross-cluster calls are not supported in this context but remote indices were requested: [x:secret]"
    assert es.ask("GET", "/x:secret/_stats").status == stats
    assert es.ask("GET", "/*:secret/_search").body["hits"]["hits"] == []
    assert [hit["_index"] for hit in es.ask("GET", "/*:secret,my-*/_search").body["hits"]["hits"]] == ["my-1"]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("path", ["", "/_all", "/*", "/,", "/*,-secret*"])
def test_all_indices_are_those_that_are_granted(release: str, path: str) -> None:
    es = Bobs(release)
    assert [hit["_index"] for hit in es.ask("GET", f"{path}/_search").body["hits"]["hits"]] == ["my-1"]
    assert list(es.ask("GET", f"{path}/_mapping").body) == ["my-1"]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", [":x", "x::data", "x::da:ta", "<x", "x>", "<x:{now/d}"])
def test_names_that_look_like_others_are_of_this_cluster(release: str, name: str) -> None:
    es, path = Bobs(release), quote(name, safe="")
    reply = es.by("elastic", "GET", f"/{path}/_mapping")
    assert (reply.status, reply.type) == (404, "index_not_found_exception")
    assert es.ask("GET", f"/{path}/_mapping").status == 403


@pytest.mark.parametrize("release", RELEASES)
def test_a_minus_excludes_only_behind_a_pattern(release: str) -> None:
    es = Bobs(release)
    assert es.ask("GET", "/-my-1/_search").status == 403
    assert es.by("elastic", "GET", "/-my-1/_search").type == "index_not_found_exception"
    assert es.ask("GET", "/my-*,-my-1/_search").body["hits"]["hits"] == []


def test_up_to_6_x_an_index_may_have_a_colon_in_its_name_and_is_granted_by_it() -> None:
    es = Bobs("6.8")
    assert es.by("elastic", "PUT", "/x:secret/doc/1", {"a": 1}).status == 201
    assert es.ask("GET", "/x:secret/_search").status == es.ask("GET", "/x:secret/doc/1").status == 403


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("target", ["secret", ".ml-config", "<secret-{now/d}>", "secret*"])
def test_a_pipeline_does_not_write_where_the_caller_may_not(release: str, target: str) -> None:
    es = Bobs(release)
    step = {"processors": [{"set": {"field": "_index", "value": target}}]}
    assert es.ask("PUT", "/_ingest/pipeline/p", step).status == 200
    place = {"_index": "my-1", "_id": "7"} | ({"_type": es.type} if es.fake.version < (8, 0) else {})
    line = json.dumps({"index": place}) + "\n{}\n"
    before = es.by("elastic", "GET", "/_cat/indices?h=index,docs.count&s=index").body
    assert es.ask("PUT", "/my-1/{type}/7?pipeline=p", {}).status == 403
    items = es.ask("POST", "/_bulk?pipeline=p", line).body["items"]
    assert items[0]["index"]["status"] == 403
    copied = es.ask("POST", "/_reindex", {"source": {"index": "my-1"}, "dest": {"index": "my-2", "pipeline": "p"}})
    assert (copied.status, copied.body["failures"][0]["cause"]["type"]) == (403, "security_exception")
    changed = es.ask("POST", "/my-1/_update_by_query?pipeline=p")
    assert (changed.status, changed.body["failures"][0]["status"]) == (403, 403)
    assert es.by("elastic", "GET", "/_cat/indices?h=index,docs.count&s=index").body == before


@pytest.mark.parametrize(
    ("release", "setting"), [("6.8", "default"), ("7.17", "default"), ("7.17", "final"), ("9.5", "default"), ("9.5", "final")]
)
def test_nor_does_the_pipeline_of_an_index(release: str, setting: str) -> None:
    es = Bobs(release)
    es.ask("PUT", "/_ingest/pipeline/p", {"processors": [{"set": {"field": "_index", "value": "secret"}}]})
    assert es.ask("PUT", "/my-2", {"settings": {f"index.{setting}_pipeline": "p"}}).status == 200
    assert es.ask("PUT", "/my-2/{type}/1", {}).status == 403
    assert es.ask("POST", "/my-2/{type}", {}).status == 403
    assert es.count("secret") == 1


def test_an_item_is_authorized_where_it_comes_to_lie_not_where_it_was_sent() -> None:
    es = Bobs()
    es.ask("PUT", "/_ingest/pipeline/p", {"processors": [{"set": {"field": "_index", "value": "my-1"}}]})
    items = es.ask("POST", "/_bulk?pipeline=p", '{"index":{"_index":"secret","_id":"9"}}\n{}\n').body["items"]
    assert (items[0]["index"]["_index"], items[0]["index"]["status"]) == ("my-1", 201)


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("index", ["my-*,secret", ["my-*,secret"], ["my-1", "secret"], "secret", "secret*,secret"])
def test_names_in_a_body_are_lists_too(release: str, index: Any) -> None:
    es = Bobs(release)
    reply = es.ask("POST", "/_reindex", {"source": {"index": index}, "dest": {"index": "my-2"}})
    assert (reply.status, reply.type) == (403, "security_exception")
    actions = {"actions": [{"add": {"indices": index if isinstance(index, list) else [index], "alias": "my-a"}}]}
    assert es.ask("POST", "/_aliases", actions).status == 403
    assert es.by("elastic", "HEAD", "/_alias/my-a").status == 404
    assert es.count("my-2") == -1


@pytest.mark.parametrize("release", ["6.8", "9.5"])
def test_what_a_query_parameter_names_counts(release: str) -> None:
    es = Bobs(release)
    assert es.ask("POST", "/_analyze?index=secret", {"text": "a"}).status == 403
    assert es.ask("POST", "/_analyze?index=my-1", {"text": "a"}).status == 200
    refused = es.ask("POST", "/_analyze", {"text": "a"})
    assert refused.reason.startswith("action [cluster:admin/analyze] is unauthorized for user [bob]")


@pytest.mark.parametrize("release", RELEASES)
def test_an_index_is_made_with_aliases_that_might_be_added_to_it(release: str) -> None:
    es = Bobs(release)
    reply = es.ask("PUT", "/my-2", {"aliases": {"theirs": {}}})
    assert (reply.status, reply.reason.split(" is ")[0]) == (403, "action [indices:admin/aliases]")
    assert es.count("my-2") == -1
    assert es.ask("PUT", "/my-2", {"aliases": {"my-a": {}}}).status == 200


@pytest.mark.parametrize("release", ["6.8", "9.5"])
def test_an_alias_gives_nobody_more_than_the_index_does(release: str) -> None:
    manage, read = {"names": ["log-1", "mine-*"], "privileges": ["manage"]}, {"names": ["mine-*"], "privileges": ["read"]}
    es = Bobs(release, manage, read)
    es.by("elastic", "PUT", "/log-1")
    reply = es.ask("PUT", "/log-1/_alias/mine-1")
    assert (reply.status, reply.reason) == (
        403, "Adding an alias is not allowed when the alias has more permissions than any of the indices",
    )  # fmt: skip
    assert es.ask("POST", "/_aliases", {"actions": [{"add": {"index": "log-*", "alias": "mine-1"}}]}).status == 403
    assert es.ask("PUT", "/log-1/_alias/log-1-too").status == 403
    es = Bobs(release, manage, read | {"names": ["*"]})
    es.by("elastic", "PUT", "/log-1")
    assert es.ask("PUT", "/log-1/_alias/mine-1").status == 200


@pytest.mark.parametrize("release", RELEASES)
def test_an_alias_does_not_stand_for_its_index_where_aliases_are_changed(release: str) -> None:
    es = Bobs(release)
    shown = {"filter": {"term": {"pub": True}}}
    assert es.by("elastic", "PUT", "/secret/_alias/my-s", shown).status == 200
    if release < "6":  # The server let aliases stand for their indices here.
        assert es.ask("POST", "/_aliases", {"actions": [{"remove": {"index": "my-s", "alias": "my-s"}}]}).status == 200
        return
    for action in ({"remove_index": {"index": "my-s"}}, {"remove": {"index": "my-s", "alias": "my-s"}}):
        reply = es.ask("POST", "/_aliases", {"actions": [action]})
        assert (reply.status, reply.reason) == (
            400, "The provided expression [my-s] matches an alias, specify the corresponding concrete indices instead.",
        )  # fmt: skip
    for index in ("*", "my-*"):
        assert es.ask("POST", "/_aliases", {"actions": [{"remove": {"index": index, "alias": "my-s"}}]}).status == 404
        assert es.ask("DELETE", f"/{index}/_alias/my-s").status == 404
    assert es.ask("POST", "/_aliases", {"actions": [{"remove_index": {"index": "my-*"}}]}).status == 200
    assert [es.count("my-1"), es.count("secret")] == [-1, 1]
    assert es.by("elastic", "GET", "/secret/_alias").body == {"secret": {"aliases": {"my-s": shown}}}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    "aggregation",
    [{"global": {}, "aggs": {"t": {"terms": {"field": "a.keyword"}}}}, {"terms": {"field": "a.keyword", "min_doc_count": 0}}],
)
def test_no_aggregation_looks_behind_the_filter_of_an_alias(release: str, aggregation: Any) -> None:
    es = Bobs(release)
    es.by("elastic", "PUT", f"/secret/{es.type}/2", {"a": "shown", "pub": True})
    es.by("elastic", "PUT", "/secret/_alias/my-s", {"filter": {"term": {"pub": True}}})
    found = es.ask("POST", "/my-s/_search", {"size": 0, "aggs": {"all": aggregation}})
    assert (found.status, "shown" in str(found.body), "secret" in str(found.body)) == (200, True, False)
    both = es.ask("POST", "/my-*/_search", {"size": 0, "query": {"match_none": {}}, "aggs": {"all": {"global": {}}}})
    assert both.body["aggregations"]["all"]["doc_count"] == 2


def test_who_may_see_only_part_of_an_index_makes_no_alias_of_it() -> None:
    part = {"names": ["log-1"], "privileges": ["all"], "query": '{"match_all":{}}'}
    es = Bobs("9.5", part, {"names": ["mine-*"], "privileges": ["all"]})
    es.by("elastic", "PUT", "/log-1")
    reply = es.ask("PUT", "/log-1/_alias/mine-1")
    assert (reply.status, reply.type) == (400, "security_exception")
    assert reply.reason.startswith("Alias requests are not allowed for users who have field or document level security")


def keyed(es: Secured, role: dict[str, Any] | None = None) -> dict[str, str]:
    """Headers of an API key of elastic's."""
    described = {} if role is None else role
    made = es.by("elastic", "POST", "{security}/api_key", {"name": "k", "role_descriptors": described}).body
    pair = f"{made['id']}:{made['api_key']}"
    return {"authorization": f"ApiKey {base64.b64encode(pair.encode()).decode()}"}


@pytest.mark.parametrize("release", RELEASES)
def test_a_scroll_is_for_who_began_it(release: str) -> None:
    es = Bobs(release)
    theirs = es.by("elastic", "GET", "/secret/_search?scroll=1m&size=1").body["_scroll_id"]
    mine = es.ask("GET", "/my-1/_search?scroll=1m&size=1").body["_scroll_id"]
    reply = es.ask("POST", "/_search/scroll", {"scroll_id": theirs})
    assert (reply.status, reply.type) == (404, "search_context_missing_exception")
    assert es.by("elastic", "POST", "/_search/scroll", {"scroll_id": mine}).status == 404
    assert es.ask("POST", "/_search/scroll", {"scroll_id": mine}).status == 200
    assert es.by("elastic", "POST", "/_search/scroll", {"scroll_id": theirs}).status == 200


@pytest.mark.parametrize("release", ["6.8", "7.17", "9.5"])
def test_an_api_key_and_its_owner_do_not_share_scrolls(release: str) -> None:
    es = Bobs(release)
    first, second = keyed(es), keyed(es)
    opened = es("GET", "/secret/_search?scroll=1m&size=1", **first).body["_scroll_id"]
    for who, status in ((second, 404), (first, 200)):
        assert es("POST", "/_search/scroll", {"scroll_id": opened}, **who).status == status
    assert es.by("elastic", "POST", "/_search/scroll", {"scroll_id": opened}).status == 404


@pytest.mark.parametrize("release", ["6.8", "9.5"])
def test_a_user_shares_scrolls_with_his_tokens_and_who_runs_as_him(release: str) -> None:
    es = Bobs(release)
    opened = es.ask("GET", "/my-1/_search?scroll=1m&size=1").body["_scroll_id"]
    told = es.by("elastic", "POST", "{security}/oauth2/token", {
        "grant_type": "password", "username": "bob", "password": "secret-bob"}).body  # fmt: skip
    bearer = {"authorization": f"Bearer {told['access_token']}"}
    assert es("POST", "/_search/scroll", {"scroll_id": opened}, **bearer).status == 200
    as_bob = {"es_security_runas_user": "bob"}
    assert es.by("elastic", "POST", "/_search/scroll", {"scroll_id": opened}, **as_bob).status == 200


@pytest.mark.parametrize("release", RELEASES)
def test_all_scrolls_are_ended_by_who_may_manage_the_cluster(release: str) -> None:
    es = Bobs(release)
    es.by("elastic", "GET", "/secret/_search?scroll=1m&size=1")
    reply = es.ask("DELETE", "/_search/scroll/_all")
    assert reply.status == 403
    assert reply.reason.startswith("action [cluster:admin/indices/scroll/clear_all] is unauthorized for user [bob]")
    assert es.ask("DELETE", "/_search/scroll", {"scroll_id": ["_all"]}).status == 403
    assert es.by("elastic", "DELETE", "/_search/scroll/_all").body["num_freed"] == 1


@pytest.mark.parametrize("release", ["7.17", "9.5"])
def test_a_search_in_a_point_in_time_is_authorized_by_its_indices(release: str) -> None:
    es = Bobs(release)
    theirs = es.by("elastic", "POST", "/secret,my-1/_pit?keep_alive=1m").body["id"]
    mine = es.by("elastic", "POST", "/my-1/_pit?keep_alive=1m").body["id"]
    reply = es.ask("POST", "/_search", {"pit": {"id": theirs}})
    assert reply.status == 403
    assert " on indices [secret], this action" in reply.reason
    assert es.ask("POST", "/_msearch", f'{{}}\n{{"pit":{{"id":"{theirs}"}}}}\n').body["responses"][0]["status"] == 403
    assert es.ask("POST", "/_search", {"pit": {"id": mine}}).status == 200


@pytest.mark.parametrize("release", ["6.8", "8.19", "9.5"])
def test_the_control_room_asks_for_the_privilege_not_for_the_name_of_a_role(release: str) -> None:
    es = Secured(release)
    for role, status in (
        ({"superuser": {"cluster": []}}, 403),
        ({"superuser": {"cluster": ["manage"]}}, 403),
        ({"superuser": {"indices": [{"names": ["*"], "privileges": ["all"]}]}}, 403),
        ({"superuser": {"cluster": ["all"]}}, 403),
        ({"superuser": {"cluster": ["all"], "indices": [{"names": ["my-*"], "privileges": ["all"]}]}}, 403),
        ({"superuser": {"cluster": ["all"], "indices": [{"names": ["*"], "privileges": ["read"]}]}}, 403),
        ({"some": {"cluster": ["all"], "indices": [{"names": ["*"], "privileges": ["all"]}]}}, 200),
        (None, 200),
    ):
        reply = es("GET", "/_fake", **keyed(es, role))
        assert reply.status == status, (role, reply)
    assert [es.by(user, "GET", "/_fake").status for user in ("elastic", "all", "manage", "monitor")] == [200, 403, 403, 403]
