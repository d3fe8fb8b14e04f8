"""Buckets by the values of a field: ``terms`` and ``rare_terms``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import Document, Documents
from fake_es.search.aggregations.formats import NUMBERS, RAW
from fake_es.search.aggregations.ordering import ORDER, Order, check_order, ordered
from fake_es.search.aggregations.registry import Aggregation, Definition, aggregation
from fake_es.search.aggregations.results import Bucket, Buckets, Result
from fake_es.search.aggregations.values import DATES, FORMATTED, FRACTIONS, Values, grouped
from fake_es.wire.errors import IllegalArgument, NotImplementedHere, ParsingError
from fake_es.wire.java import java_text
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import ANY, BOOLEAN, DOUBLE, INT, LONG, STRING, Body, Field, Kind
from fake_es.wire.regexps import check_lucene_regexp, lucene_regexp


def _clause(value: Any, body: Body, path: Path) -> Any:
    if isinstance(value, str):
        check_lucene_regexp(value, body.version)
    return value


# ``include`` or ``exclude`` (``IncludeExclude``): a regular expression of Lucene, a list of values, or a partition.
_CLAUSE = Kind(ANY.tokens, _clause)
_BY_COUNT: Order = [("_count", True), ("_key", False)]


class _Terms(Aggregation):
    """Shared by both kinds: the values, ``include`` and ``exclude``."""

    multi = True

    def prepare(self, definition: Definition) -> None:
        self.values = Values(definition, self.options, self.context)
        self._wanted = [
            _chooser(self.options[option], self.values, self.context.release, keep=option == "include")
            for option in ("include", "exclude")
            if option in self.options
        ]

    def groups(self, documents: Documents) -> dict[Any, list[Document]]:
        """The documents of each term that ``include`` and ``exclude`` allow."""
        groups = grouped(self.context.paced(documents), self.values.of)
        for wanted in self._wanted:
            groups = {key: documents for key, documents in groups.items() if wanted(key)}
        return groups

    def type_of(self, prefix: str, none: str) -> str:
        """The type in typed keys: ``sterms``, ``lterms`` or ``dterms``."""
        kind = self.values.kind
        if not self.values.is_mapped:
            return none
        if kind in FRACTIONS:
            return f"d{prefix}"
        return f"l{prefix}" if kind in NUMBERS or kind in DATES or kind == "boolean" else f"s{prefix}"

    def key_fields(self, key: Any) -> dict[str, Any]:
        """The fields of a bucket's key."""
        number = int(key) if isinstance(key, bool) else key
        return {"key": number} if self.values.format is RAW else {"key": number, "key_as_string": self.text(key)}

    def text(self, key: Any) -> str:
        """A key as text."""
        return self.values.format.text(key)


@aggregation(
    "terms", *FORMATTED, ORDER, Field("size", INT), Field("shard_size", INT), Field("min_doc_count", LONG),
    Field("shard_min_doc_count", LONG), Field("include", _CLAUSE), Field("exclude", _CLAUSE),
    Field("show_term_doc_count_error", BOOLEAN), Field("execution_hint", STRING), Field("collect_mode", STRING),
)  # fmt: skip
class Terms(_Terms):
    """One bucket for each term, by default the most frequent first."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        self._size = self.options.get("size", 10)
        self._least = self.options.get("min_doc_count", 1)
        if self._size <= 0:
            raise IllegalArgument(messages.SIZE_ZERO.format(size=self._size, name=self.name))
        if self._least < 0:
            raise IllegalArgument(messages.MIN_DOC_COUNT.format(count=self._least, name=self.name))
        self._order: Order = self.options.get("order", _BY_COUNT)
        check_order(self._order, definition, self.context.release)

    def collect(self, documents: Documents) -> Result:
        groups = self.groups(documents)
        if self._least == 0:
            groups = {key: groups.get(key, []) for key in self.groups(self.context.every())}
        kept = {key: members for key, members in groups.items() if len(members) >= self._least}
        buckets = self._top_buckets(kept)
        others = sum(len(members) for members in kept.values()) - sum(bucket.count for bucket in buckets)
        fields = {"doc_count_error_upper_bound": 0, "sum_other_doc_count": others}
        result = Buckets(self.type_of("terms", "umterms"), buckets, fields=fields, format=self.values.format)
        return self.with_pipelines(result)

    def _top_buckets(self, groups: dict[Any, list[Document]]) -> list[Bucket]:
        if all(path in ("_key", "_count") for path, _ in self._order):
            # Choose before the sub-aggregations run, so that they do not run for buckets that are cut off.
            bare = self._first([Bucket(key, "", len(members), {}) for key, members in groups.items()])
            return [self._bucket(bucket.key, groups[bucket.key]) for bucket in bare]
        return self._first([self._bucket(key, members) for key, members in groups.items()])

    def _first(self, buckets: list[Bucket]) -> list[Bucket]:
        return ordered(buckets, self._order, self.context.release)[: self._size]

    def _bucket(self, key: Any, documents: list[Document]) -> Bucket:
        bucket = self.bucket(key, self.text(key), documents, self.key_fields(key))
        if self.options.get("show_term_doc_count_error"):
            bucket.fields_after["doc_count_error_upper_bound"] = 0
        return bucket


@aggregation(
    "rare_terms", *FORMATTED, Field("max_doc_count", LONG), Field("precision", DOUBLE), Field("include", _CLAUSE),
    Field("exclude", _CLAUSE), since=(7, 3),
)  # fmt: skip
class RareTerms(_Terms):
    """One bucket for each term in at most ``max_doc_count`` documents, the rarest first."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        self._most = self.options.get("max_doc_count", 1)
        if not 1 <= self._most <= 100:
            refusal = "greater than 0" if self._most < 1 else "smaller than or equal to [100]"
            reason = f"[max_doc_count] must be {refusal}. Found [{self._most}] in [{self.name}]"
            raise IllegalArgument(reason)

    def collect(self, documents: Documents) -> Result:
        groups = self.groups(documents)
        buckets = [
            self.bucket(key, self.text(key), members, self.key_fields(key))
            for key, members in groups.items()
            if len(members) <= self._most
        ]
        rarest = ordered(buckets, [("_count", False), ("_key", False)], self.context.release)
        return self.with_pipelines(Buckets(self.type_of("rareterms", "umrareterms"), rarest, format=self.values.format))


def _chooser(tree: Any, values: Values, release: tuple[int, ...], *, keep: bool) -> Callable[[Any], bool]:
    if isinstance(tree, dict):
        if "partition" in tree:
            raise NotImplementedHere(messages.OPTION_NOT_EMULATED.format(option="include.partition", kind="terms"))
        tree = tree.get("pattern", "")
    if isinstance(tree, list) and not any(isinstance(item, (dict, list)) for item in tree):
        named = {item if values.field is None else values.field.term(item) for item in tree}
        return lambda key: (key in named) is keep
    if not isinstance(tree, str):
        raise ParsingError(f"Unrecognized token in [{'include' if keep else 'exclude'}] [{java_text(tree)}]")
    fits = lucene_regexp(tree, release).fits
    return lambda key: fits(str(key)) is keep
