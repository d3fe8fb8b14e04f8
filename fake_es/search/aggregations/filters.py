"""Buckets by queries: ``filter``, ``filters``, ``missing`` and ``global``."""

from __future__ import annotations

from fake_es.search.aggregations.context import Documents, Predicate
from fake_es.search.aggregations.registry import Aggregation, Definition, aggregation
from fake_es.search.aggregations.results import Bucket, Buckets, Result, SingleBucketResult
from fake_es.search.aggregations.values import FIELD, Values
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import ANY, BOOLEAN, STRING, Field

# After this many documents, each tested with a query, others can run.
_TESTED_AT_ONCE = 20


class SingleBucket(Aggregation):
    """One bucket without a key."""

    kind: str

    def prepare(self, definition: Definition) -> None:
        self.kind = definition.kind.name

    def single(self, documents: Documents) -> SingleBucketResult:
        """The bucket of these documents."""
        results = self.subs.results(documents)
        self.subs.pipe(results)
        return SingleBucketResult(self.kind, len(documents), results)


@aggregation("filter", free=True)
class Filter(SingleBucket):
    """The documents that match a query."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        self._matches = self.context.compile_query(self.options["body"])

    def collect(self, documents: Documents) -> Result:
        return self.single([document for document in self.context.paced(documents, _TESTED_AT_ONCE) if self._matches(document)])


@aggregation("missing", *FIELD)
class Missing(SingleBucket):
    """The documents without a value."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        self._values = Values(definition, self.options, self.context)

    def collect(self, documents: Documents) -> Result:
        return self.single([document for document in self.context.paced(documents) if not self._values.of(document)])


@aggregation("global")
class Global(SingleBucket):
    """All documents of the searched indices, regardless of the query."""

    def collect(self, documents: Documents) -> Result:
        return self.single(self.context.every())


@aggregation(
    "filters", Field("filters", ANY), Field("other_bucket", BOOLEAN), Field("other_bucket_key", STRING),
    Field("keyed", BOOLEAN, since=(8, 8)),
)  # fmt: skip
class Filters(Aggregation):
    """One bucket for each query, perhaps overlapping, and one for documents that match no query."""

    multi = True

    def prepare(self, definition: Definition) -> None:
        queries = self.options.get("filters")
        if not queries or not isinstance(queries, (dict, list)):
            raise IllegalArgument(f"[filters] cannot be empty: [{self.name}]")
        self._named = isinstance(queries, dict)
        # The server sorts named filters by name (FiltersAggregationBuilder).
        pairs = sorted(queries.items()) if isinstance(queries, dict) else [(str(at), query) for at, query in enumerate(queries)]
        self._tests: list[tuple[str, Predicate]] = [(key, self.context.compile_query(query)) for key, query in pairs]
        self._other: str = self.options.get("other_bucket_key", "_other_")
        self._has_other = self.options.get("other_bucket", "other_bucket_key" in self.options)

    def collect(self, documents: Documents) -> Result:
        keyed = self._named and self.options.get("keyed", True)
        buckets = [
            self._bucket(key, [one for one in self.context.paced(documents, _TESTED_AT_ONCE) if test(one)], keyed=keyed)
            for key, test in self._tests
        ]
        if self._has_other:
            tests = [test for _, test in self._tests]
            others = [one for one in self.context.paced(documents, _TESTED_AT_ONCE) if not any(test(one) for test in tests)]
            buckets.append(self._bucket(self._other, others, keyed=keyed))
        return self.with_pipelines(Buckets("filters", buckets, keyed=keyed))

    def _bucket(self, key: str, documents: Documents, *, keyed: bool) -> Bucket:
        return self.bucket(key, key, documents, {"key": key} if self._named and not keyed else {})
