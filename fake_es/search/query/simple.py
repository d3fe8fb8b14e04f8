"""simple_query_string: words, ``"phrases"``, ``+``, ``|``, ``-``, ``( )`` and ``begun*``; nothing in it is an error."""

from __future__ import annotations

import re
from typing import Any

from fake_es.search import messages
from fake_es.search.query.base import Context, MatchAll, MatchNone, Query
from fake_es.search.query.compound import Best, Bool
from fake_es.search.query.fields import Named, fields_of
from fake_es.search.query.full_text import How, how_of, match_fields
from fake_es.search.query.options import boosted
from fake_es.wire.numbers import INT_MAX, whole

_OPTIONS = frozenset({
    "query", "fields", "default_operator", "analyzer", "flags", "lenient", "minimum_should_match", "boost", "_name",
    "analyze_wildcard", "quote_field_suffix", "fuzzy_max_expansions", "fuzzy_prefix_length", "fuzzy_transpositions",
    "auto_generate_synonyms_phrase_query", "locale", "lowercase_expanded_terms", "all_fields",
})  # fmt: skip
_TOKENS = re.compile(r'"((?:[^"\\]|\\.)*)"(?:~(\d+))?|([+|()-])|((?:[^\s"()|+\\]|\\.)+)', re.DOTALL)
_DEEPEST = 100


def parse_simple_query_string(tree: Any, context: Context) -> Query:
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
    reader = _Reader(text, fields_of(tree.get("fields"), context), how_of(tree), context)
    return boosted(reader.query() or MatchNone(), tree)


class _Reader:
    """Reads clauses up to a closing bracket."""

    def __init__(self, text: str, fields: list[Named], how: How, context: Context) -> None:
        self._tokens = list(_TOKENS.finditer(text))
        self._at = 0
        self._fields = fields
        self._every = how.every
        self._how = how
        self._context = context

    def query(self, depth: int = 0) -> Query | None:
        """Clauses joined by the operators between them; None if there are none."""
        clauses: list[Query] = []
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
                self._add(clauses, self._clause(token, depth), every, negative)
                every, negative = None, False
        return self._together(clauses)

    def _add(self, clauses: list[Query], clause: Query | None, every: bool | None, negative: bool) -> None:
        """Take a clause in; an operator before it joins it to the clause before."""
        if clause is None:
            return
        clauses.append(Bool([], [], [], [clause], 0) if negative else clause)
        if every is not None and len(clauses) > 1:
            clauses[-2:] = [_both(clauses[-2], clauses[-1], every)]

    def _together(self, clauses: list[Query]) -> Query | None:
        if len(clauses) < 2:
            return clauses[0] if clauses else None
        return Bool(clauses, [], [], [], 0) if self._every else Bool([], [], clauses, [], 1)

    def _clause(self, token: re.Match[str], depth: int) -> Query | None:
        if token[3] == "(":
            return self.query(depth + 1) if depth < _DEEPEST else None
        if token[1] is not None:
            return self._match(token[1], How("phrase", slop=_slop(token[2]), lenient=self._how.lenient))
        text = token[4]
        if text.endswith("*") and len(text) > 1:
            return self._match(text[:-1], How("prefix", lenient=self._how.lenient))
        return self._match(text, self._how)

    def _match(self, text: str, how: How) -> Query:
        plain = re.sub(r"\\(.)", r"\1", text)
        return match_fields(self._fields, plain, how, self._context, lambda queries: Best(queries, 0.0))


def _both(left: Query, right: Query, every: bool) -> Query:
    return Bool([left, right], [], [], [], 0) if every else Bool([], [], [left, right], [], 1)


def _slop(digits: str | None) -> int:
    """A number behind ``~``; one that Java cannot read stands for none (``SimpleQueryParser.parseFuzziness``)."""
    return whole(digits or "0", 0, INT_MAX) or 0
