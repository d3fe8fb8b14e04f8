"""Nothing that is sent as a query, a mapping or a document breaks the server: it is taken, or refused in its words."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fake_es.mapping.checking import check_document
from fake_es.mapping.mapping import Mapping
from fake_es.search.query.parse import parsers
from fake_es.search.system_search import SystemSearch
from fake_es.wire.errors import ElasticsearchError
from tests.documents.support import Store

FIELDS = ("word", "text", "n", "at", "ok", "ip", "o", "nested", "flat", "point", "none", "*", "_id", "")
STORE = Store(
    "8.19",
    word={"type": "keyword"},
    text={"type": "text"},
    n={"type": "long"},
    at={"type": "date"},
    ok={"type": "boolean"},
    ip={"type": "ip"},
    o={"properties": {"x": {"type": "double"}}},
    nested={"type": "nested", "properties": {"a": {"type": "keyword"}}},
    flat={"type": "flattened"},
    point={"type": "geo_point"},
)
STORE.put(
    {"word": "a", "text": "one two", "n": 1, "at": 5, "ok": True, "ip": "::1", "nested": [{"a": "x"}], "flat": {"k": "v"}}
)

OPTIONS = (
    "query", "value", "fields", "field", "path", "filter", "must", "should", "must_not", "queries", "values", "gte", "lt",
    "from", "to", "format", "time_zone", "boost", "operator", "default_operator", "minimum_should_match", "fuzziness", "slop",
    "analyzer", "type", "tie_breaker", "lenient", "case_insensitive", "default_field", "_name", "prefix_length",
)  # fmt: skip
TEXTS = (
    "", "*", "a*", "now-1d/d", "now/x", "2020||+1M", "||", "(", "a:b AND", "n:[1 TO", "\\", '"', "~", "a~", "50%", "AUTO",
    "/a/", "ip:1.2.3.4/8", "+", "[", "-1", "true", "1e400", "nan", "x^y", "yyyy-QQ", "best_fields", "phrase", "and", "!a",
    "+01:00",
)  # fmt: skip

scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from((1.5, -1e300, 2**70)) | st.sampled_from(TEXTS)
names = st.sampled_from(FIELDS + OPTIONS) | st.sampled_from(sorted(parsers()))
trees = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=8
)
fields = st.dictionaries(st.sampled_from(FIELDS), trees, max_size=2)
options = st.dictionaries(st.sampled_from(OPTIONS), trees, max_size=4)
bodies = fields | options | st.builds(lambda field, given: {field: given}, st.sampled_from(FIELDS), options)
queries = trees | st.builds(lambda name, body: {name: body}, st.sampled_from(sorted(parsers())), bodies)


@settings(max_examples=200, deadline=None)
@given(queries)
def test_any_query(query: Any) -> None:
    with suppress(ElasticsearchError):
        STORE.indices.cluster.part(SystemSearch).search("books", {"query": query})


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(("query", "sort", "from", "size", "search_after", "min_score", "post_filter")), trees))
def test_any_search(body: dict[str, Any]) -> None:
    with suppress(ElasticsearchError):
        STORE.indices.cluster.part(SystemSearch).search("books", body)


PARAMETERS = ("type", "properties", "fields", "dynamic", "format", "null_value", "ignore_above", "copy_to", "path", "enabled")
KINDS = st.sampled_from(
    ("keyword", "text", "long", "date", "nested", "object", "alias", "scaled_float", "geo_point", "nothing")
)
definitions = st.recursive(
    scalars | KINDS,
    lambda inner: st.dictionaries(st.sampled_from((*PARAMETERS, "a", "b.c", "dynamic_templates", "_meta")), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None)
@given(
    st.dictionaries(st.sampled_from(("properties", "dynamic", "dynamic_templates", "date_detection", "runtime")), definitions),
    st.dictionaries(st.sampled_from(("a", "b", "b.c", "x", "", ".", "a.")), trees, max_size=3),
)
def test_any_mapping_and_document(mapping: dict[str, Any], source: dict[str, Any]) -> None:
    with suppress(ElasticsearchError):
        made = Mapping((8, 19), mapping)
        before = made.to_json()
        try:
            check_document(made, source, "1")
        except ElasticsearchError:
            assert made.to_json() == before
            raise
        # What was taken once is taken again, and shows the same mapping when read anew.
        check_document(made, source, "1")
        assert Mapping((8, 19), made.to_json()).to_json() == made.to_json()
