"""The base class of queries, and the context in which they are parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.mapping.field_types import FieldType
from fake_es.search import messages
from fake_es.search.errors import QueryShard
from fake_es.search.pauses import Step, no_step, paced
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParsingError, TooComplexToDeterminize, XContentParseError
from fake_es.wire.regexps import java_length, lucene_regexp
from fake_es.wire.similarity import did_you_mean

# Line and column in the text of the body. Arguments: an object or list of the body, a key in it (None: the object itself),
# and whether the key is meant rather than its value.
Locate = Callable[[Any, "str | None", bool], "tuple[int, int] | None"]


# ``index.max_regex_length`` and its default: since 6.4 (PR 31131).
_REGEX_LENGTH_SINCE = (6, 4)
_MAX_REGEX_LENGTH = 1000
# Our own limit for the automata of one search, in steps of about a microsecond.
_MAX_AUTOMATON_WORK = 500_000
# ``indices.query.bool.max_clause_count``. From 8.1 it depends on the heap in megabytes and the number of search threads
# (``SearchUtils.calculateMaxClauseValue``). The emulated node has 8192 and 4.
MAX_CLAUSES = 1024
MAX_CLAUSES_BY_HEAP = 8192 * 64 // 4
# Up to 7.x the server limits only the clauses of one query. Here their total is limited too, or a request could take for ever.
_MAX_CLAUSES_IN_ALL_BEFORE_8 = 50_000
# Up to this many tests of a document with a query are made one by one.
_MOST_TESTS = 10_000
# After the estimates of this many clauses others can run: most take about a microsecond, those of patterns milliseconds.
_CLAUSES_AT_ONCE = 10
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class TooManyClauses(ElasticsearchError):
    """Lucene's refusal of a query with too many clauses."""

    type = "too_many_clauses"
    elastic = False


class TooManyNestedClauses(TooManyClauses):
    """The same, counted over nested queries."""

    type = "too_many_nested_clauses"


class Query:
    """One query against one index.

    ``matches`` decides for a single document. ``select`` and ``narrow`` give the same results for many documents at once;
    subclasses override them where columns make that faster. Documents are named by their ordinals in the index: no
    deleted ones, in any order.
    """

    boost = 1.0
    # Whether all matching documents have the same score.
    constant = True

    def matches(self, document: HasValues) -> bool:
        """Whether the query matches a document or a nested object."""
        raise NotImplementedError

    def score(self, document: HasValues) -> float:
        """The score of a matching document."""
        return self.boost

    def estimate(self, index: Index) -> int:
        """An upper bound for the number of matching documents. Must be cheap."""
        return len(index)

    def select(self, index: Index) -> list[int]:
        """Ordinals of all matching documents, without duplicates."""
        return self.narrow(index, index.ordinals())

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        """Those of the given ordinals whose documents match."""
        return [ordinal for ordinal in ordinals if self.matches(index.at(ordinal))]

    def scores(self, index: Index, ordinals: list[int]) -> list[float]:
        """The scores of matching documents, in the order of their ordinals."""
        return [self.score(index.at(ordinal)) for ordinal in ordinals]


class MatchAll(Query):
    """Every document."""

    def matches(self, document: HasValues) -> bool:
        return True

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        return ordinals


class MatchNone(Query):
    """No document."""

    def matches(self, document: HasValues) -> bool:
        return False

    def estimate(self, index: Index) -> int:
        return 0

    def select(self, index: Index) -> list[int]:
        return []

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        return []


class AnyOf(Query):
    """Documents that match at least one of several queries.

    :param step: called between the queries; see ``QueryContext``.
    """

    def __init__(self, queries: list[Query], step: Step) -> None:
        self._queries = queries
        self._step = step
        self.constant = len(queries) < 2 and all(query.constant for query in queries)

    def matches(self, document: HasValues) -> bool:
        return any(query.matches(document) for query in self._queries)

    def score(self, document: HasValues) -> float:
        return self.boost * sum(query.score(document) for query in self._queries if query.matches(document))

    def estimate(self, index: Index) -> int:
        return min(len(index), sum(query.estimate(index) for query in paced(self._queries, self._step, _CLAUSES_AT_ONCE)))

    def select(self, index: Index) -> list[int]:
        found = set[int]()
        for query in self._queries:
            self._step()
            found.update(query.select(index))
        return list(found)

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        if is_quick(self._queries, ordinals):
            return super().narrow(index, ordinals)
        wanted = set(ordinals)
        found = set[int]()
        for query in self._queries:
            self._step()
            found.update(matching(query, index, wanted))
        return [ordinal for ordinal in ordinals if ordinal in found]

    def scores(self, index: Index, ordinals: list[int]) -> list[float]:
        if is_quick(self._queries, ordinals):
            return super().scores(index, ordinals)
        return [self.boost * total for total in sums_of_scores(self._queries, index, ordinals, self._step)]


def any_of(queries: list[Query], step: Step) -> Query:
    """A query for documents that match at least one of ``queries``; ``step`` as for ``AnyOf``."""
    return queries[0] if len(queries) == 1 else AnyOf(queries, step)


def is_quick(queries: Sequence[Query], ordinals: Sequence[int]) -> bool:
    """Whether it is quick to test each of these documents with each of these queries."""
    return len(queries) * len(ordinals) <= _MOST_TESTS


def matching(query: Query, index: Index, wanted: set[int]) -> list[int]:
    """Those of the ordinals ``wanted`` whose documents match. It is quick if only few documents of the index match."""
    if query.estimate(index) < len(wanted):
        return [ordinal for ordinal in query.select(index) if ordinal in wanted]
    return query.narrow(index, list(wanted))


def sums_of_scores(queries: Sequence[Query], index: Index, ordinals: list[int], step: Step) -> list[float]:
    """For each document, the sum of the scores of those queries that it matches."""
    totals = dict.fromkeys(ordinals, 0.0)
    wanted = set(ordinals)
    for query in queries:
        step()
        found = matching(query, index, wanted)
        for ordinal, score in zip(found, query.scores(index, found)):
            totals[ordinal] += score
    return list(totals.values())


class QueryContext:
    """What parsers of queries need to know: the index, the time ``now`` (epoch milliseconds), and the release.

    One context serves the queries of one search against one index; it counts their clauses, depth and automata.
    """

    def __init__(
        self,
        index: Index,
        now: int,
        release: tuple[int, ...],
        locate: Locate | None = None,
        node_settings: Mapping[str, str] = NO_SETTINGS,
        *,
        parse_only: bool = False,
        step: Step = no_step,
    ) -> None:
        """``locate`` finds places in the text of the body; ``node_settings`` are those that the user has configured.

        With ``parse_only`` the queries will not run. What only a shard would refuse is not refused. ``step`` is called often
        by the parsers and by the queries: see ``pauses.in_steps``.
        """
        self.step = step
        self.parse_only = parse_only
        self.index = index
        self.max_clauses = int(node_settings.get("indices.query.bool.max_clause_count", MAX_CLAUSES))
        if release >= (8, 1):
            self.max_clauses = MAX_CLAUSES_BY_HEAP
        self.max_depth = int(node_settings.get("indices.query.bool.max_nested_depth", 30 if release >= (8, 6) else 20))
        self.now = now
        self.release = release
        # How many queries enclose the one that is being parsed.
        self.depth = 0
        self._locate = locate
        self._automaton_work = 0
        self._clauses = 0

    def paced(self, clauses: Sequence[Any]) -> Iterable[Any]:
        """The clauses of a query to parse, with calls of ``step`` between them."""
        return paced(clauses, self.step, _CLAUSES_AT_ONCE)

    def begin_query(self) -> None:
        """Count the clauses of the next query from zero. The clauses of different queries of a search are not added."""
        self._clauses = 0

    def count_clauses(self, count: int) -> None:
        """Count the clauses of one query.

        :raises QueryShard: more than ``indices.query.bool.max_clause_count``, from 8.0 over all nested queries.
        """
        if self.parse_only:
            return
        self._clauses += count
        most = self.max_clauses
        if count > most:
            cause = TooManyClauses(messages.MANY_CLAUSES.format(most=most))
        elif self._clauses > (most if self.release >= (8, 0) else _MAX_CLAUSES_IN_ALL_BEFORE_8):
            cause = TooManyNestedClauses(messages.MANY_NESTED_CLAUSES.format(most=most))
        else:
            return
        raise self.shard_failure(messages.CREATE_QUERY.format(why=cause.reason), cause)

    def field(self, name: str) -> FieldType | None:
        """The type of a field that a query names; None if it is not mapped.

        :raises QueryShard: the field is mapped, but cannot be searched.
        """
        found = self.index.mapping.field(name)
        if found is not None and not found.searchable and not (found.has_values and self.release >= (8, 1)):
            raise self.shard_failure(messages.NOT_INDEXED.at(self.release, field=name))
        return found

    def regexp(self, text: str, flags: int, fold: bool, most_states: int) -> Callable[[str], bool]:
        """Compile a regular expression of Lucene; the result tests whole texts. For the arguments see ``lucene_regexp``.

        :raises QueryShard: the expression is broken, longer than ``index.max_regex_length``, or too complex. The last is
            also decided over all expressions of the search.
        """
        if self.parse_only:
            return lambda value: False
        try:
            if self.release >= _REGEX_LENGTH_SINCE:
                self.check_length(text, messages.REGEXP_TOO_LONG)
            automaton = lucene_regexp(text, self.release, flags, fold=fold, most_states=most_states)
            self._automaton_work += automaton.work
            if self._automaton_work > _MAX_AUTOMATON_WORK:
                raise TooComplexToDeterminize(messages.REGEXPS_TOO_COMPLEX)
        except ElasticsearchError as error:
            raise self.shard_failure(messages.CREATE_QUERY.format(why=error.reason), error) from None
        return automaton.fits

    def check_length(self, text: str, refusal: str) -> None:
        """Check the length of a pattern; ``refusal`` is the text of the error.

        :raises IllegalArgument: it is longer than ``index.max_regex_length``.
        """
        most = int(self.index.settings.get("index.max_regex_length") or _MAX_REGEX_LENGTH)
        if java_length(text) > most:
            raise IllegalArgument(refusal.format(length=java_length(text), most=most))

    def failure(self, reason: str, part: Any = None, key: str | None = None, *, at_key: bool = False) -> ParsingError:
        """The error for a query that cannot be parsed.

        :param part: the object or list of the body that is wrong.
        :param key: the key in ``part`` whose value is wrong, or with ``at_key`` which is wrong itself.
        :return: an error with line and column, if the text of the body is known.
        """
        where = None if self._locate is None else self._locate(part, key, at_key)
        error = ParsingError(reason) if where is None else ParsingError(reason, line=where[0], col=where[1])
        error.where = where
        return error

    def unknown_field(self, query: str, part: Any, key: str, known: Iterable[str]) -> ElasticsearchError:
        """The error for an unknown option ``key``, in a query that the server reads with an ``ObjectParser``."""
        hint = did_you_mean(key, known) if self.release >= (7, 6) else ""
        reason = messages.UNKNOWN_FIELD.at(self.release, query=query, option=key, hint=hint)
        if self.release < (6, 4):
            return IllegalArgument(reason)
        return XContentParseError(self._location_prefix(part, key, True) + reason)

    def failed_clause(self, query: str, part: Any, key: str, cause: ElasticsearchError) -> ElasticsearchError:
        """The error of such a query when the query under its option ``key`` is refused with ``cause``."""
        reason = messages.FAILED_CLAUSE.format(query=query, option=key)
        return XContentParseError(self._location_prefix(part, key, False) + reason, cause=cause)

    def end_of_empty(self, part: Any) -> str:
        """`` at [line:column]`` for the closing brace of an empty object; empty if the text of the body is not known."""
        where = None if self._locate is None else self._locate(part, None, False)
        return "" if where is None else f" at [{where[0]}:{where[1] + 1}]"

    def _location_prefix(self, part: Any, key: str, at_key: bool) -> str:
        where = None if self._locate is None else self._locate(part, key, at_key)
        return "" if where is None else f"[{where[0]}:{where[1]}] "

    def shard_failure(self, reason: str, cause: ElasticsearchError | None = None) -> QueryShard:
        """The error for a query that the mapping of this index does not allow."""
        return QueryShard(reason, cause=cause, index_uuid=self.index.uuid, index=self.index.name)
