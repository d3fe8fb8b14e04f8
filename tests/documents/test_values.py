"""Values of documents as queries, sorting and aggregations see them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.support import Store


@pytest.mark.parametrize(
    ("definition", "value", "values"),
    [
        ({"type": "keyword"}, ["b", "a", "b", None], ["a", "b"]),
        ({"type": "keyword"}, [True, 1.5, 1], ["1", "1.5", "true"]),
        ({"type": "keyword", "ignore_above": 2}, ["ab", "abc"], ["ab"]),
        ({"type": "keyword", "normalizer": "lowercase"}, "AB", ["ab"]),
        ({"type": "keyword", "null_value": "none"}, [None, "a"], ["a", "none"]),
        ({"type": "constant_keyword", "value": "x"}, "x", ["x"]),
        ({"type": "text"}, "some words", []),
        ({"type": "long"}, ["7", 7.9, 7], [7, 7, 7]),
        ({"type": "long", "ignore_malformed": True}, ["x", 7], [7]),
        ({"type": "unsigned_long"}, 2**64 - 1, [2**64 - 1]),
        ({"type": "double"}, ["1.5", 2], [1.5, 2.0]),
        ({"type": "float"}, 0.1, [0.10000000149011612]),
        ({"type": "scaled_float", "scaling_factor": 100}, 1.239, [1.24]),
        ({"type": "boolean"}, ["true", False, ""], [False, False, True]),
        ({"type": "date"}, "2024-03-22T01:00:00+01:00", [1711065600000]),
        ({"type": "date"}, ["1711065600000", 1711065600000], [1711065600000, 1711065600000]),
        ({"type": "date", "format": "epoch_second"}, 1711065600, [1711065600000]),
        ({"type": "date", "format": "dd/MM/yyyy||year_month"}, ["22/03/2024", "2024-03"], [1709251200000, 1711065600000]),
        ({"type": "ip"}, ["10.0.0.1", "0:0::1"], ["10.0.0.1", "::1"]),
        ({"type": "geo_point"}, [13.4, 52.5], [(52.5, 13.4)]),
        ({"type": "geo_point"}, ["52.5,13.4", {"lat": 52.5, "lon": "13.4"}, "POINT (13.4 52.5)"], [(52.5, 13.4)] * 3),
        ({"type": "dense_vector", "dims": 2}, [0.5, 0.5], []),
        ({"type": "keyword", "doc_values": False}, "a", []),
        ({"type": "text", "fielddata": True}, "some words", ["some", "words"]),
    ],
)
def test_values_by_type(definition: dict[str, Any], value: Any, values: list[Any]) -> None:
    store = Store("8.19", f=definition)
    store.put({"f": value})
    assert store.values("f") == values
    # A document that is no longer in the index still has them.
    document = store.indices.index("books").get("0")
    store.indices.delete("books", "0")
    assert document is not None
    assert list(document.values("f")) == values


def test_where_values_stand() -> None:
    store = Store("8.19", a={"type": "text", "fields": {"raw": {"type": "keyword"}}}, same={"type": "alias", "path": "o.x"})
    store.put({"a": "b", "o": [{"x": 1}, {"x": [2, 3]}], "o.x": 4})
    assert store.values("a.raw") == ["b"]
    assert store.values("o.x") == [1, 2, 3, 4]
    assert store.values("same") == [1, 2, 3, 4]
    assert store.values("_id") == ["0"]
    assert store.values("_index") == ["books"]
    assert store.values("nothing") == []
    assert store.values("o") == []


def test_values_are_copied() -> None:
    store = Store(
        "8.19", a={"type": "keyword", "copy_to": ["all"]}, b={"type": "keyword", "copy_to": "all"}, all={"type": "keyword"}
    )
    store.put({"a": "x", "b": ["y", "z"]})
    assert store.values("all") == ["x", "y", "z"]
    assert store.ids({"term": {"all": "z"}}) == ["0"]


def test_a_flattened_field() -> None:
    store = Store("8.19", f={"type": "flattened"})
    store.put({"f": {"a": {"b": 1}, "c": ["x", "y"]}})
    assert store.values("f") == ["1", "x", "y"]
    assert store.values("f.a.b") == ["1"]
    assert store.ids({"term": {"f.c": "y"}}) == ["0"]
    assert store.ids({"term": {"f.c": "1"}}) == []


def test_nested_objects_are_documents_of_their_own() -> None:
    store = Store("8.19", n={"type": "nested", "properties": {"x": {"type": "long"}, "in": {"type": "nested"}}})
    store.put({"n": [{"x": 1, "in": [{"y": 5}, {"y": 6}]}, {"x": [2, 3]}], "k": 9})
    document = store.indices.index("books").get("0")
    assert document is not None
    assert list(document.values("n.x")) == []
    first, second = document.nested("n")
    assert (list(first.values("n.x")), list(second.values("n.x"))) == ([1], [2, 3])
    assert list(first.values("k")) == []
    assert list(first.values("_id")) == ["0"]
    assert [list(inner.values("n.in.y")) for inner in first.nested("n.in")] == [[5], [6]]
    assert first.nested("n.in")[0].parent is first
    assert (first.parent, first.id, first.index) == (document, "0", document.index)


def test_a_geohash_is_not_here() -> None:
    store = Store("8.19", f={"type": "geo_point"})
    with pytest.raises(Exception, match="reads no geohashes"):
        store.put({"f": "u33"})
