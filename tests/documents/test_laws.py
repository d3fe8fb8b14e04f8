"""What holds for any documents and any queries, found by trying many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fake_es.indices.columns import column_of
from fake_es.indices.document import Document, doc_values
from fake_es.indices.index import Index
from fake_es.mapping.mapping import Mapping
from fake_es.search.system_search import SystemSearch
from tests.documents.support import Store

KEYS = ("red", "green", "blue", "gr")
MAPPINGS: dict[str, Any] = {
    "colour": {"type": "keyword"},
    "size": {"type": "long"},
    "at": {"type": "date"},
    "text": {"type": "text"},
}

colours = st.sampled_from(KEYS)
numbers = st.integers(-3, 6)
instants = numbers.map(lambda number: number * 1000)
texts = st.lists(st.sampled_from(("one", "Two", "three")), max_size=4).map(" ".join)
sources = st.fixed_dictionaries(
    {},
    optional={
        "colour": colours | st.lists(colours, max_size=3) | st.none(),
        "size": numbers | st.lists(numbers, max_size=3),
        "at": instants,
        "text": texts,
    },
)

ranges = st.dictionaries(st.sampled_from(("gt", "gte", "lt", "lte")), numbers, min_size=1, max_size=2)
leaves = st.one_of(
    st.builds(lambda value: {"term": {"colour": value}}, colours),
    st.builds(lambda values: {"terms": {"colour": values}}, st.lists(colours, max_size=3)),
    st.builds(lambda value: {"term": {"size": value}}, numbers),
    st.builds(lambda ends: {"range": {"size": ends}}, ranges),
    st.builds(lambda ends: {"range": {"at": {name: end * 1000 for name, end in ends.items()}}}, ranges),
    st.builds(lambda name: {"exists": {"field": name}}, st.sampled_from((*MAPPINGS, "nothing"))),
    st.builds(lambda start: {"prefix": {"colour": start}}, st.sampled_from(("g", "gr", "x", ""))),
    st.builds(lambda word: {"match": {"text": word}}, texts),
    st.builds(lambda ids: {"ids": {"values": ids}}, st.lists(st.sampled_from("0123456789"), max_size=4)),
    st.just({"match_all": {}}),
    st.just({"match_none": {}}),
)


def bools(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Queries made of queries."""
    clauses = st.dictionaries(
        st.sampled_from(("must", "filter", "should", "must_not")), st.lists(inner, min_size=1, max_size=3), max_size=4
    )
    return st.builds(lambda found: {"bool": found}, clauses)


queries = st.recursive(leaves, bools, max_leaves=8)


def listed(value: Any) -> list[Any]:
    """All values of a field of a source."""
    return [] if value is None else value if isinstance(value, list) else [value]


def holds(ends: dict[str, int], value: int) -> bool:
    """Whether a value is in a range; of two names for one end the last counts."""
    tests = {"gt": value.__gt__, "gte": value.__ge__, "lt": value.__lt__, "lte": value.__le__}
    counting = {name[0]: (name, end) for name, end in ends.items()}
    return all(tests[name](end) for name, end in counting.values())


def means(query: dict[str, Any], number: str, source: dict[str, Any]) -> bool:
    """What a query says of one document, as plainly as it can be told."""
    ((kind, body),) = query.items()
    if kind in ("match_all", "match_none"):
        return bool(kind == "match_all")
    if kind == "ids":
        return number in body["values"]
    if kind == "bool":
        return means_bool(body, number, source)
    if kind == "exists":
        found = listed(source.get(body["field"]))
        return bool("".join(found).strip()) if body["field"] == "text" else bool(found)
    ((field, wanted),) = body.items()
    values = listed(source.get(field))
    if kind == "match":
        return bool(set(" ".join(values).lower().split()) & set(wanted.lower().split()))
    return any(leaf_means(kind, wanted, value) for value in values)


def leaf_means(kind: str, wanted: Any, value: Any) -> bool:
    """The same of one value."""
    if kind == "range":
        return holds(wanted, value)
    if kind == "prefix":
        return bool(value.startswith(wanted))
    return bool(value in listed(wanted))


def means_bool(body: dict[str, Any], number: str, source: dict[str, Any]) -> bool:
    """The same of a bool query."""
    required = [*body.get("must", ()), *body.get("filter", ())]
    optional = body.get("should", [])
    enough = bool(required) or not optional or any(means(query, number, source) for query in optional)
    return (
        enough
        and all(means(query, number, source) for query in required)
        and not any(means(query, number, source) for query in body.get("must_not", ()))
    )


def filled(documents: list[dict[str, Any]]) -> Store:
    """Documents 0, 1, 2, ... in an index."""
    store = Store("8.19", **MAPPINGS)
    store.put(*documents)
    return store


@settings(max_examples=150, deadline=None)
@given(st.lists(sources, max_size=10), queries)
def test_a_query_finds_what_it_means(documents: list[dict[str, Any]], query: dict[str, Any]) -> None:
    expected = [str(number) for number, source in enumerate(documents) if means(query, str(number), source)]
    store = filled(documents)
    assert sorted(store.ids(query), key=int) == expected
    assert store.indices.cluster.part(SystemSearch).count("books", query) == len(expected)
    # The same asked document by document.
    assert store.ids({"match_all": {}}, post_filter=query) == expected


def page(start: int) -> dict[str, Any]:
    """Where a page begins."""
    return {"from": start}


@settings(max_examples=60, deadline=None)
@given(st.lists(sources, max_size=10), st.sampled_from(("size", "at", "colour")), st.booleans(), st.integers(1, 4))
def test_pages_after_one_another_are_the_whole(
    documents: list[dict[str, Any]], field: str, descending: bool, size: int
) -> None:
    store = filled(documents)
    sort = [{field: "desc" if descending else "asc"}, {"_id": "asc"}]
    whole, seen = store.ids(sort=sort), list[str]()
    after: list[Any] | None = None
    for _ in range(len(documents) + 1):
        hits = store.search(sort=sort, size=size, search_after=after).hits
        seen += [hit.document.id for hit in hits]
        after = list(hits[-1].sort or ()) if hits else after
    assert seen == whole
    starts = range(0, 12, size)
    assert whole == [name for start in starts for name in store.ids(sort=sort, size=size, **page(start))]


changes = st.lists(st.tuples(st.sampled_from(("put", "put", "delete", "look")), st.sampled_from("0123"), sources), max_size=30)


def values(index: Index, field: str, documents: Iterator[Document]) -> dict[str, list[Any]]:
    """Values read from the sources."""
    type_ = index.mapping.field(field)
    assert type_ is not None
    return {document.id: list(doc_values(document, type_)) for document in documents}


@settings(max_examples=100, deadline=None)
@given(changes, st.sampled_from((0, 1000)))
def test_columns_kept_up_to_date_equal_new_ones(steps: list[tuple[str, str, dict[str, Any]]], spare: int) -> None:
    index = Index("books", "uuid", 0, {}, Mapping((8, 19), {"properties": MAPPINGS}), spare=spare)
    for step, document_id, source in steps:
        if step == "put":
            index.put(document_id, source)
        elif step == "delete":
            index.delete(document_id)
        for field in MAPPINGS:
            column = index.lookup(field)
            assert column is not None
            if step == "look":
                column.postings()
                column.runs()
    for field in ("colour", "size", "at"):
        check_column(index, field)


def check_column(index: Index, field: str) -> None:
    """Compare a column that has lived with one made now."""
    kept, type_ = index.lookup(field), index.mapping.field(field)
    assert kept is not None
    assert type_ is not None
    assert {document.id: list(kept.values[document.ordinal]) for document in index} == values(index, field, iter(index))
    fresh = column_of(type_, list(index))
    fresh.catch_up()
    known = {value for values in fresh.values for value in values}
    for value in known:
        living = index.alive(kept.postings().get(value))
        assert {index.at(ordinal).id for ordinal in living} == {
            document.id for document in index if value in document.values(field)
        }
    slices = kept.runs().slices(None, None, over=False, under=False)
    among = index.alive(ordinal for ordinals, start, stop in slices for ordinal in ordinals[start:stop])
    assert sorted(among) == sorted(document.ordinal for document in index for _ in document.values(field))
