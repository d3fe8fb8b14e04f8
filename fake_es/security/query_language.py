"""Queries over users, roles and API keys (``SecurityIndexFieldNameTranslator`` and its callers).

The server allows only some kinds of query, and only some fields. All of these are here; no index is searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from fake_es.patterns.wildcards import simple_match
from fake_es.security import messages
from fake_es.wire.call import Call
from fake_es.wire.date_math import instant_of, parse_date
from fake_es.wire.errors import IllegalArgument, NotImplementedHere, ParsingError, check_failures
from fake_es.wire.numbers import whole
from fake_es.wire.object_parser import ANY, INT, OBJECT, Field, ObjectParser, token

# A user, role or API key as a document: ``_id``, and its values by dotted field name.
Document = Mapping[str, Any]
Test = Callable[[Document], bool]


class Kind(NamedTuple):
    """What is queried (``User``, ``Role``, ``API Key``), and the fields that a query may name: ``x.`` means all below ``x``."""

    name: str
    fields: frozenset[str]

    def check(self, field: str, version: tuple[int, ...]) -> str:
        """The field, if queries may name it.

        :raises IllegalArgument: the field is not allowed.
        """
        if field in self.fields or any(name[-1] == "." and field.startswith(name) for name in self.fields):
            return field
        raise IllegalArgument(messages.QUERY_FIELD.at(version, field=field, kind=self.name))


_PARSER = ObjectParser(
    "query_request",
    (
        Field("query", OBJECT),
        Field("from", INT),
        Field("size", INT),
        Field("sort", ANY),
        Field("search_after", ANY),
        Field("aggs", OBJECT, since=(8, 14)),
        Field("aggregations", OBJECT, since=(8, 14)),
    ),
)


class Page(NamedTuple):
    """The result of a query: the total number of matches, and one page of them, each with its sort values."""

    total: int
    found: list[tuple[Any, list[Any] | None]]


class Search(NamedTuple):
    """A query ready to run: test, sort order (field, descending), ``from``, ``size`` and ``search_after``."""

    matches: Test
    order: list[tuple[str, bool]]
    start: int
    size: int
    after: list[Any] | None

    def over(self, items: Iterable[tuple[Any, Document]]) -> Page:
        """The page of matching items; ``items`` are pairs of an item and its document."""
        found = [(item, document) for item, document in items if self.matches(document)]
        for field, descending in reversed(self.order):
            found.sort(key=lambda pair: _rank(pair[1].get(field)), reverse=descending)
        keyed = [(item, [document.get(field) for field, _ in self.order]) for item, document in found]
        total = len(keyed)
        if self.after is not None:
            keyed = [pair for pair in keyed if self._comes_later(pair[1])]
        page = keyed[self.start : self.start + self.size]
        return Page(total, [(item, values if self.order else None) for item, values in page])

    def _comes_later(self, values: list[Any]) -> bool:
        for (_, descending), value, last in zip(self.order, values, self.after or [], strict=True):
            if _rank(value) != _rank(last):
                return (_rank(value) > _rank(last)) != descending
        return False


def _rank(value: Any) -> tuple[bool, float, str]:
    """The sort key of a value: numbers by size, then texts by their letters, then missing values."""
    number = value if isinstance(value, (int, float)) else 0
    return value is None, number, "" if isinstance(value, (int, float)) else str(value)


def read_request(call: Call, kind: Kind) -> dict[str, Any]:
    """The fields of a body, empty without a body; ``search_of`` reads the query itself.

    :raises ElasticsearchError: 400, a field is wrong; 501, the body has aggregations.
    """
    found = _PARSER.parse_text(call.json_body()) if call.body.strip() else {}
    if found.get("aggs") or found.get("aggregations"):
        raise NotImplementedHere(f"aggregations over [{kind.name}] are not emulated by fake_es")
    failures = [
        f"[{name}] parameter cannot be negative but was [{found[name]}]" for name in ("from", "size") if found.get(name, 0) < 0
    ]
    check_failures(failures)
    return found


def search_of(call: Call, kind: Kind) -> Search:
    """The query of a call; read after authorization, as on the server.

    :raises ElasticsearchError: 400, a kind of query, or a field, is not allowed.
    """
    found, reader = call.request, _Reader(kind, call.version, call.now)
    query = found.get("query")
    matches = reader.read(query) if query else lambda document: True
    order = reader.read_order(found.get("sort", []))
    after = _checked_after(found["search_after"], len(order)) if "search_after" in found else None
    return Search(matches, order, found.get("from", 0), found.get("size", 10), after)


def _checked_after(after: Any, fields: int) -> list[Any]:
    if not isinstance(after, list):
        raise ParsingError(f"Expected [START_ARRAY] in [search_after] but found [{token(after)}]")
    if fields == 0:
        raise IllegalArgument("Sort must contain at least one field.")
    if len(after) != fields:
        raise IllegalArgument(f"search_after has {len(after)} value(s) but sort has {fields}.")
    return after


class _Reader:
    """Turns queries into tests of documents."""

    def __init__(self, kind: Kind, version: tuple[int, ...], now: int) -> None:
        self._kind = kind
        self._version = version
        self._now = now

    def read(self, tree: Mapping[str, Any]) -> Test:
        """The test that one query stands for."""
        if len(tree) != 1:
            raise ParsingError("query malformed, expected one query and no more")
        ((name, body),) = tree.items()
        reader = _READERS.get(name)
        if reader is None:
            raise IllegalArgument(messages.QUERY_TYPE.at(self._version, type=name, kind=self._kind.name))
        return reader(self, _object(body))

    def read_order(self, sort: Any) -> list[tuple[str, bool]]:
        """The fields to sort by, each with true for descending order."""
        return [self._sorted_by(entry) for entry in (sort if isinstance(sort, list) else [sort])]

    def _sorted_by(self, entry: Any) -> tuple[str, bool]:
        if isinstance(entry, str):
            entry = {entry: "asc"}
        if not isinstance(entry, dict) or len(entry) != 1:
            raise IllegalArgument("malformed sort format, either start with array, object, or an actual string")
        ((field, how),) = entry.items()
        direction = how.get("order", "asc") if isinstance(how, dict) else how
        if direction not in ("asc", "desc"):
            raise IllegalArgument(f"Unknown SortOrder [{direction}]")
        name = field if field in ("_doc", "_score") else self._kind.check(field, self._version)
        return name, direction == "desc"

    def field(self, body: Mapping[str, Any], key: str) -> tuple[str, Any]:
        """The field of a query and its value: ``{field: value}``, or ``{field: {key: value}}``."""
        fields = {name: value for name, value in body.items() if name not in ("boost", "_name")}
        if len(fields) != 1:
            raise ParsingError("query malformed, expected one field")
        ((name, value),) = fields.items()
        return self._kind.check(name, self._version), value.get(key) if isinstance(value, dict) else value

    def term(self, body: Mapping[str, Any], key: str = "value") -> Test:
        name, wanted = self.field(body, key)
        return lambda document: any(_text(value) == _text(wanted) for value in _values(document, name))

    def match(self, body: Mapping[str, Any]) -> Test:
        name, wanted = self.field(body, "query")
        return lambda document: any(_text(value) == _text(wanted) for value in _values(document, name))

    def terms(self, body: Mapping[str, Any]) -> Test:
        name, wanted = self.field(body, "value")
        texts = {_text(value) for value in wanted} if isinstance(wanted, list) else set()
        return lambda document: any(_text(value) in texts for value in _values(document, name))

    def prefix(self, body: Mapping[str, Any]) -> Test:
        name, wanted = self.field(body, "value")
        return lambda document: any(_text(value).startswith(str(wanted)) for value in _values(document, name))

    def wildcard(self, body: Mapping[str, Any]) -> Test:
        name, wanted = self.field(body, "value")
        return lambda document: any(simple_match(_text(value), str(wanted)) for value in _values(document, name))

    def exists(self, body: Mapping[str, Any]) -> Test:
        name = self._kind.check(str(body.get("field", "")), self._version)
        return lambda document: bool(_values(document, name))

    def ids(self, body: Mapping[str, Any]) -> Test:
        wanted = set(map(_text, _listed(body.get("values"))))
        return lambda document: document["_id"] in wanted

    def range(self, body: Mapping[str, Any]) -> Test:
        name, _ = self.field(body, "")
        limits = body[name] if isinstance(body[name], dict) else {}
        tests = [(_COMPARE[key], self._limit(name, key, value)) for key, value in limits.items() if key in _COMPARE]
        return lambda document: any(
            all(isinstance(value, type(limit)) and compare(value, limit) for compare, limit in tests)
            for value in _values(document, name)
        )

    def _limit(self, name: str, key: str, value: Any) -> Any:
        """A limit of a range; for a time it may be date math."""
        if isinstance(value, (dict, list)):
            raise ParsingError(f"[range] query does not support [{key}]")
        if name not in _TIMES or not isinstance(value, str):
            return value
        number = whole(value)
        if number is not None:
            return number
        try:
            return instant_of(parse_date(value, self._now, round_up=key in ("gt", "lte")))
        except (ValueError, OverflowError):
            raise ParsingError(f"failed to parse date field [{value}]") from None

    def bool(self, body: Mapping[str, Any]) -> Test:
        parts = {clause: [self.read(_object(query)) for query in _listed(body.get(clause))] for clause in _CLAUSES}
        needed = [*parts["must"], *parts["filter"]]
        least = body.get("minimum_should_match", 0 if needed else min(1, len(parts["should"])))
        if not isinstance(least, int):
            raise NotImplementedHere("[minimum_should_match] is emulated by fake_es for whole numbers only")
        return lambda document: (
            all(test(document) for test in needed)
            and not any(test(document) for test in parts["must_not"])
            and sum(test(document) for test in parts["should"]) >= least
        )

    def simple_query_string(self, body: Mapping[str, Any]) -> Test:
        """Words in any of the fields; a word with a star at its end is a prefix."""
        words, fields = str(body.get("query", "")).split(), [str(field) for field in _listed(body.get("fields"))] or ["*"]
        every = all if str(body.get("default_operator", "or")).lower() == "and" else any
        return lambda document: every(
            simple_match(_text(value), word) for word in words for value in [_any_of(document, fields, word)]
        )


def _any_of(document: Document, fields: Sequence[str], word: str) -> Any:
    """The first value of the fields that fits the word; empty if none does."""
    values = (
        value for name in document if any(simple_match(name, field) for field in fields) for value in _values(document, name)
    )
    return next((value for value in values if simple_match(_text(value), word)), "")


def _values(document: Document, name: str) -> list[Any]:
    value = document.get(name)
    return [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ParsingError("query malformed, no start_object after query name")
    return value


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


_TIMES = frozenset({"creation", "expiration", "invalidation"})
_CLAUSES = ("must", "filter", "should", "must_not")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda value, limit: value > limit,
    "gte": lambda value, limit: value >= limit,
    "lt": lambda value, limit: value < limit,
    "lte": lambda value, limit: value <= limit,
}
_READERS: dict[str, Callable[[_Reader, Mapping[str, Any]], Test]] = {
    "match_all": lambda reader, body: lambda document: True,
    "match_none": lambda reader, body: lambda document: False,
    "term": _Reader.term,
    "match": _Reader.match,
    "terms": _Reader.terms,
    "prefix": _Reader.prefix,
    "wildcard": _Reader.wildcard,
    "exists": _Reader.exists,
    "ids": _Reader.ids,
    "range": _Reader.range,
    "bool": _Reader.bool,
    "simple_query_string": _Reader.simple_query_string,
}


def flat(prefix: str, tree: Mapping[str, Any]) -> dict[str, Any]:
    """The fields inside an object, by dotted name."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            found.update(flat(f"{prefix}.{name}", value))
        else:
            found[f"{prefix}.{name}"] = value
    return found
