"""What a query is, and what it is read with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.mapping.field_types import FieldType
from fake_es.search import messages
from fake_es.search.errors import QueryShard
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParsingError, TooComplexToDeterminize, XContentParseError
from fake_es.wire.regexps import java_length, lucene_regexp
from fake_es.wire.similarity import did_you_mean

# Line and column of what stands under a key of a part of the body, of the key itself, or (key None) of the part.
Locate = Callable[[Any, "str | None", bool], "tuple[int, int] | None"]


# Pull request 31131 of Elasticsearch brought ``index.max_regex_length`` and its default.
_BOUND = (6, 4)
_LONGEST = 1000
# Of our own: what building the automata of one search may take, in steps of about a microsecond.
_MOST_WORK = 500_000
# ``indices.query.bool.max_clause_count``; from 8.1 on it follows from the heap in megabytes and the number of search threads
# (``SearchUtils.calculateMaxClauseValue``): 8192 and 4 at the node that is emulated.
MOST_CLAUSES = 1024
MOST_CLAUSES_BY_HEAP = 8192 * 64 // 4
# Up to 7.x only the clauses of one query are bounded; here all are, so that a request cannot take for ever.
_MOST_OLD = 50_000
NOTHING_CONFIGURED: Mapping[str, str] = MappingProxyType({})


class TooManyClauses(ElasticsearchError):
    """What Lucene says of a query with too many clauses."""

    type = "too_many_clauses"
    elastic = False


class TooManyNestedClauses(TooManyClauses):
    """The same of queries within one another."""

    type = "too_many_nested_clauses"


class Query:
    """One query against one index.

    ``matches`` says what it means; ``select`` and ``narrow`` answer the same for many documents at once, by ordinal, and
    are redefined where columns make them fast. Ordinals given and answered are of living documents, in any order.
    """

    boost = 1.0
    # Whether all that match have the same score.
    constant = True

    def matches(self, document: HasValues) -> bool:
        """Whether a document, or an object nested in one, is meant."""
        raise NotImplementedError

    def score(self, document: HasValues) -> float:
        """How well a document that matches does so."""
        return self.boost

    def estimate(self, index: Index) -> int:
        """At most how many documents match: cheap to tell."""
        return len(index)

    def select(self, index: Index) -> list[int]:
        """Ordinals of all documents that match, each once."""
        return self.narrow(index, index.ordinals())

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        """Those of ``ordinals`` whose documents match."""
        return [ordinal for ordinal in ordinals if self.matches(index.at(ordinal))]


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

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        return []


class AnyOf(Query):
    """Documents that at least one of some queries means."""

    def __init__(self, queries: list[Query]) -> None:
        self._queries = queries
        self.constant = len(queries) < 2 and all(query.constant for query in queries)

    def matches(self, document: HasValues) -> bool:
        return any(query.matches(document) for query in self._queries)

    def score(self, document: HasValues) -> float:
        return self.boost * sum(query.score(document) for query in self._queries if query.matches(document))

    def estimate(self, index: Index) -> int:
        return min(len(index), sum(query.estimate(index) for query in self._queries))

    def select(self, index: Index) -> list[int]:
        return list(set[int]().union(*(query.select(index) for query in self._queries)))


def any_of(queries: list[Query]) -> Query:
    """Documents that at least one of ``queries`` means."""
    return queries[0] if len(queries) == 1 else AnyOf(queries)


class Context:
    """What queries are read with: the index they are for, the time (epoch milliseconds), and the release."""

    def __init__(
        self,
        index: Index,
        now: int,
        release: tuple[int, ...],
        locate: Locate | None = None,
        configured: Mapping[str, str] = NOTHING_CONFIGURED,
    ) -> None:
        """``configured`` are settings of the node, as text."""
        self.index = index
        self.most_clauses = int(configured.get("indices.query.bool.max_clause_count", MOST_CLAUSES))
        if release >= (8, 1):
            self.most_clauses = MOST_CLAUSES_BY_HEAP
        self.deepest = int(configured.get("indices.query.bool.max_nested_depth", 30 if release >= (8, 6) else 20))
        self.now = now
        self.release = release
        # How many queries stand around the one that is being read.
        self.depth = 0
        self._locate = locate
        self._work = 0
        self._clauses = 0

    def count_clauses(self, count: int) -> None:
        """Count the clauses of one query, and from 8.0 on of all queries within one another.

        :raises QueryShard: there are more than ``indices.query.bool.max_clause_count``.
        """
        self._clauses += count
        most = self.most_clauses
        if count > most:
            cause = TooManyClauses(messages.MANY_CLAUSES.format(most=most))
        elif self._clauses > (most if self.release >= (8, 0) else _MOST_OLD):
            cause = TooManyNestedClauses(messages.MANY_NESTED_CLAUSES.format(most=most))
        else:
            return
        raise self.shard_failure(messages.CREATE_QUERY.format(why=cause.reason), cause)

    def field(self, name: str) -> FieldType | None:
        """The type of a field that is to be searched; None if it is not mapped.

        :raises ElasticsearchError: it is mapped, but not indexed.
        """
        found = self.index.mapping.field(name)
        if found is not None and not found.searchable and not (found.has_values and self.release >= (8, 1)):
            raise self.shard_failure(messages.NOT_INDEXED.at(self.release, field=name))
        return found

    def regexp(self, text: str, flags: int, fold: bool, most_states: int) -> Callable[[str], bool]:
        """A test of texts against an expression of Lucene's; the arguments are those of ``lucene_regexp``.

        :raises QueryShard: it is broken, longer than ``index.max_regex_length``, too complex by itself or with those before.
        """
        try:
            if self.release >= _BOUND:
                self.check_length(text, messages.REGEXP_TOO_LONG)
            automaton = lucene_regexp(text, self.release, flags, fold=fold, most_states=most_states)
            self._work += automaton.work
            if self._work > _MOST_WORK:
                raise TooComplexToDeterminize(messages.REGEXPS_TOO_COMPLEX)
        except ElasticsearchError as error:
            raise self.shard_failure(messages.CREATE_QUERY.format(why=error.reason), error) from None
        return automaton.fits

    def check_length(self, text: str, refusal: str) -> None:
        """Refuse a pattern that is longer than ``index.max_regex_length``.

        :raises IllegalArgument: it is.
        """
        most = int(self.index.settings.get("index.max_regex_length") or _LONGEST)
        if java_length(text) > most:
            raise IllegalArgument(refusal.format(length=java_length(text), most=most))

    def failure(self, reason: str, part: Any = None, key: str | None = None, *, at_key: bool = False) -> ParsingError:
        """The refusal of a query that cannot be read, with its place where the body is at hand: that of what stands under
        ``key`` in ``part``, or of the key itself.
        """
        where = None if self._locate is None else self._locate(part, key, at_key)
        error = ParsingError(reason) if where is None else ParsingError(reason, line=where[0], col=where[1])
        error.where = where
        return error

    def unknown_field(self, query: str, part: Any, key: str, known: Iterable[str]) -> ElasticsearchError:
        """The refusal of ``key`` by a query that the server reads with an ``ObjectParser``."""
        hint = did_you_mean(key, known) if self.release >= (7, 6) else ""
        reason = messages.UNKNOWN_FIELD.at(self.release, query=query, option=key, hint=hint)
        if self.release < (6, 4):
            return IllegalArgument(reason)
        return XContentParseError(self._prefix(part, key, True) + reason)

    def failed_clause(self, query: str, part: Any, key: str, cause: ElasticsearchError) -> ElasticsearchError:
        """What such a query makes of the refusal of a query inside it."""
        reason = messages.FAILED_CLAUSE.format(query=query, option=key)
        return XContentParseError(self._prefix(part, key, False) + reason, cause=cause)

    def place_after(self, part: Any) -> str:
        """`` at [line:column]`` of the end of an empty object, where the body is at hand."""
        where = None if self._locate is None else self._locate(part, None, False)
        return "" if where is None else f" at [{where[0]}:{where[1] + 1}]"

    def _prefix(self, part: Any, key: str, at_key: bool) -> str:
        where = None if self._locate is None else self._locate(part, key, at_key)
        return "" if where is None else f"[{where[0]}:{where[1]}] "

    def shard_failure(self, reason: str, cause: ElasticsearchError | None = None) -> QueryShard:
        """The refusal of a query that the fields of this index do not allow."""
        return QueryShard(reason, cause=cause, index_uuid=self.index.uuid, index=self.index.name)
