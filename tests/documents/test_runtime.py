"""Runtime fields of a search."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.wire.errors import ElasticsearchError, NotImplementedHere
from tests.documents.support import Store


@pytest.fixture
def store() -> Store:
    """Three documents."""
    store = Store("8.19", n={"type": "long"}, k={"type": "keyword"}, at={"type": "date"})
    store.put({"n": 1, "k": "a", "raw": {"x": "7"}, "at": 0}, {"n": 5, "k": "b", "raw": {"x": 3}, "at": 1000}, {"k": "c"})
    return store


DOUBLE: dict[str, Any] = {"double": {"type": "long", "script": "if (doc['n'].size() > 0) { emit(doc['n'].value * 2) }"}}


def test_a_computed_field_is_searched_sorted_and_aggregated(store: Store) -> None:
    assert store.ids({"range": {"double": {"gte": 5}}}, runtime_mappings=DOUBLE) == ["1"]
    assert store.ids({"term": {"double": 2}}, runtime_mappings=DOUBLE) == ["0"]
    assert store.ids({"exists": {"field": "double"}}, runtime_mappings=DOUBLE) == ["0", "1"]
    result = store.search(sort=[{"double": "desc"}], runtime_mappings=DOUBLE, aggs={"most": {"max": {"field": "double"}}})
    assert [(hit.document.id, list(hit.document.values("double"))) for hit in result.hits] == [
        ("1", [10]),
        ("0", [2]),
        ("2", []),
    ]
    assert result.aggregations == {"most": {"value": 10.0}}
    hit = result.hits[0].document
    assert (hit.index.name, hit.version, hit.seq_no, hit.source["n"]) == ("books", 1, 1, 5)


def test_without_a_script_it_is_read_from_the_source() -> None:
    store = Store("8.19")
    store.indices.create("books", mappings={"dynamic": False})
    store.put({"raw": {"x": "7"}}, {"raw": {"x": 3}})
    assert store.ids({"range": {"raw.x": {"gt": 5}}}) == []
    assert store.ids({"range": {"raw.x": {"gt": 5}}}, runtime_mappings={"raw.x": {"type": "long"}}) == ["0"]


def test_it_hides_a_mapped_field_in_this_search_alone(store: Store) -> None:
    hiding = {"n": {"type": "keyword", "script": {"source": "emit(params.value)", "params": {"value": "x"}}}}
    assert store.ids({"term": {"n": "x"}}, runtime_mappings=hiding) == ["0", "1", "2"]
    assert store.ids({"term": {"n": 5}}) == ["1"]
    assert store.indices.index("books").mapping.type_of("n") == "long"


def test_it_follows_the_documents(store: Store) -> None:
    query = {"term": {"double": 10}}
    assert store.ids(query, runtime_mappings=DOUBLE) == ["1"]
    store.indices.put("books", "2", {"n": 5})
    assert store.ids(query, runtime_mappings=DOUBLE) == ["1", "2"]


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ({"a": {}}, "No type specified for field [a]"),
        ({"a": {"type": "text"}}, "The mapper type [text] declared on runtime field [a] does not exist."),
        ({"a": {"type": "long", "foo": 1}}, "unknown parameter [foo] on mapper [a] of type [long]"),
        ([1], "runtime must be a map type"),
    ],
)
def test_definitions_that_are_refused(store: Store, definition: Any, reason: str) -> None:
    with pytest.raises(ElasticsearchError) as caught:
        store.search(runtime_mappings=definition)
    assert str(caught.value.reason).startswith(reason)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "definition",
    [{"type": "composite"}, {"type": "long", "script": "emit(1); emit(2)"}, {"type": "long", "script": "for (;;) {}"}],
)
def test_what_is_not_here_is_named(store: Store, definition: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedHere):
        store.search(runtime_mappings={"a": definition})


def test_a_script_that_fails(store: Store) -> None:
    failing = {"a": {"type": "long", "script": "emit(doc['n'].value)"}}
    with pytest.raises(ElasticsearchError) as caught:
        store.search({"term": {"a": 1}}, runtime_mappings=failing)
    error = caught.value.document()["error"]
    assert error["type"] == "search_phase_execution_exception"
    assert error["root_cause"][0]["type"] == "script_exception"


def test_older_releases_know_none() -> None:
    store = Store("7.10")
    store.put({"a": 1})
    with pytest.raises(ElasticsearchError, match=r"in \[runtime_mappings\]"):
        store.search(runtime_mappings=DOUBLE)
