"""Indices: made, named, aliased, written to and found by expressions."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.indices.expressions import IndicesOptions, check_index_name
from fake_es.indices.templates import Templates
from fake_es.search.system_search import SystemSearch
from fake_es.security.index_names import dated
from fake_es.wire.errors import ElasticsearchError
from tests.documents.support import DAY, Store


def test_an_index_is_made_by_the_first_document() -> None:
    store = Store("8.19")
    document = store.indices.put("books", None, {"a": 1})
    assert len(document.id) == 20
    assert (document.version, document.seq_no, document.primary_term, document.type) == (1, 0, 1, "_doc")
    assert store.indices.get("books", document.id) == {"a": 1}
    assert store.indices.exists("books")
    assert not store.indices.exists("book")


@pytest.mark.parametrize(("version", "shards", "created"), [("6.8.23", "5", "6082399"), ("8.19.3", "1", "8190399")])
def test_settings_of_an_index(version: str, shards: str, created: str) -> None:
    store = Store(version)
    index = store.indices.create("books", settings={"index": {"hidden": True}, "number_of_replicas": 0})
    assert index.settings == {
        "index.number_of_shards": shards, "index.number_of_replicas": "0", "index.hidden": "true",
        "index.creation_date": str(index.created), "index.uuid": index.uuid, "index.version.created": created,
        "index.provided_name": "books",
    }  # fmt: skip
    assert index.hidden


def test_a_name_is_taken_once() -> None:
    store = Store("8.19")
    index = store.indices.create("books", aliases={"texts": {}})
    with pytest.raises(ElasticsearchError) as caught:
        store.indices.create("books")
    assert (caught.value.type, caught.value.status) == ("resource_already_exists_exception", 400)
    assert caught.value.reason == f"index [books/{index.uuid}] already exists"
    with pytest.raises(ElasticsearchError, match="already exists as alias"):
        store.indices.create("texts")
    with pytest.raises(ElasticsearchError, match="an index or data stream exists with the same name as the alias"):
        store.indices.add_alias(index, "books")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Books", "must be lowercase"),
        ("_books", "must not start with '_', '-', or '+'"),
        ("a#b", "must not contain '#'"),
        ("a:b", "must not contain ':'"),
        ("a b", "must not contain the following characters"),
        ("..", "must not be '.' or '..'"),
        ("x" * 256, "index name is too long, (256 > 255)"),
    ],
)
def test_names_that_no_index_may_bear(name: str, why: str) -> None:
    with pytest.raises(ElasticsearchError) as caught:
        check_index_name(name, (8, 19))
    assert str(caught.value.reason).startswith(f"Invalid index name [{name}], {why}")
    assert caught.value.type == "invalid_index_name_exception"


def test_documents_through_aliases() -> None:
    store = Store("8.19")
    store.indices.create("books-1", aliases={"books": {}})
    store.indices.put("books", "1", {"a": 1})
    assert store.indices.get("books", "1") == {"a": 1}
    store.indices.create("books-2", aliases={"books": {"is_write_index": True}})
    assert store.indices.put("books", "2", {"a": 2}).index.name == "books-2"
    assert store.ids(index="books") == ["1", "2"]
    store.indices.remove_alias(store.indices.index("books-2"), "books")
    store.indices.add_alias(store.indices.index("books-2"), "books")
    with pytest.raises(ElasticsearchError, match=r"no write index is defined for alias \[books\]"):
        store.indices.put("books", "3", {})
    assert store.indices.delete("books", "2")
    assert not store.indices.delete("books", "2")
    assert not store.indices.delete("nothing", "2")
    store.indices.drop(store.indices.index("books-1"))
    assert [index.name for index in store.indices.aliased("books")] == ["books-2"]
    assert store.indices.aliases() == ["books"]


def test_aliases_show_what_passes_their_filters() -> None:
    store = Store("8.19")
    filters = {kind: {"filter": {"term": {"kind.keyword": kind}}} for kind in ("a", "b")}
    store.indices.create("books", aliases=filters | {"all": {}})
    store.put({"kind": "a"}, {"kind": "b"}, {"kind": "c"})
    assert store.ids(index="a") == ["0"]
    assert store.ids({"match_all": {}}, index="a") == ["0"]
    assert store.ids(index="a,b") == ["0", "1"]
    assert store.ids(index="a,all") == ["0", "1", "2"]
    assert store.ids(index="a,books") == ["0", "1", "2"]
    assert store.ids({"term": {"kind.keyword": "b"}}, index="a") == []
    assert store.indices.cluster.part(SystemSearch).count("a") == 1
    assert store.indices.cluster.part(SystemSearch).delete_by_query("b", {"match_all": {}}) == 1
    assert store.ids() == ["0", "2"]


def many() -> Store:
    """Indices with one document each, named as they are."""
    store = Store("8.19")
    for name in ("logs-1", "logs-2", "notes", ".ml-state"):
        store.indices.create(name, aliases={"everything": {}} if name == "notes" else None)
        store.indices.put(name, name, {})
    store.indices.create("secret", settings={"hidden": True})
    store.indices.put("secret", "secret", {})
    store.indices.create(".ml-hidden", settings={"hidden": True})
    store.indices.put(".ml-hidden", ".ml-hidden", {})
    store.indices.create("shut").closed = True
    return store


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("logs-1", ["logs-1"]),
        ("logs-1,notes", ["logs-1", "notes"]),
        (["notes", "logs-*"], ["logs-1", "logs-2", "notes"]),
        ("logs-*,-logs-1", ["logs-2"]),
        ("*,-l*", [".ml-state", "notes"]),
        ("*", [".ml-state", "logs-1", "logs-2", "notes"]),
        ("_all", [".ml-state", "logs-1", "logs-2", "notes"]),
        ("", [".ml-state", "logs-1", "logs-2", "notes"]),
        (".ml*", [".ml-hidden", ".ml-state"]),
        ("every*", ["notes"]),
        ("secret", ["secret"]),
        ("nothing*", []),
        ("nothing", []),
        ("shut", []),
        ("l*s-2", ["logs-2"]),
    ],
)
def test_expressions(expression: Any, names: list[str]) -> None:
    assert [target.index.name for target in many().indices.resolve(expression)] == names
    assert sorted(many().ids(index=expression)) == sorted(names)


def test_options_of_expressions() -> None:
    store = many()

    def names(expression: str, expand: str | None = None, unavailable: bool = False, none: bool = True) -> list[str]:
        options = IndicesOptions.of(unavailable, none, expand)
        return [target.index.name for target in store.indices.resolve(expression, options)]

    assert names("s*", "all") == ["secret", "shut"]
    assert names("s*", "closed") == ["shut"]
    assert names("s*", "open,hidden") == ["secret"]
    assert names("s*", "none") == []
    with pytest.raises(ElasticsearchError, match=r"No valid expand wildcard value \[x\]"):
        names("s*", "x")
    with pytest.raises(ElasticsearchError) as caught:
        names("nothing")
    assert caught.value.document()["error"]["root_cause"] == [
        {
            "type": "index_not_found_exception", "reason": "no such index [nothing]", "resource.type": "index_or_alias",
            "resource.id": "nothing", "index_uuid": "_na_", "index": "nothing",
        }
    ]  # fmt: skip
    with pytest.raises(ElasticsearchError, match=r"no such index \[nothing\*\]"):
        names("nothing*", none=False)
    with pytest.raises(ElasticsearchError) as caught:
        names("shut")
    assert (caught.value.type, caught.value.status) == ("index_closed_exception", 400)
    with pytest.raises(ElasticsearchError, match="closed"):
        store.indices.put("shut", "1", {})


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("<logs-{now/d}>", "logs-1970.01.02"),
        ("<logs-{now/M{yyyy.MM}}-x>", "logs-1970.01-x"),
        ("<{now-1d{yyyyMMdd-HH}}>", "19700101-06"),
        ("<a-{now+2h{HH|+01:00}}>", "a-09"),
        ("<a-{now/d{dd|-07:00}}>", "a-01"),
        ("plain", "plain"),
    ],
)
def test_dates_in_names(name: str, found: str) -> None:
    assert dated(name, DAY + 6 * 3_600_000) == found


@pytest.mark.parametrize("name", ["<a-{x}>", "<a-{now/x}>"])
def test_dates_in_names_that_are_none(name: str) -> None:
    with pytest.raises(ElasticsearchError) as caught:
        dated(name, 0)
    assert caught.value.status == 400


def test_templates() -> None:
    store = Store("8.19")
    templates = store.fake.cluster.part(Templates)
    keyword = {"properties": {"a": {"type": "keyword"}}}
    templates.legacy["low"] = {"index_patterns": ["b*"], "order": 1, "settings": {"x": 1, "y": 1}, "mappings": keyword}
    templates.legacy["high"] = {"index_patterns": "bo*", "order": 2, "settings": {"y": 2}, "aliases": {"{index}-alias": {}}}
    store.indices.put("books", "1", {"a": "x", "b": 1})
    index = store.indices.index("books")
    assert (index.settings["index.x"], index.settings["index.y"]) == ("1", "2")
    assert sorted(index.aliases) == ["books-alias"]
    assert index.mapping.type_of("a") == "keyword"

    templates.components["part"] = {"template": {"settings": {"x": 5, "y": 5}, "mappings": keyword}}
    own = {"settings": {"y": 6}, "mappings": {"properties": {"c": {"type": "date"}}}}
    templates.composable["one"] = {"index_patterns": ["b*"], "priority": 1, "composed_of": ["part"], "template": own}
    templates.composable["none"] = {"index_patterns": ["b*"]}
    made = store.indices.create("boats", mappings={"properties": {"d": {"type": "ip"}}}, settings={"z": 7})
    assert [made.settings[f"index.{name}"] for name in "xyz"] == ["5", "6", "7"]
    assert made.mapping.names() == ["a", "c", "d"]


def test_what_an_index_counts() -> None:
    store = Store("8.19")
    store.put({"a": 1}, {"a": 2})
    store.put({"a": 3})
    index = store.indices.index("books")
    assert (len(index), index.deleted, index.max_seq_no) == (2, 1, 2)
    assert [document.id for document in index] == ["1", "0"]
    assert [each.name for each in store.indices] == ["books"]


def test_two_clusters_have_nothing_in_common() -> None:
    first, second = Store("8.19"), Store("8.19")
    first.put({"a": 1})
    assert not second.indices.exists("books")
    first.fake.reset()
    assert not Store("8.19").indices.exists("books")
