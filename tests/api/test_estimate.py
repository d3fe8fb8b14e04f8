"""How large a model would become."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.answering import checked
from tests.spec.validator import needs_specification
from tests.support import Http, Reply, http

PATH = "{ml}/anomaly_detectors/_estimate_model_memory"


def estimate(fake: Http, detectors: list[dict[str, Any]], overall: Any = None, in_bucket: Any = None, **config: Any) -> Reply:
    body = {"analysis_config": {"bucket_span": "15m", "detectors": detectors, **config}}
    body |= {} if overall is None else {"overall_cardinality": overall}
    return fake("POST", PATH, body | ({} if in_bucket is None else {"max_bucket_cardinality": in_bucket}))


MAX = {"function": "max", "field_name": "responsetime"}


@pytest.mark.parametrize(
    ("detectors", "overall", "expected"),
    [
        # 10 MiB and a series; then two thirds of the values of the by field.
        ([{"function": "count"}], {}, "11mb"),
        ([{**MAX, "by_field_name": "airline"}], {"airline": 50_000}, "1573mb"),
        ([{**MAX, "partition_field_name": "airline"}], {"airline": 1000}, "57mb"),
        # The number of values that a partition has shrinks with the number of partitions.
        ([{**MAX, "partition_field_name": "a", "by_field_name": "b"}], {"a": 100, "b": 100}, "43mb"),
        ([{"function": "count", "over_field_name": "user"}], {"user": 100_000}, "84mb"),
        ([{"function": "high_distinct_count", "field_name": "x"}], {}, "16mb"),
        ([{**MAX, "by_field_name": "airline"}], {"airline": "0"}, "10mb"),
        ([{"function": "count"}, {"function": "low_info_content", "field_name": "x"}], {}, "16mb"),
    ],
)
def test_detectors(detectors: list[dict[str, Any]], overall: Any, expected: str) -> None:
    reply = estimate(http(), detectors, overall)
    assert (reply.status, reply.body) == (200, {"model_memory_estimate": expected})


def test_influencers_cost_only_where_nothing_is_split_by_them() -> None:
    by = [{**MAX, "by_field_name": "airline"}]
    alone = estimate(http(), by, {"airline": 3}, influencers=["airline"])
    assert alone.body == {"model_memory_estimate": "11mb"}
    with_host = estimate(http(), by, {"airline": 3}, {"host": 1000}, influencers=["airline", "host"])
    assert with_host.body == {"model_memory_estimate": "20mb"}


def test_categorization() -> None:
    categories = [{"function": "count", "by_field_name": "mlcategory"}]
    assert estimate(http(), categories, categorization_field_name="m").body == {"model_memory_estimate": "26mb"}
    parted = [{**categories[0], "partition_field_name": "p"}]
    by_partition = {"categorization_field_name": "m", "per_partition_categorization": {"enabled": True}}
    # Each partition is reckoned to see 160 of the 500 categories, and needs 5 MiB to find them.
    assert estimate(http(), parted, {"p": 10}, **by_partition).body == {"model_memory_estimate": "94mb"}


def test_what_must_be_known() -> None:
    fake = http()
    reply = estimate(fake, [{**MAX, "by_field_name": "airline"}])
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert reply.reason == "[Overall] cardinality estimate required for [by_field_name] [airline] but not supplied"
    reply = estimate(fake, [MAX], influencers=["host"])
    assert reply.reason == "[Bucket max] cardinality estimate required for [influencers] [host] but not supplied"
    assert fake("POST", PATH, {}).reason == "Validation Failed: 1: [analysis_config] was not specified;"
    assert "No detectors configured" in str(estimate(fake, []).body)
    for wrong in ("many", None, [3], True, 1e400):
        assert estimate(fake, [MAX], {"airline": wrong}).status == 400
    assert http("7.6")("POST", PATH, {}).status in (400, 405)


def test_an_estimate_has_its_bounds() -> None:
    reply = estimate(http(), [{**MAX, "by_field_name": "a", "partition_field_name": "b"}], {"a": 2**62, "b": 2**62})
    assert reply.body == {"model_memory_estimate": f"{2**43}mb"}


@needs_specification
def test_answers_of_the_newest_release() -> None:
    fake = checked("9.5")
    assert estimate(fake, [MAX]).status == 200
    assert fake.seen == {"ml.estimate_model_memory": 1}
