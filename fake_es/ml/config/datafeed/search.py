"""Query, aggregations, scripts and runtime fields of a datafeed, checked without an index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from fake_es.indices.index import Index
from fake_es.mapping.mapping import Mapping
from fake_es.ml.config.datafeed import messages
from fake_es.script import Script, read_script
from fake_es.search.messages import UNKNOWN_SEARCH_KEY
from fake_es.search.query.base import QueryContext
from fake_es.search.query.parse import parse_query
from fake_es.search.runtime import read_runtime_script
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere, ParsingError, bad_request
from fake_es.wire.object_parser import OBJECT, Body, reading, token

Tree = dict[str, Any]
# From then on a datafeed keeps its query and aggregations as they were given (PR 36117), before as the server reads them.
_AS_GIVEN = (6, 6)


def _no_index(version: tuple[int, ...]) -> Index:
    return Index("", "", 0, {}, Mapping(version))


def _read_query(query: Tree, version: tuple[int, ...]) -> None:
    parse_query(query, QueryContext(_no_index(version), 0, version, parse_only=True))


def _read_aggregations(aggs: Tree, version: tuple[int, ...]) -> None:
    # Few datafeeds aggregate, so this is imported on demand.
    from fake_es.search.aggregations.aggregate import aggregate

    aggregate(aggs, (), [QueryContext(_no_index(version), 0, version, parse_only=True)], 0, version)


def _query(value: Tree, body: Body) -> Tree:
    if not value and body.version < (6, 0):
        # 5.x treats an empty object as a missing query; later releases refuse to parse it.
        raise IllegalArgument(messages.NOT_NULL.format(field="query"))
    try:
        with suppress(NotImplementedHere):
            _read_query(value, body.version)
    except ElasticsearchError as error:
        raise (bad_request(messages.QUERY_NOT_PARSABLE, error) if body.version >= _AS_GIVEN else error) from None
    return value


def _aggregations(value: Tree, body: Body) -> Tree:
    from fake_es.search.aggregations.errors import NoInterval

    try:
        # The check of the histogram refuses a missing interval later, in other words.
        with suppress(NotImplementedHere, NoInterval):
            _read_aggregations(value, body.version)
    except ElasticsearchError as error:
        raise (bad_request(messages.AGGS_NOT_PARSABLE, error) if body.version >= _AS_GIVEN else error) from None
    return value


def _script_fields(value: Tree, body: Body) -> Tree:
    for name, field in value.items():
        if not isinstance(field, dict):
            raise ParsingError(messages.SCRIPT_FIELD_NO_OBJECT.format(name=name, token=token(field)))
        for key, part in field.items():
            if key not in ("script", "ignore_failure") or (key == "script" and not isinstance(part, (str, dict))):
                raise ParsingError(UNKNOWN_SEARCH_KEY.format(token=token(part), key=key))
    return value


def _runtime_mappings(value: Tree, body: Body) -> Tree:
    for name, field in value.items():
        if not isinstance(field, dict):
            raise bad_request(messages.RUNTIME_NO_OBJECT.format(name=name, kind=_JAVA.get(type(field), "String")))
        if field.get("type") is None:
            raise bad_request(messages.RUNTIME_NO_TYPE.format(name=name))
    return value


_JAVA = {list: "ArrayList", int: "Integer", float: "Double", bool: "Boolean"}
QUERY = reading(OBJECT, _query)
AGGREGATIONS = reading(OBJECT, _aggregations)
SCRIPT_FIELDS = reading(OBJECT, _script_fields)
RUNTIME_MAPPINGS = reading(OBJECT, _runtime_mappings)


def refuse_what_is_not_here(tree: Tree, version: tuple[int, ...]) -> None:
    """Refuse a configuration that is valid for Elasticsearch but cannot run in fake_es.

    :raises NotImplementedHere: 501, with the name of the query, aggregation or script.
    """
    if "query" in tree:
        _read_query(tree["query"], version)
    if "aggregations" in tree:
        _read_aggregations(tree["aggregations"], version)
    for field in tree.get("script_fields", {}).values():
        read_field_script(field, version)
    _check_runtime(tree, version)


def rendered(tree: Tree, version: tuple[int, ...]) -> Tree:
    """A configuration with the parts that the server writes again from what it has read, with their defaults.

    These are the scripts, and before 6.6 the query and the aggregations. ``refuse_what_is_not_here`` comes before.
    """
    from fake_es.script.rendering import render_script

    shown = dict(tree)
    if tree.get("script_fields"):
        shown["script_fields"] = {
            name: {
                "script": render_script(field.get("script", {}), version),
                "ignore_failure": field.get("ignore_failure") is True,
            }
            for name, field in tree["script_fields"].items()
        }
    if version >= _AS_GIVEN:
        return shown
    from fake_es.search.query.rendering import render_query

    if tree.get("query"):
        shown["query"] = render_query(tree["query"], version)
    if tree.get("aggregations"):
        from fake_es.search.aggregations.rendering import render_aggregations

        shown["aggregations"] = render_aggregations(tree["aggregations"], version)
    return shown


def _check_runtime(tree: Tree, version: tuple[int, ...]) -> None:
    """Refuse queries and aggregations on runtime fields, which fake_es can only extract."""
    fields = tree.get("runtime_mappings", {})
    for name, field in fields.items():
        if "script" in field:
            read_runtime_script(field["script"], version)
        if field.get("type") in ("composite", "lookup"):
            raise NotImplementedHere(f"[{name}]: fake_es has no runtime fields of type [{field['type']}]")
    named = {word for part in ("query", "aggregations") for word in _words(tree.get(part))}
    for name in fields:
        if name in named:
            raise NotImplementedHere(f"[{name}]: fake_es does not search or aggregate by runtime fields")


def _words(tree: Any) -> Iterator[str]:
    """All keys and strings of a tree."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        yield from tree
        for value in tree.values():
            yield from _words(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _words(item)


def read_field_script(tree: dict[str, Any], version: tuple[int, ...]) -> Script:
    """The script of one field of ``script_fields``.

    :raises IllegalArgument: the field has no script.
    :raises NotImplementedHere: the script uses something that fake_es does not emulate.
    """
    return read_script(tree.get("script", {}), names=("doc",), version=version)
