"""Records of one bucket to the series of a detector, and what is said of buckets in progress."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.bucket_context import BucketContext
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.data_gatherer import counts, features
from fake_es.ml.engine.detector_set import DetectorSet
from fake_es.ml.engine.engine import Flush
from fake_es.ml.engine.functions import FUNCTIONS
from tests.engine.support import HOUR, START, analysis, engine, feed

HOSTS = ["a", 5, "5", True, "true", None, "", 2.5]


def gathered(described: dict[str, Any], *uploads: list[dict[str, Any]], **config: Any) -> tuple[Bucket, Detector]:
    """A bucket with these records, added upload by upload, and the detector of them."""
    job = analysis(described, **config)
    bucket = Bucket(START, job.fields)
    for records in uploads:
        bucket.add(records, job.summary_count_field)
    return bucket, job.detectors[0]


@pytest.mark.parametrize(("use_null", "more"), [(False, {}), (True, {"": 2.0})])
@pytest.mark.parametrize(("field", "place"), [("partition_field_name", 0), ("by_field_name", 1), ("over_field_name", 2)])
def test_values_of_one_text_are_one_series(use_null: bool, more: dict[str, float], field: str, place: int) -> None:
    described = {"function": "count", field: "host", "use_null": use_null}
    found = counts(*gathered(described, [{"host": host} for host in HOSTS]))
    assert {key[place]: count for key, count in found.items()} == {"a": 1, "5": 2, "true": 2, "2.5": 1} | more
    assert all(not text for key in found for at, text in enumerate(key) if at != place)


def test_a_record_without_one_of_two_fields_is_in_no_series() -> None:
    records = [{"host": "a", "who": "b"}, {"host": "a"}, {"host": "", "who": "b"}]
    described = {"function": "count", "by_field_name": "who", "partition_field_name": "host"}
    assert counts(*gathered(described, records)) == {("a", "b", ""): 1}
    both = counts(*gathered(described | {"use_null": True}, records))
    assert both == {("a", "b", ""): 1, ("a", "", ""): 1, ("", "b", ""): 1}


@pytest.mark.parametrize(
    ("function", "values", "measurements"),
    [
        ("mean", {"a": 2.0, "b": 5.0}, {"a": 2.0, "b": 1.0}),
        ("varp", {"a": 1.0}, {"a": 2.0, "b": 1.0}),
        ("min", {"a": 1.0, "b": 5.0}, {}),
        ("sum", {"a": 4.0, "b": 5.0}, {}),
    ],
)
def test_of_how_many_measurements_a_feature_is_made(
    function: str, values: dict[str, float], measurements: dict[str, float]
) -> None:
    records = [{"who": "a", "value": value} for value in (1.0, None, 3.0)] + [{"who": "b", "value": 5.0}]
    described = {"function": function, "field_name": "value", "by_field_name": "who"}
    data = features(*gathered(described, records), FUNCTIONS[function].features)
    assert {key[1]: value for key, value in data.values[0].items() if value} == values
    assert {key[1]: number for key, number in data.measurements.items()} == measurements


def test_one_measurement_of_each_series_is_not_counted() -> None:
    described = {"function": "mean", "field_name": "value", "by_field_name": "who"}
    bucket, detector = gathered(described, [{"who": "a", "value": 1.0}, {"who": "b", "value": 5.0}])
    assert features(bucket, detector, FUNCTIONS["mean"].features).measurements == {}


def test_summarized_means_are_weighted_and_other_features_are_not() -> None:
    uploads = [{"n": 2, "value": 1.0}, {"n": 3, "value": 6.0}], [{"n": 4, "value": None}]
    described = {"function": "mean", "field_name": "value"}
    bucket, detector = gathered(described, *uploads, summary_count_field_name="n")
    assert (bucket.count, bucket.rows, bucket.weights) == (9, 3, [2, 3, 4])
    data = features(bucket, detector, FUNCTIONS["mean"].features)
    assert (data.values, data.measurements) == ([{("", "", ""): 4.0}], {("", "", ""): 5.0})
    bucket, detector = gathered(described | {"function": "max"}, *uploads, summary_count_field_name="n")
    assert features(bucket, detector, FUNCTIONS["max"].features).values == [{("", "", ""): 6.0}]
    bucket, detector = gathered(described, [{"n": 0, "value": 1.0}], summary_count_field_name="n")
    assert features(bucket, detector, FUNCTIONS["mean"].features).values == [{}]


def test_how_much_of_a_bucket_in_progress_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[BucketContext] = []

    def process(self: DetectorSet, bucket: Bucket, context: BucketContext, *more: object) -> list[Any]:
        seen.append(context)
        return []

    monkeypatch.setattr(DetectorSet, "process", process)
    judge = engine({"function": "count"}, latency="2h")
    feed(judge, [{"time": START}, {"time": START + 3 * HOUR // 2 - 1}])
    judge.flush(Flush())
    assert seen == []
    judge.flush(Flush(calc_interim=True))
    assert [(context.learn, context.complete) for context in seen] == [(False, 1.0), (False, 0.5)]
    judge.flush(Flush(advance_time=START + HOUR))
    assert [(context.learn, context.complete) for context in seen[2:]] == [(True, 1.0)]


def test_an_empty_bucket_has_the_columns_of_others() -> None:
    judge = engine({"function": "count", "by_field_name": "mlcategory"}, categorization_field_name="message")
    feed(judge, [{"time": START + at * HOUR, "message": "Node 5 has left"} for at in (0, 2, 3)])
    assert judge.latest_bucket() == START + 2 * HOUR


def test_records_of_finished_buckets_are_left_out() -> None:
    judge = engine({"function": "count"})
    feed(judge, [{"time": START}, {"time": START + HOUR}])
    judge.take_results()
    feed(judge, [{"time": START + 5}])
    judge.flush(Flush(calc_interim=True))
    found = [document for document in judge.take_results() if document["result_type"] == "bucket"]
    assert [(document["timestamp"], document["event_count"]) for document in found] == [(START + HOUR, 1)]
