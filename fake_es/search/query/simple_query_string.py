"""simple_query_string: words, ``"phrases"``, ``+``, ``|``, ``-``, ``( )`` and ``prefix*``. No text is a syntax error."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from fake_es.search import messages
from fake_es.search.query.base import MatchAll, MatchNone, Query, QueryContext, TooManyClauses
from fake_es.search.query.compound import Bool
from fake_es.search.query.fields import SearchedField, fields_of
from fake_es.search.query.full_text import MatchOptions, match_fields, match_options
from fake_es.search.query.options import boosted
from fake_es.wire.numbers import INT_MAX, whole

_OPTIONS = frozenset({
    "query", "fields", "default_operator", "analyzer", "flags", "lenient", "minimum_should_match", "boost", "_name",
    "analyze_wildcard", "quote_field_suffix", "fuzzy_max_expansions", "fuzzy_prefix_length", "fuzzy_transpositions",
    "auto_generate_synonyms_phrase_query", "locale", "lowercase_expanded_terms", "all_fields",
})  # fmt: skip
_TOKENS = re.compile(r'"((?:[^"\\]|\\.)*)"(?:~(\d+))?|([+|()-])|((?:[^\s"()|+\\]|\\.)+)', re.DOTALL)
_MAX_DEPTH = 100
# Our own limit: from 8.1 the server allows more than 100,000 clauses.
_MAX_TOKENS = 10_000


def parse_simple_query_string(tree: Any, context: QueryContext) -> Query:
    """``{"simple_query_string": {"query": "error + (disk | memory) -test", "fields": [names]}}``."""
    for option in tree:
        if option not in _OPTIONS:
            text = messages.QUERY_OPTION.format(query="simple_query_string", option=option)
            raise context.failure(text, tree, option)
    if tree.get("query") is None:
        raise context.failure(messages.SIMPLE_WITHOUT_QUERY, tree)
    text = str(tree["query"])
    if text.strip() == "*":
        return boosted(MatchAll(), tree)
    reader = _Reader(text, fields_of(tree.get("fields"), context), match_options(tree), context)
    return boosted(reader.query() or MatchNone(), tree)


class _Reader:
    """Reads the tokens of a text in order."""

    def __init__(self, text: str, fields: list[SearchedField], matching: MatchOptions, context: QueryContext) -> None:
        self._tokens = list(islice(_TOKENS.finditer(text), _MAX_TOKENS + 1))
        if len(self._tokens) > _MAX_TOKENS:
            cause = TooManyClauses(messages.MANY_CLAUSES.format(most=context.max_clauses))
            raise context.shard_failure(messages.CREATE_QUERY.format(why=cause.reason), cause)
        self._at = 0
        self._fields = fields
        self._matching = matching
        self._context = context

    def query(self, depth: int = 0) -> Query | None:
        """Read clauses up to a closing parenthesis or the end; None if there are no clauses.

        ``+`` and ``|`` join a clause to the one before it, ``-`` negates the next one.
        """
        # Clauses that are joined by the same sign (None for a single one): ``a|b|c`` is one query, not two within each other.
        groups: list[tuple[bool | None, list[Query]]] = []
        every: bool | None = None
        negative = False
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            mark = token[3]
            if mark == ")":
                break
            if mark in ("+", "|"):
                every = mark == "+"
            elif mark == "-":
                negative = not negative
            else:
                clause = self._clause(token, depth)
                if clause is not None:
                    clause = Bool([], [], [], [clause], 0, self._context.step) if negative else clause
                    if every is None or not groups:
                        groups.append((None, [clause]))
                    else:
                        sign, members = groups[-1]
                        if sign is not None and sign != every:
                            members = [self._join(members, sign)]
                        members.append(clause)
                        groups[-1] = every, members
                every, negative = None, False
        clauses = [members[0] if sign is None else self._join(members, sign) for sign, members in groups]
        if len(clauses) < 2:
            return clauses[0] if clauses else None
        return self._join(clauses, self._matching.every)

    def _clause(self, token: re.Match[str], depth: int) -> Query | None:
        self._context.step()
        if token[3] == "(":
            return self.query(depth + 1) if depth < _MAX_DEPTH else None
        if token[1] is not None:
            # A slop beyond Java's ``int`` counts as 0 (``SimpleQueryParser.parseFuzziness``).
            slop = whole(token[2] or "0", 0, INT_MAX) or 0
            return self._match(token[1], MatchOptions("phrase", slop=slop, lenient=self._matching.lenient))
        text = token[4]
        if text.endswith("*") and len(text) > 1:
            return self._match(text[:-1], MatchOptions("phrase_prefix", lenient=self._matching.lenient))
        return self._match(text, self._matching)

    def _join(self, clauses: list[Query], every: bool) -> Query:
        self._context.count_clauses(len(clauses))
        step = self._context.step
        return Bool(clauses, [], [], [], 0, step) if every else Bool([], [], clauses, [], 1, step)

    def _match(self, text: str, matching: MatchOptions) -> Query:
        plain = re.sub(r"\\(.)", r"\1", text)
        return match_fields(self._fields, plain, matching, self._context)
