"""Records to buckets: which are finished, with how many events, and in what state the rest is left."""

from __future__ import annotations

import json

import pytest

from fake_es.ml.engine.engine import Engine, Flush, by_kind
from tests.engine.support import HOUR, START, analysis, engine, events, feed, results

COUNT = {"function": "count"}


def counts(judge: Engine) -> list[tuple[int, int]]:
    return [((b["timestamp"] - START) // HOUR, b["event_count"]) for b in by_kind(judge.take_results()).get("bucket", ())]


def test_a_bucket_is_finished_by_a_record_beyond_it() -> None:
    judge = engine(COUNT)
    feed(judge, events([3, 0, 2, 1]))
    assert counts(judge) == [(0, 3), (1, 0), (2, 2)]


def test_a_bucket_waits_for_late_records() -> None:
    judge = engine(COUNT, latency="1h")
    feed(judge, events([3, 1, 1]))
    assert counts(judge) == [(0, 3)]
    judge.feed([START + HOUR + 5], [{}])
    judge.feed([START + 3 * HOUR], [{}])
    assert counts(judge) == [(1, 2)]


MOST = 10**12


@pytest.mark.parametrize(
    ("value", "events_of_it"),
    [
        (0, 0), (1, 1), (5, 5), ("7", 7), (0.4, 0), (2.6, 3), (-1, 0), (-4, 0), (None, 0), ("many", 0),
        (MOST - 1, MOST - 1), (MOST, MOST), (MOST + 1, MOST), (float("inf"), 0), (float("nan"), 0),
    ],
)  # fmt: skip
def test_a_summary_count_stands_for_events(value: object, events_of_it: int) -> None:
    judge = engine(COUNT, summary_count_field_name="n")
    judge.feed([START, START + 1, START + HOUR], [{"n": 10}, {"n": value}, {"n": 1}])
    assert counts(judge) == [(0, 10 + events_of_it)]


def test_interim_buckets_are_of_what_is_not_finished() -> None:
    judge = engine(COUNT)
    feed(judge, events([3, 2]))
    judge.flush(Flush(calc_interim=True))
    buckets = by_kind(judge.take_results())["bucket"]
    assert [(bucket["event_count"], bucket["is_interim"]) for bucket in buckets] == [(3, False), (2, True)]
    assert judge.flush(Flush()) == START + HOUR


def test_time_can_be_advanced_and_skipped() -> None:
    judge = engine(COUNT)
    feed(judge, events([3, 2]))
    assert judge.flush(Flush(advance_time=START + 3 * HOUR)) == START + 3 * HOUR
    assert counts(judge) == [(0, 3), (1, 2), (2, 0)]
    assert judge.flush(Flush(skip_time=START + 100 * HOUR - 5)) == START + 100 * HOUR
    feed(judge, [{"time": START + 100 * HOUR}, {"time": START + 101 * HOUR}])
    assert counts(judge) == [(100, 1)]


def test_buckets_are_finished_one_by_one() -> None:
    judge = engine(COUNT)
    feed(judge, events([3, 2]))
    judge.take_results()
    ends = [judge.latest_bucket() for _ in judge.flushing(Flush(advance_time=START + 4 * HOUR))]
    assert ends == [START + at * HOUR for at in range(3)]
    assert judge.latest_bucket() == START + 3 * HOUR


def test_without_records_there_is_nothing() -> None:
    judge = engine(COUNT)
    judge.feed([], [])
    assert judge.flush(Flush(calc_interim=True)) is None
    assert judge.take_results() == []
    assert judge.latest_bucket() is None


def test_time_advanced_before_there_are_records_decides_where_buckets_begin() -> None:
    judge = engine(COUNT)
    assert judge.flush(Flush(advance_time=START + 2 * HOUR + 5)) == START + 2 * HOUR
    feed(judge, [{"time": START}, {"time": START + 2 * HOUR}, {"time": START + 3 * HOUR}])
    assert counts(judge) == [(2, 1)]


@pytest.mark.parametrize(
    ("given", "found"),
    [([0, 4], [0, 1, 2, 3]), ([0, 5], [0, 1, 2, 3]), ([0, 5, 9, 14], [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12]), ([0, 1], [0])],
)
def test_only_so_many_empty_buckets_are_written_for_a_gap(
    given: list[int], found: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fake_es.ml.engine.engine.MOST_EMPTY_BUCKETS", 3)
    judge = engine(COUNT)
    feed(judge, [{"time": START + at * HOUR} for at in given])
    assert [at for at, _ in counts(judge)] == found
    assert judge.flush(Flush()) == START + given[-1] * HOUR


def test_an_engine_goes_on_where_its_state_was_left() -> None:
    detectors = [
        {"function": "mean", "field_name": "value", "partition_field_name": "who"},
        {"function": "count", "over_field_name": "who"},
        {"function": "rare", "by_field_name": "who"},
        {"function": "time_of_day", "by_field_name": "who"},
        {"function": "lat_long", "field_name": "place"},
        {"function": "freq_rare", "by_field_name": "word", "over_field_name": "who"},
    ]
    records = [
        {
            "time": START + at * HOUR // 5,
            "value": at % 17,
            "who": f"m{at % 7}",
            "place": f"{at % 5},{at % 3}",
            "word": f"w{at % 4}",
        }
        for at in range(600)
    ]
    whole = Engine("x", analysis(*detectors))
    feed(whole, records[:333])
    first = whole.take_results()
    resumed = Engine("x", analysis(*detectors), json.loads(json.dumps(whole.state())))
    feed(whole, records[333:])
    feed(resumed, records[333:])
    assert first
    assert whole.take_results() == resumed.take_results()
    assert whole.state() == resumed.state()


@pytest.mark.nightly  # a leap of centuries is tried through the API in every run
def test_a_gap_of_years_costs_no_years() -> None:
    judge = engine(COUNT, span="1m")
    found = results(judge, [{"time": START}, {"time": START + 20 * 365 * 24 * HOUR}])
    assert len(found["bucket"]) == 10_001
