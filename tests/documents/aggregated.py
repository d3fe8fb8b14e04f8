"""What the tests of aggregations share: a small index to aggregate, and a way to ask for it."""

from __future__ import annotations

from typing import Any

from fake_es.clock import VirtualClock
from fake_es.cluster import Cluster, Settings
from fake_es.delays import Delays
from fake_es.indices.system_indices import SystemIndices
from fake_es.search.system_search import SystemSearch
from fake_es.version import parse_version
from fake_es.wire.errors import ElasticsearchError

DAY = 86_400_000
MONDAY = 1_704_067_200_000  # 2024-01-01T00:00:00Z

SALES: dict[str, Any] = {
    "properties": {
        "time": {"type": "date"},
        "shop": {"type": "keyword"},
        "price": {"type": "double"},
        "items": {"type": "integer"},
        "paid": {"type": "boolean"},
        "note": {"type": "text"},
        "place": {"type": "geo_point"},
        "lines": {"type": "nested", "properties": {"ware": {"type": "keyword"}, "pieces": {"type": "integer"}}},
    }
}


def sale(day: float, shop: Any, price: Any = None, **more: Any) -> dict[str, Any]:
    """A document of an index of ``SALES``, ``day`` days after ``MONDAY``."""
    source = {"time": int(MONDAY + day * DAY), "shop": shop, "price": price, **more}
    return {name: value for name, value in source.items() if value is not None}


class Sales:
    """An index of these documents in a cluster of its own."""

    def __init__(self, *documents: dict[str, Any], version: str | None = None, mappings: Any = None) -> None:
        clock = VirtualClock(start="2024-02-01T00:00:00Z")
        self.indices = Cluster(parse_version(version), clock, Delays("none"), Settings()).part(SystemIndices)
        self.indices.create("sales", mappings=SALES if mappings is None else mappings)
        for number, document in enumerate(documents):
            self.indices.put("sales", str(number), document)

    def all(self, query: Any = None, **aggregations: Any) -> Any:
        """The results of aggregations over what matches ``query``, by name."""
        body = {"size": 0, "aggs": aggregations} if query is None else {"size": 0, "query": query, "aggs": aggregations}
        return self.indices.cluster.part(SystemSearch).search("sales", body).aggregations

    def one(self, kind: str, options: Any, query: Any = None, **subs: Any) -> Any:
        """The result of one aggregation."""
        return self.all(query, it={kind: options, "aggs": subs} if subs else {kind: options})["it"]

    def keys(self, kind: str, options: Any, **subs: Any) -> list[Any]:
        """The keys of its buckets."""
        return [bucket["key"] for bucket in self.one(kind, options, **subs)["buckets"]]

    def counts(self, kind: str, options: Any, **subs: Any) -> dict[Any, int]:
        """The counts of its buckets by key."""
        buckets = self.one(kind, options, **subs)["buckets"]
        return {bucket.get("key_as_string", bucket["key"]): bucket["doc_count"] for bucket in buckets}

    def refusal(self, **aggregations: Any) -> ElasticsearchError:
        """What the server says to aggregations that it does not take."""
        try:
            found = self.all(**aggregations)
        except ElasticsearchError as error:
            return error.cause if error.type == "search_phase_execution_exception" and error.cause else error
        raise AssertionError(f"not refused: {found}")


def sold(prices: list[float]) -> Sales:
    """Sales at these prices, one a day."""
    return Sales(*(sale(day, "a", price) for day, price in enumerate(prices)))
