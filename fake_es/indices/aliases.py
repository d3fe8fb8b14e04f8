"""The options of aliases: how they are read and checked (``AliasMetadata``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.indices import messages
from fake_es.indices.errors import InvalidAliasName, InvalidIndexName
from fake_es.indices.expressions import check_index_name
from fake_es.indices.index import Index
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere
from fake_es.wire.java import NOT_BOOLEAN, java_text

Tree = dict[str, Any]
# Checks a filter for an index at a time (epoch milliseconds). Registered by ``search.alias_filters``.
FilterCheck = Callable[[Any, Index, int], None]

_KNOWN = frozenset({"filter", "routing", "index_routing", "search_routing", "is_write_index", "is_hidden"})
_OTHER_NAMES = {"index-routing": "index_routing", "search-routing": "search_routing", "indexRouting": "index_routing",
           "searchRouting": "search_routing"}  # fmt: skip


def alias_options(alias: str, given: Any) -> Tree:
    """Read the options of an alias, and bring them to the form of responses.

    :raises IllegalArgument: an unknown option or a wrong value.
    """
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise IllegalArgument(messages.ALIAS_NOT_OBJECT.format(alias=alias))
    options: Tree = {str(_OTHER_NAMES.get(name, name)): value for name, value in given.items() if value is not None}
    for name, value in options.items():
        if name not in _KNOWN:
            raise IllegalArgument(messages.ALIAS_UNKNOWN.format(field=name, alias=alias))
        if name == "filter" and not isinstance(value, dict):
            raise IllegalArgument(messages.ALIAS_FILTER.format(alias=alias))
        if name.startswith("is_") and str(value).lower() not in ("true", "false"):
            raise IllegalArgument(NOT_BOOLEAN.format(value=java_text(value)))
    read: Tree = {"filter": options["filter"]} if options.get("filter") else {}
    routing = options.get("routing")
    for name in ("index_routing", "search_routing"):
        if options.get(name, routing) is not None:
            read[name] = str(options.get(name, routing))
    read |= {name: str(options[name]).lower() == "true" for name in ("is_write_index", "is_hidden") if name in options}
    return read


def check_alias(alias: str, options: Tree, index: Index, now: int, release: tuple[int, ...], check_filter: FilterCheck) -> None:
    """Check the name and the filter of a new alias.

    :raises InvalidAliasName: the name is not allowed.
    :raises IllegalArgument: the filter is not a query for this index.
    """
    try:
        check_index_name(alias.lower(), release)
    except InvalidIndexName as error:
        why = str(error.reason).partition("], ")[2]
        raise InvalidAliasName(alias, why) from None
    if "filter" not in options:
        return
    try:
        check_filter(options["filter"], index, now)
    except NotImplementedHere:
        raise
    except ElasticsearchError as error:
        raise IllegalArgument(messages.ALIAS_FILTER.format(alias=alias), cause=error) from None


def sorted_aliases(index: Index) -> dict[str, Tree]:
    """The options of all aliases of an index, sorted by name."""
    return {alias: index.aliases[alias] for alias in sorted(index.aliases)}
