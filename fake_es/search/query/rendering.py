"""Writes queries as releases 5.4 to 6.5 show them in a datafeed: with all defaults (``doXContent``).

The queries must be valid: they are not checked here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.patterns.lucene_regexp import MOST_STATES
from fake_es.search.query.ranges import ends_of
from fake_es.search.rendering import Option, count, flag, items_of, lower, number, render, same, text, upper
from fake_es.wire.numbers import double_of
from fake_es.wire.regexps import flags_of_text

Tree = dict[str, Any]
_Renderer = Callable[[Tree, tuple[int, ...]], Tree]

_BOOST = (number("boost", 1.0), Option("_name"))
_SYNONYMS = Option("auto_generate_synonyms_phrase_query", True, flag, since=(6, 1))
_REWRITE = Option("rewrite")
# ``RegexpFlag.ALL``, all bits of Lucene's ``RegExp``.
_ALL_FLAGS = 0xFFFF


def _fuzziness(value: Any) -> str:
    return text(value).upper() if lower(value).startswith("auto") else text(value)


_FUZZINESS = Option("fuzziness", read=_fuzziness)
_MINIMUM = Option("minimum_should_match", read=text, also=("minimumShouldMatch",))
_MATCH = (
    Option("query"), Option("type", read=lower), Option("operator", "OR", upper), Option("analyzer"), count("slop"), _FUZZINESS,
    count("prefix_length", 0), count("max_expansions", 50), _MINIMUM, Option("fuzzy_rewrite"),
    Option("fuzzy_transpositions", True, flag), Option("lenient", False, flag), Option("zero_terms_query", "NONE", upper),
    number("cutoff_frequency"), _SYNONYMS, *_BOOST,
)  # fmt: skip


def _weighted(names: Any) -> list[str]:
    """Names of fields with their boosts, as ``name^1.0``, sorted by name."""
    weights = {}
    for name in items_of(names):
        field, caret, weight = name.partition("^")
        weights[field] = double_of(weight) if caret else 1.0
    return [f"{field}^{weight}" for field, weight in sorted(weights.items())]


# Queries of one field: the option that a plain value sets, and all options.
_OF_FIELD: dict[str, tuple[str, tuple[Option, ...]]] = {
    "term": ("value", (Option("value"), *_BOOST)),
    "prefix": ("value", (Option("value", also=("prefix",)), _REWRITE, *_BOOST)),
    "wildcard": ("wildcard", (Option("wildcard", also=("value",)), _REWRITE, *_BOOST)),
    "regexp": ("value", (
        Option("value"), count("flags_value", _ALL_FLAGS), count("max_determinized_states", MOST_STATES), _REWRITE, *_BOOST,
    )),
    "fuzzy": ("value", (
        Option("value"), _FUZZINESS._replace(default="AUTO"), count("prefix_length", 0), count("max_expansions", 50),
        Option("transpositions", False, flag), _REWRITE, *_BOOST,
    )),
    "match": ("query", _MATCH),
    "match_phrase": ("query", (
        Option("query"), Option("analyzer"), count("slop", 0, also=("phrase_slop",)),
        Option("zero_terms_query", "NONE", upper, since=(6, 3)), *_BOOST,
    )),
    "match_phrase_prefix": ("query", (
        Option("query"), Option("analyzer"), count("slop", 0, also=("phrase_slop",)), count("max_expansions", 50), *_BOOST,
    )),
}  # fmt: skip
_PLAIN: dict[str, tuple[Option, ...]] = {
    "match_all": _BOOST,
    "match_none": _BOOST,
    "exists": (Option("field"), *_BOOST),
    "ids": (
        Option("type", [], items_of, also=("types", "_type")),
        Option("values", read=lambda given: [text(value) for value in items_of(given)]),
        *_BOOST,
    ),
    "multi_match": (
        Option("query"), Option("fields", [], _weighted), Option("type", "best_fields", lower), Option("operator", "OR", upper),
        Option("analyzer"), count("slop", 0), _FUZZINESS, count("prefix_length", 0), count("max_expansions", 50), _MINIMUM,
        Option("fuzzy_rewrite"), Option("use_dis_max", read=flag), number("tie_breaker"),
        Option("lenient", False, flag, until=(6, 1)), Option("lenient", read=flag, since=(6, 1)), number("cutoff_frequency"),
        Option("zero_terms_query", "NONE", upper), _SYNONYMS, Option("fuzzy_transpositions", True, flag, since=(6, 1)), *_BOOST,
    ),
    "query_string": (
        Option("query"), Option("default_field"), Option("fields", [], _weighted),
        Option("use_dis_max", True, flag, until=(6, 0)), Option("type", "best_fields", lower, since=(6, 0)),
        number("tie_breaker", 0.0, until=(6, 0)), number("tie_breaker", since=(6, 0)), Option("default_operator", "or", lower),
        Option("analyzer"), Option("quote_analyzer"), Option("auto_generate_phrase_queries", False, flag, until=(6, 0)),
        count("max_determinized_states", MOST_STATES),
        Option("allow_leading_wildcard", read=flag), Option("enable_position_increments", True, flag),
        _FUZZINESS._replace(default="AUTO"), count("fuzzy_prefix_length", 0), count("fuzzy_max_expansions", 50),
        Option("fuzzy_rewrite"), count("phrase_slop", 0), Option("analyze_wildcard", read=flag), _REWRITE, _MINIMUM,
        Option("quote_field_suffix"), Option("lenient", read=flag), Option("time_zone"), Option("escape", False, flag),
        Option("split_on_whitespace", True, flag, until=(6, 0)), Option("all_fields", read=flag, until=(6, 0)), _SYNONYMS,
        Option("fuzzy_transpositions", True, flag, since=(6, 1)), *_BOOST,
    ),
    "simple_query_string": (
        Option("query"), Option("fields", read=_weighted), Option("analyzer"), Option("flags", -1, same),
        Option("default_operator", "or", lower), Option("lenient", read=flag), Option("analyze_wildcard", False, flag),
        Option("quote_field_suffix"), _MINIMUM, Option("all_fields", read=flag, until=(6, 0)), _SYNONYMS,
        count("fuzzy_prefix_length", 0, since=(6, 1)), count("fuzzy_max_expansions", 50, since=(6, 1)),
        Option("fuzzy_transpositions", True, flag, since=(6, 1)), *_BOOST,
    ),
}  # fmt: skip


def render_query(tree: Tree, release: tuple[int, ...]) -> Tree:
    """A valid query as the server shows it: all options with their defaults, in the server's order."""
    name, body = next(iter(tree.items()))
    if name in _COMPOUND:
        return {name: _COMPOUND[name](body, release)}
    if name in _OF_FIELD:
        return {name: _of_field(name, body, release)}
    return {name: render(body, _PLAIN[name], release)}


def _of_field(name: str, body: Tree, release: tuple[int, ...]) -> Tree:
    short, options = _OF_FIELD[name]
    field = next(key for key in body if key not in ("boost", "_name"))
    given = body[field] if isinstance(body[field], dict) else {short: body[field]}
    given = {key: body[key] for key in ("boost", "_name") if key in body} | given
    if name == "regexp" and given.get("flags") is not None and given.get("flags_value") is None:
        flags = str(given["flags"])
        given = given | {"flags_value": _ALL_FLAGS if "ALL" in flags.upper().split("|") else flags_of_text(flags)}
    return {field: render(given, options, release)}


def _terms(body: Tree, release: tuple[int, ...]) -> Tree:
    field = next(key for key in body if key not in ("boost", "_name"))
    return {field: body[field], **render(body, _BOOST, release)}


def _range(body: Tree, release: tuple[int, ...]) -> Tree:
    field = next(key for key in body if key != "_name")
    given = body[field]
    low, high, over, under = ends_of(given)
    shown = {"from": low, "to": high, "include_lower": not over, "include_upper": not under}
    named = given | {key: body[key] for key in ("_name",) if key in body}
    return {field: shown | render(named, (Option("time_zone"), Option("format"), Option("relation"), *_BOOST), release)}


def _bool(body: Tree, release: tuple[int, ...]) -> Tree:
    shown: Tree = {}
    for name, other in (("must", "must"), ("filter", "filter"), ("must_not", "mustNot"), ("should", "should")):
        given = [body[key] for key in dict.fromkeys((name, other)) if body.get(key) is not None]
        clauses = [clause for part in given for clause in items_of(part)]
        if clauses:
            shown[name] = [render_query(clause, release) for clause in clauses if clause]
    options = (
        Option("disable_coord", False, flag, until=(6, 0)), Option("adjust_pure_negative", True, flag), _MINIMUM, *_BOOST,
    )  # fmt: skip
    return shown | render(body, options, release)


def _constant_score(body: Tree, release: tuple[int, ...]) -> Tree:
    return {"filter": render_query(body["filter"], release), **render(body, _BOOST, release)}


def _dis_max(body: Tree, release: tuple[int, ...]) -> Tree:
    given = body["queries"]
    queries = [render_query(query, release) for query in items_of(given)]
    return {**render(body, (number("tie_breaker", 0.0),), release), "queries": queries, **render(body, _BOOST, release)}


def _nested(body: Tree, release: tuple[int, ...]) -> Tree:
    options = (
        Option("path"), Option("ignore_unmapped", False, flag), Option("score_mode", "avg", lower), *_BOOST,
        Option("inner_hits"),
    )  # fmt: skip
    return {"query": render_query(body["query"], release), **render(body, options, release)}


_COMPOUND: dict[str, _Renderer] = {
    "bool": _bool, "constant_score": _constant_score, "dis_max": _dis_max, "nested": _nested, "range": _range, "terms": _terms,
}  # fmt: skip
