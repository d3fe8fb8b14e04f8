"""Fields of the type ``histogram``: what a document may have there, and aggregations weighted by the counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import Http, Reply, http


def filled(release: str, *histograms: Any) -> Http:
    """An index with a document for each histogram."""
    fake = http(release)
    fake("PUT", "/i", {"mappings": {"properties": {"h": {"type": "histogram"}}}})
    for number, histogram in enumerate(histograms):
        assert fake("PUT", f"/i/_doc/{number}?refresh=true", {"h": histogram}).status == 201
    return fake


def asked(fake: Http, kind: str, **options: Any) -> Reply:
    return fake("POST", "/i/_search?size=0", {"aggs": {"a": {kind: {"field": "h", **options}}}})


ONE = {"values": [1, 2], "counts": [1, 3]}
TWO = {"values": [0.5, 2, 3], "counts": [2, 0, 2]}


@pytest.mark.parametrize(
    ("kind", "value", "since"),
    [("avg", 1.75, "7.8"), ("sum", 7.0, "7.8"), ("value_count", 4, "7.8"), ("min", 1.0, "7.10"), ("max", 2.0, "7.10")],
)
def test_values_count_as_often_as_they_were_counted(kind: str, value: float, since: str) -> None:
    for release in (since, "9.5"):
        assert asked(filled(release, ONE), kind).body["aggregations"]["a"] == {"value": value}


def test_several_documents_count_together_and_counts_of_zero_do_not() -> None:
    fake = filled("9.5", ONE, TWO)
    found = {kind: asked(fake, kind).body["aggregations"]["a"]["value"] for kind in ("min", "max", "sum", "value_count", "avg")}
    assert found == {"min": 0.5, "max": 3.0, "sum": 14.0, "value_count": 8, "avg": 1.75}


@pytest.mark.parametrize(("release", "median"), [("9.5", 2.0), ("8.9", 2.0), ("8.8", 1.75), ("7.17", 1.75), ("7.6", 1.75)])
def test_percentiles(release: str, median: float) -> None:
    found = asked(filled(release, ONE), "percentiles", percents=[0, 50, 100]).body["aggregations"]["a"]["values"]
    assert found == {"0.0": 1.0, "50.0": median, "100.0": 2.0}


def test_ranks_of_large_counts_are_not_laid_out() -> None:
    fake = filled("9.5", {"values": [1, 2, 3], "counts": [10**9, 10**9, 2 * 10**9]})
    found = asked(fake, "percentile_ranks", values=[2.5]).body["aggregations"]["a"]["values"]
    assert found["2.5"] == pytest.approx(50, abs=0.001)
    assert asked(fake, "percentiles", percents=[75]).body["aggregations"]["a"]["values"] == {"75.0": 3.0}


def test_a_histogram_of_histograms_counts_values() -> None:
    fake = filled("9.5", ONE, TWO)
    buckets = asked(fake, "histogram", interval=1).body["aggregations"]["a"]["buckets"]
    assert [(bucket["key"], bucket["doc_count"]) for bucket in buckets] == [(0.0, 2), (1.0, 1), (2.0, 3), (3.0, 2)]
    buckets = asked(fake, "histogram", interval=1, min_doc_count=2).body["aggregations"]["a"]["buckets"]
    assert [bucket["key"] for bucket in buckets] == [0.0, 2.0, 3.0]
    body = {"aggs": {"a": {"histogram": {"field": "h", "interval": 1}, "aggs": {"b": {"max": {"field": "h"}}}}}}
    said = "Histogram aggregation on histogram fields does not support sub-aggregations"
    assert fake("POST", "/i/_search", body).reason == said


@pytest.mark.parametrize("kind", ["stats", "extended_stats", "median_absolute_deviation"])
def test_what_the_server_does_not_aggregate_is_refused_in_its_words(kind: str) -> None:
    said = f"Field [h] of type [histogram] is not supported for aggregation [{kind}]"
    assert asked(filled("9.5", ONE), kind).body["error"]["root_cause"][0]["reason"] == said


@pytest.mark.parametrize(("kind", "options"), [("boxplot", {}), ("range", {"ranges": [{"to": 1.5}]})])
def test_what_only_the_emulator_does_not_do_is_named(kind: str, options: dict[str, Any]) -> None:
    reply = asked(filled("9.5", ONE), kind, **options)
    assert (reply.status, reply.type) == (501, "fake_es_not_implemented_exception")


@pytest.mark.parametrize(
    ("histogram", "said"),
    [
        (
            {"values": [2, 1], "counts": [1, 3]},
            "error parsing field [h], [values] values must be in increasing order, got [1.0] but previous value was [2.0]",
        ),
        (
            {"values": [1], "counts": [1, 3]},
            "error parsing field [h], expected same length from [values] and [counts] but got [1 != 2]",
        ),
        ({"values": [1]}, "error parsing field [h], expected field called [counts]"),
        ({"counts": [1]}, "error parsing field [h], expected field called [values]"),
        ({"values": [1], "counts": [-3]}, "error parsing field [h], [counts] elements must be >= 0 but got -3"),
        ({"values": [1], "counts": [1], "x": 1}, "error parsing field [h], with unknown parameter [x]"),
        (5, "Failed to parse object: expecting token of type [START_OBJECT] but found [VALUE_NUMBER]"),
        (
            {"values": ["a"], "counts": [1]},
            "Failed to parse object: expecting token of type [VALUE_NUMBER] but found [VALUE_STRING]",
        ),
    ],
)
def test_histograms_that_are_refused(histogram: Any, said: str) -> None:
    fake = filled("9.5")
    reply = fake("PUT", "/i/_doc/1", {"h": histogram})
    assert reply.status == 400
    assert reply.reason.endswith("failed to parse field [h] of type [histogram]")
    assert reply.body["error"]["caused_by"]["reason"].endswith(said)
    assert fake("GET", "/i/_doc/1").status == 404


def test_malformed_ones_may_be_ignored() -> None:
    fake = http()
    fake("PUT", "/i", {"mappings": {"properties": {"h": {"type": "histogram", "ignore_malformed": True}}}})
    assert fake("PUT", "/i/_doc/1?refresh=true", {"h": 5}).status == 201
    assert asked(fake, "value_count").body["aggregations"]["a"] == {"value": 0}


def test_they_are_found_by_being_there_and_not_by_value() -> None:
    fake = filled("9.5", ONE)
    assert fake("POST", "/i/_search", {"query": {"exists": {"field": "h"}}}).body["hits"]["total"]["value"] == 1
    said = "[histogram] field do not support searching, use dedicated aggregations instead: [h]"
    reply = fake("POST", "/i/_search", {"query": {"term": {"h": 1}}})
    assert reply.status == 400
    assert said in str(reply.body)
