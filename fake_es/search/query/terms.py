"""Term-level queries, which compare whole values: term, terms, ids, exists, prefix, wildcard, regexp."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.mapping.field_types import Date, FieldType, Ip
from fake_es.patterns.lucene_regexp import ALL, MOST_STATES
from fake_es.patterns.wildcards import wildcard
from fake_es.search import messages
from fake_es.search.query.base import MatchNone, Query, QueryContext, any_of
from fake_es.search.query.options import boosted, field_and_options, number, one_field
from fake_es.search.query.ranges import address_range, range_of
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere
from fake_es.wire.java import java_text
from fake_es.wire.regexps import flags_of_number, flags_of_text


class Terms(Query):
    """Documents whose ``field`` has at least one of the ``values``."""

    def __init__(self, field: str, values: Iterable[Any]) -> None:
        self.field = field
        self.values = frozenset(values)

    def matches(self, document: HasValues) -> bool:
        return any(value in self.values for value in document.terms(self.field))

    def estimate(self, index: Index) -> int:
        column = index.lookup(self.field)
        if column is None:
            return 0
        postings = column.postings()
        return sum(len(postings.get(value)) for value in self.values)

    def select(self, index: Index) -> list[int]:
        column = index.lookup(self.field)
        if column is None:
            return []
        postings = column.postings()
        if len(self.values) == 1:
            return index.alive(postings.get(next(iter(self.values))))
        return index.alive({ordinal for value in self.values for ordinal in postings.get(value)})

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        column = index.lookup(self.field)
        if column is None:
            return []
        if len(self.values) == 1:
            return list(column.postings().members(next(iter(self.values))).intersection(ordinals))
        wanted, values = self.values, column.values
        return [ordinal for ordinal in ordinals if not wanted.isdisjoint(values[ordinal])]


class Ids(Query):
    """Documents with one of the given ids."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = frozenset(ids)

    def matches(self, document: HasValues) -> bool:
        return document.values("_id")[0] in self._ids

    def estimate(self, index: Index) -> int:
        return len(self._ids)

    def select(self, index: Index) -> list[int]:
        return [document.ordinal for document_id in self._ids for document in index.with_id(document_id)]


class Exists(Query):
    """Documents that have a value in at least one of the fields."""

    def __init__(self, fields: list[str]) -> None:
        self._fields = fields

    def matches(self, document: HasValues) -> bool:
        return any(document.terms(field) for field in self._fields)

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        columns = [column.values for field in self._fields if (column := index.lookup(field)) is not None]
        return [ordinal for ordinal in ordinals if any(values[ordinal] for values in columns)]


class MatchingTerms(Query):
    """Documents with a term that the function ``fits`` accepts. Terms are whole values, or the words of analyzed texts."""

    def __init__(self, field: str, fits: Callable[[str], object]) -> None:
        self._field = field
        self._fits = fits
        # The terms found, with the column and the number of terms that were tested.
        self._known: tuple[object, int, Terms] | None = None

    def matches(self, document: HasValues) -> bool:
        return any(self._fits(value) for value in document.terms(self._field) if isinstance(value, str))

    def _accepted(self, index: Index) -> Terms:
        column = index.lookup(self._field)
        terms = column.postings().terms() if column is not None else []
        if self._known is None or self._known[:2] != (column, len(terms)):
            found = Terms(self._field, (term for term in terms if isinstance(term, str) and self._fits(term)))
            self._known = column, len(terms), found
        return self._known[2]

    def estimate(self, index: Index) -> int:
        return self._accepted(index).estimate(index)

    def select(self, index: Index) -> list[int]:
        return self._accepted(index).select(index)

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        return self._accepted(index).narrow(index, ordinals)


# ``index.max_terms_count``.
_MAX_TERMS = 65_536


def term_query(field: str, value: Any, context: QueryContext) -> Query:
    """The query for documents whose field has ``value``.

    :raises QueryShard: it is not a value of this type of field.
    """
    type_ = context.field(field)
    if type_ is None:
        return MatchNone()
    if isinstance(type_, Date):
        return range_of(field, type_, {"gte": value, "lte": value}, context)
    if isinstance(type_, Ip) and "/" in str(value):
        return address_range(field, str(value))
    if field == "_id":
        return Ids([str(value)])
    return Terms(type_.name if field != type_.name else field, [_value(type_, value, context)])


def _value(type_: FieldType, value: Any, context: QueryContext) -> Any:
    try:
        return type_.term(value) if not type_.is_text else value if isinstance(value, str) else str(value).lower()
    except NotImplementedHere:
        raise
    except ElasticsearchError as cause:
        raise context.shard_failure(messages.CREATE_QUERY.format(why=cause.reason), cause) from None


def parse_term(tree: Any, context: QueryContext) -> Query:
    """``{"term": {"field": value}}`` or ``{"field": {"value": value, "boost": ..., "case_insensitive": ...}}``."""
    field, options = field_and_options("term", tree, context, "value", ("value", "boost", "_name", "case_insensitive"))
    value = options.get("value")
    if value is None:
        raise context.failure(messages.NULL_VALUE, tree)
    if options.get("case_insensitive") is True:
        wanted = str(value).lower()
        return _matching_terms(field, context, lambda text: text.lower() == wanted)
    return boosted(term_query(field, value, context), options)


def parse_terms(tree: Any, context: QueryContext) -> Query:
    """``{"terms": {"field": [values]}}``."""
    field, values = one_field("terms", tree, context, ("boost", "_name"))
    if isinstance(values, dict):
        raise NotImplementedHere("[terms] lookup is not emulated by fake_es")
    if not isinstance(values, list):
        raise context.failure(messages.TERMS_WITHOUT_LIST.format(field=field), tree, field)
    count, most = len(values), int(context.index.settings.get("index.max_terms_count", _MAX_TERMS))
    # Up to 6.x the server only warns of too many terms.
    if context.release >= (7, 0) and count > most and not context.parse_only:
        cause = IllegalArgument(messages.MANY_TERMS.format(count=count, most=most))
        raise context.shard_failure(messages.CREATE_QUERY.format(why=cause.reason), cause)
    type_ = context.field(field)
    if type_ is None:
        return MatchNone()
    if isinstance(type_, (Date, Ip)) or field == "_id":
        return any_of([term_query(field, value, context) for value in context.paced(values)], context.step)
    return Terms(type_.name, [_value(type_, value, context) for value in values])


def parse_ids(tree: Any, context: QueryContext) -> Query:
    """``{"ids": {"values": [ids]}}``."""
    values = tree.get("values") if isinstance(tree, dict) else None
    if values is None:
        raise context.failure(messages.IDS_WITHOUT_VALUES, tree)
    return Ids(str(value) for value in (values if isinstance(values, list) else [values]))


def parse_exists(tree: Any, context: QueryContext) -> Query:
    """``{"exists": {"field": name}}``. The name of an object means any field in it; the name may have wildcards."""
    name = tree.get("field") if isinstance(tree, dict) else None
    if not isinstance(name, str):
        raise context.failure(messages.EXISTS_WITHOUT_FIELD, tree)
    mapping = context.index.mapping
    if "*" in name:
        return Exists(mapping.names(name))
    return Exists([name] if mapping.field(name) is not None else list(mapping.below(name)))


# PR 108537.
_PREFIX_LENGTH_SINCE = (8, 15)
_PATTERN_OPTIONS = ("value", "boost", "_name", "rewrite", "case_insensitive", "flags", "max_determinized_states", "flags_value")


def parse_prefix(tree: Any, context: QueryContext) -> Query:
    """``{"prefix": {"field": text}}``."""
    field, text, fold = _pattern("prefix", tree, context, "prefix")
    if context.release >= _PREFIX_LENGTH_SINCE:
        context.check_length(text, messages.PREFIX_TOO_LONG)
    return _matching_terms(
        field, context, lambda term: term.lower().startswith(text.lower()) if fold else term.startswith(text)
    )


def parse_wildcard(tree: Any, context: QueryContext) -> Query:
    """``{"wildcard": {"field": pattern}}`` with ``*`` and ``?``."""
    field, text, fold = _pattern("wildcard", tree, context, "wildcard")
    return _matching_terms(field, context, wildcard(text, single=True, escapes=True, fold=fold))


def parse_regexp(tree: Any, context: QueryContext) -> Query:
    """``{"regexp": {"field": pattern}}``. The pattern is in Lucene's syntax and must match the whole value.

    :raises IllegalArgument: ``flags`` has an unknown name, or a numeric option is not a number.
    :raises QueryShard: the pattern is broken, too long or too complex.
    """
    field, text, fold = _pattern("regexp", tree, context, "value")
    options = tree[field] if isinstance(tree[field], dict) else {}
    flags = flags_of_text(java_text(options.get("flags") or ""))
    if options.get("flags_value") is not None:
        flags = flags_of_number(int(number(options, "flags_value", 0)), context.release)
    most = int(number(options, "max_determinized_states", MOST_STATES))
    return regexp_query(field, text, context, flags, fold=fold, most_states=most)


def regexp_query(
    field: str, text: str, context: QueryContext, flags: int = ALL, *, fold: bool = False, most_states: int = MOST_STATES
) -> Query:
    """The query for documents with a value that a regular expression of Lucene matches; for the options see ``lucene_regexp``.

    :raises QueryShard: the expression is broken, too long or too complex.
    """
    return _matching_terms(field, context, context.regexp(text, flags, fold, most_states))


def _pattern(name: str, tree: Any, context: QueryContext, other: str) -> tuple[str, str, bool]:
    """Field, pattern and ``case_insensitive`` of a query; ``other`` is a second name of the option ``value``."""
    field, options = field_and_options(name, tree, context, "value", (*_PATTERN_OPTIONS, other))
    value = options.get("value", options.get(other))
    if value is None:
        raise context.failure(messages.NULL_VALUE, tree)
    return field, java_text(value), options.get("case_insensitive") is True


def _matching_terms(field: str, context: QueryContext, fits: Callable[[str], object]) -> Query:
    type_ = context.field(field)
    return MatchNone() if type_ is None else MatchingTerms(type_.name, fits)
