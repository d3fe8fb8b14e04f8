"""Compound queries: bool, constant_score, dis_max, nested, match_all, match_none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.search import messages
from fake_es.search.errors import QueryShard
from fake_es.search.pauses import Step, paced
from fake_es.search.query import parse
from fake_es.search.query.base import AnyOf, MatchAll, MatchNone, Query, QueryContext, is_quick, matching, sums_of_scores
from fake_es.search.query.options import boosted, number
from fake_es.search.query.ranges import Range
from fake_es.search.query.terms import Terms
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere, ParseError
from fake_es.wire.java import FOR_INPUT_STRING, java_text
from fake_es.wire.numbers import INT_MAX, INT_MIN, whole

# A term in fewer documents than this is rare: its documents are checked one by one.
_RARE = 200
# After this many documents with nested objects others can run.
_NESTED_AT_ONCE = 100


class DisMax(AnyOf):
    """Documents that match at least one query. The score is the best one, plus ``tie_breaker`` times the others."""

    def __init__(self, queries: list[Query], tie_breaker: float, step: Step) -> None:
        super().__init__(queries, step)
        self._tie_breaker = tie_breaker

    def score(self, document: HasValues) -> float:
        scores = sorted(query.score(document) for query in self._queries if query.matches(document))
        return self.boost * (scores[-1] + self._tie_breaker * sum(scores[:-1])) if scores else 0.0

    def scores(self, index: Index, ordinals: list[int]) -> list[float]:
        if is_quick(self._queries, ordinals):
            return Query.scores(self, index, ordinals)
        best, totals, wanted = dict.fromkeys(ordinals, 0.0), dict.fromkeys(ordinals, 0.0), set(ordinals)
        for query in self._queries:
            self._step()
            found = matching(query, index, wanted)
            for ordinal, score in zip(found, query.scores(index, found)):
                totals[ordinal] += score
                best[ordinal] = max(best[ordinal], score)
        return [self.boost * (best[one] + self._tie_breaker * (totals[one] - best[one])) for one in ordinals]


class Bool(Query):
    """Documents that match all of ``must`` and ``filters``, none of ``must_not``, and at least ``least`` of ``should``."""

    def __init__(
        self,
        must: list[Query],
        filters: list[Query],
        should: list[Query],
        must_not: list[Query],
        least: int,
        step: Step,
    ) -> None:
        """``step`` as for ``AnyOf``."""
        self._must, self._should, self._must_not, self._least = must, should, must_not, least
        self._step = step
        self._required = [*must, *filters]
        if least == 1:
            self._required.append(AnyOf(should, step))
        self.constant = not should and all(query.constant for query in must)

    def matches(self, document: HasValues) -> bool:
        return (
            all(query.matches(document) for query in self._required)
            and not any(query.matches(document) for query in self._must_not)
            and (self._least < 2 or self._enough(document))
        )

    def _enough(self, document: HasValues) -> bool:
        return sum(query.matches(document) for query in self._should) >= self._least

    def score(self, document: HasValues) -> float:
        if not self._must and not self._should:
            # With filters alone the score is 0. Without any clause it is that of match_all.
            return 0.0 if self._required or self._must_not else self.boost
        optional = sum(query.score(document) for query in self._should if query.matches(document))
        return self.boost * (sum(query.score(document) for query in self._must) + optional)

    def scores(self, index: Index, ordinals: list[int]) -> list[float]:
        if is_quick([*self._must, *self._should], ordinals) or not (self._must or self._should):
            return super().scores(index, ordinals)
        totals = sums_of_scores(self._should, index, ordinals, self._step)
        for query in self._must:
            self._step()
            totals = [total + score for total, score in zip(totals, query.scores(index, ordinals))]
        return [self.boost * total for total in totals]

    def estimate(self, index: Index) -> int:
        return min((self._estimated(query, index) for query in self._required), default=len(index))

    def _estimated(self, query: Query, index: Index) -> int:
        self._step()
        return query.estimate(index)

    def select(self, index: Index) -> list[int]:
        if not self._required:
            return self._without_refused(index, index.ordinals())
        pair = self._term_and_range(index)
        if pair is None:
            first, *rest = self._by_estimate(index)
            found = first.select(index)
        else:
            term, interval = pair
            (value,) = term.values
            found = interval.select_within(index, term.field, value)
            rest = self._by_estimate(index, but=pair)
        for query in rest:
            self._step()
            found = query.narrow(index, found)
        return self._without_refused(index, found)

    def _term_and_range(self, index: Index) -> tuple[Terms, Range] | None:
        """A term and a range that can be looked up together; None if one is missing or the term is rare."""
        interval = next((query for query in self._required if isinstance(query, Range)), None)
        terms = [query for query in self._required if isinstance(query, Terms) and len(query.values) == 1]
        if interval is None or not terms:
            return None
        term = min(terms, key=lambda query: query.estimate(index)) if len(terms) > 1 else terms[0]
        return None if term.estimate(index) < _RARE else (term, interval)

    def _by_estimate(self, index: Index, but: Sequence[Query] = ()) -> list[Query]:
        """The required clauses except those in ``but``, ordered by the number of documents they select."""
        queries = [query for query in self._required if query not in but]
        return queries if len(queries) < 2 else sorted(queries, key=lambda query: self._estimated(query, index))

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        for query in self._by_estimate(index):
            self._step()
            ordinals = query.narrow(index, ordinals)
        return self._without_refused(index, ordinals)

    def _without_refused(self, index: Index, ordinals: list[int]) -> list[int]:
        if self._must_not and is_quick(self._must_not, ordinals):
            refused = {ordinal for query in self._must_not for ordinal in query.narrow(index, ordinals)}
            ordinals = [ordinal for ordinal in ordinals if ordinal not in refused]
        elif self._must_not:
            ordinals = self._without(self._must_not, index, ordinals)
        if self._least > 1:
            ordinals = self._with_enough(index, ordinals)
        return ordinals

    def _without(self, refused: list[Query], index: Index, ordinals: list[int]) -> list[int]:
        kept = set(ordinals)
        for query in refused:
            self._step()
            kept.difference_update(matching(query, index, kept))
        return [ordinal for ordinal in ordinals if ordinal in kept]

    def _with_enough(self, index: Index, ordinals: list[int]) -> list[int]:
        if is_quick(self._should, ordinals):
            return [ordinal for ordinal in ordinals if self._enough(index.at(ordinal))]
        counts, wanted = dict.fromkeys(ordinals, 0), set(ordinals)
        for query in self._should:
            self._step()
            for ordinal in matching(query, index, wanted):
                counts[ordinal] += 1
        return [ordinal for ordinal, count in counts.items() if count >= self._least]


class ConstantScore(Query):
    """The documents that another query matches, all with the same score."""

    def __init__(self, inner: Query) -> None:
        self._inner = inner

    def matches(self, document: HasValues) -> bool:
        return self._inner.matches(document)

    def estimate(self, index: Index) -> int:
        return self._inner.estimate(index)

    def select(self, index: Index) -> list[int]:
        return self._inner.select(index)

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        return self._inner.narrow(index, ordinals)


class Nested(Query):
    """Documents with a nested object that another query matches."""

    def __init__(self, path: str, inner: Query, step: Step) -> None:
        self._path = path
        self._inner = inner
        self._step = step

    def matches(self, document: HasValues) -> bool:
        return any(self._inner.matches(found) for found in document.nested(self._path))

    def narrow(self, index: Index, ordinals: list[int]) -> list[int]:
        return [ordinal for ordinal in paced(ordinals, self._step, _NESTED_AT_ONCE) if self.matches(index.at(ordinal))]


# Since 7.7 the server reads ``bool`` with an ObjectParser.
_OBJECT_PARSER_SINCE = (7, 7)
_BOOL = {"must": "must", "filter": "filter", "should": "should", "must_not": "must_not", "mustNot": "must_not"}
_BOOL_OPTIONS = ("minimum_should_match", "minimumShouldMatch", "boost", "_name", "adjust_pure_negative")


def parse_bool(tree: Any, context: QueryContext) -> Query:
    """``{"bool": {"must": [...], "filter": [...], "should": [...], "must_not": [...], "minimum_should_match": ...}}``."""
    options = _object("bool", tree, context)
    given = [value for key, value in options.items() if key in _BOOL and value is not None]
    context.count_clauses(sum(len(value) if isinstance(value, list) else 1 for value in given))
    clauses: dict[str, list[Query]] = {"must": [], "filter": [], "should": [], "must_not": []}
    for key, value in options.items():
        if key in _BOOL and value is not None:
            clauses[_BOOL[key]] += _clauses(options, key, context)
        elif key not in _BOOL and key not in _BOOL_OPTIONS and not (key == "disable_coord" and context.release < (7, 0)):
            if context.release >= _OBJECT_PARSER_SINCE:
                raise context.unknown_field("bool", options, key, (*_BOOL.values(), *_BOOL_OPTIONS))
            raise context.failure(messages.QUERY_OPTION.format(query="bool", option=key), options, key)
    must, filters, should, must_not = clauses["must"], clauses["filter"], clauses["should"], clauses["must_not"]
    wanted = options.get("minimum_should_match", options.get("minimumShouldMatch"))
    default = 1 if should and not (must or filters) else 0
    least = default if wanted is None else minimum_should_match(wanted, len(should))
    if least > len(should):
        return MatchNone()
    return boosted(Bool(must, filters, should, must_not, least, context.step), options)


def _clauses(options: dict[str, Any], key: str, context: QueryContext) -> list[Query]:
    """Parse the clauses under one key of ``bool``. From 7.7 the error of a clause becomes the cause of another error."""
    value = options[key]
    try:
        return [parse.parse_query(item, context) for item in context.paced(value if isinstance(value, list) else [value])]
    except (QueryShard, ParseError, NotImplementedHere):
        raise
    except ElasticsearchError as cause:
        if context.release < _OBJECT_PARSER_SINCE:
            raise
        raise context.failed_clause("bool", options, key, cause) from None


def minimum_should_match(wanted: Any, optional: int) -> int:
    """How many of ``optional`` clauses must match, by a text like ``2``, ``-1``, ``75%``, ``-25%`` or ``3<90% 5<-2``.

    :raises IllegalArgument: the text cannot be parsed.
    """
    text = java_text(wanted).strip()
    if "<" in text:
        count = optional
        for rule in text.replace("< ", "<").replace(" <", "<").split():
            bound, _, then = rule.partition("<")
            most = whole(bound, INT_MIN, INT_MAX)
            if most is None:
                raise IllegalArgument(FOR_INPUT_STRING.format(text=bound))
            if optional > most:
                count = minimum_should_match(then, optional)
        return count
    number = whole(text.removesuffix("%"), INT_MIN, INT_MAX)
    if number is None:
        raise IllegalArgument(FOR_INPUT_STRING.format(text=text))
    if text.endswith("%"):
        share = int(optional * number / 100)
        return optional + share if number < 0 else share
    return max(0, optional + number) if number < 0 else number


def parse_constant_score(tree: Any, context: QueryContext) -> Query:
    """``{"constant_score": {"filter": query}}``."""
    options = _object("constant_score", tree, context)
    _check_options("constant_score", options, context, ("filter", "boost", "_name"))
    if "filter" not in options:
        raise context.failure(messages.CONSTANT_SCORE_WITHOUT_FILTER, tree)
    return boosted(ConstantScore(parse.parse_query(options["filter"], context)), options)


def parse_dis_max(tree: Any, context: QueryContext) -> Query:
    """``{"dis_max": {"queries": [queries], "tie_breaker": number}}``."""
    options = _object("dis_max", tree, context)
    _check_options("dis_max", options, context, ("queries", "tie_breaker", "boost", "_name"))
    queries = options.get("queries")
    if not queries:
        raise context.failure(messages.DIS_MAX_WITHOUT_QUERIES, tree)
    given = queries if isinstance(queries, list) else [queries]
    inner = [parse.parse_query(item, context) for item in context.paced(given)]
    return boosted(DisMax(inner, number(options, "tie_breaker", 0.0), context.step), options)


def parse_nested(tree: Any, context: QueryContext) -> Query:
    """``{"nested": {"path": path, "query": query}}``."""
    options = _object("nested", tree, context)
    known = ("path", "query", "score_mode", "ignore_unmapped", "boost", "_name", "inner_hits")
    _check_options("nested", options, context, known)
    for name in ("path", "query"):
        if name not in options:
            raise context.failure(messages.NESTED_WITHOUT.format(name=name), tree)
    path = str(options["path"])
    inner = parse.parse_query(options["query"], context)
    node = context.index.mapping.object(path)
    if node is None or not node.is_nested:
        if context.parse_only or options.get("ignore_unmapped") in (True, "true"):
            return MatchNone()
        why = messages.NESTED_UNMAPPED if node is None else messages.NESTED_NOT_NESTED
        cause = context.shard_failure(why.format(path=path))
        raise context.shard_failure(messages.CREATE_QUERY.format(why=cause.reason), cause)
    return boosted(Nested(path, inner, context.step), options)


def parse_match_all(tree: Any, context: QueryContext) -> Query:
    """``{"match_all": {}}``."""
    options = _object("match_all", tree, context)
    _check_object_options("match_all", options, context)
    return boosted(MatchAll(), options)


def parse_match_none(tree: Any, context: QueryContext) -> Query:
    """``{"match_none": {}}``."""
    _check_object_options("match_none", _object("match_none", tree, context), context)
    return MatchNone()


def _object(name: str, tree: Any, context: QueryContext) -> dict[str, Any]:
    if not isinstance(tree, dict):
        raise context.failure(messages.QUERY_NO_OBJECT.at(context.release, name=name), tree)
    return tree


def _check_object_options(name: str, options: dict[str, Any], context: QueryContext) -> None:
    known = ("boost", "_name")
    for option in options:
        if option not in known:
            raise context.unknown_field(name, options, option, known)


def _check_options(name: str, options: dict[str, Any], context: QueryContext, known: tuple[str, ...]) -> None:
    for option in options:
        if option not in known:
            raise context.failure(messages.QUERY_OPTION.format(query=name, option=option), options, option)
