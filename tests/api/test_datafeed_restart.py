"""Where a datafeed begins to read: behind what its job has, or where it was asked to."""

from __future__ import annotations

import pytest

from fake_es.wire.human import iso_instant
from tests.api.feeding import HOUR, START, counts, datafeed, documents, index, ready, said, start, stats


def test_a_restart_begins_behind_what_the_job_has() -> None:
    fake = ready("9.5", documents(12))
    start(fake, f"?end={START + HOUR}")
    fake.job("x", "_open")
    start(fake, f"?end={START + 2 * HOUR}")
    assert counts(fake)["processed_record_count"] == 12
    assert counts(fake)["out_of_order_timestamp_count"] == 0
    fake.job("x", "_open")
    start(fake, f"?end={START + 2 * HOUR}")
    assert counts(fake)["processed_record_count"] == 12


def test_what_lies_at_the_very_start_of_a_bucket_is_not_lost() -> None:
    now = START + 48 * HOUR
    fake = ready("9.5", documents(12), frequency="60s")
    start(fake)
    index(fake, [{"time": now, "host": "h", "value": 1.0}])
    # The search of the first minute ends the bucket before, and stops right in front of the document.
    fake.fake.clock.set(now + 60_100)
    datafeed(fake, "_stop")
    assert counts(fake)["processed_record_count"] == 12
    start(fake)
    fake.fake.clock.advance("3m")
    assert counts(fake)["processed_record_count"] == 13


def test_a_later_start_skips_what_lies_between() -> None:
    fake = ready("9.5", documents(60))
    start(fake, f"?end={START + HOUR}")
    fake.job("x", "_open")
    start(fake, f"?start={START + 5 * HOUR}&end={START + 6 * HOUR}")
    assert counts(fake)["processed_record_count"] == 12


@pytest.mark.parametrize(
    ("advanced", "asked", "begun"),
    [
        # The last record is at 5.
        (0, 0, 6),
        (0, 5, 6),
        (0, 6, HOUR),
        (0, HOUR, HOUR),
        (0, HOUR + 1, 2 * HOUR),
        # The last finished bucket ends at two hours.
        (2 * HOUR, 0, 2 * HOUR),
        (2 * HOUR, 2 * HOUR, 2 * HOUR),
        (2 * HOUR, 2 * HOUR + 1, 3 * HOUR),
    ],
)
def test_where_a_restart_begins(advanced: int, asked: int, begun: int) -> None:
    fake = ready("9.5", [{"time": START + 5, "host": "h", "value": 1.0}])
    start(fake, f"?end={START + 6}")
    fake.job("x", "_open")
    if advanced:
        fake.job("x", "_flush", {"advance_time": str(START + advanced)})
    start(fake, f"?start={START + asked}&end={START + 9 * HOUR}")
    begin, end = iso_instant(START + begun), iso_instant(START + 9 * HOUR)
    assert f"Datafeed started (from: {begin} to: {end}) with frequency [10m]" in said(fake)


def test_records_before_1970_are_no_reason_to_skip_any() -> None:
    fake = ready("9.5")
    fake.job("x", "_data", {"time": -5})
    start(fake, f"?start=1&end={HOUR}")
    assert any(message.startswith("Datafeed started (from: 1970-01-01T00:00:00.001Z") for message in said(fake))


def test_what_ends_where_it_begins_is_not_searched() -> None:
    late = START + 48 * HOUR
    fake = ready("9.5", frequency="60s")
    start(fake, f"?start={late + 60_000}")
    fake.fake.clock.set(late + 120_100)
    assert stats(fake)["timing_stats"]["search_count"] == 0
    fake.fake.clock.set(late + 180_100)
    assert stats(fake)["timing_stats"]["search_count"] == 1


@pytest.mark.parametrize(("end", "lookbacks"), [(5, 1), (6, 1), (7, 2)])
def test_a_datafeed_that_has_read_all_up_to_its_end_stops_at_once(end: int, lookbacks: int) -> None:
    fake = ready("9.5", [{"time": START + 5, "host": "h", "value": 1.0}])
    start(fake, f"?end={START + 6}")
    fake.job("x", "_open")
    start(fake, f"?end={START + end}")
    assert stats(fake)["state"] == "stopped"
    assert len([message for message in said(fake) if message.startswith("Datafeed started")]) == lookbacks
