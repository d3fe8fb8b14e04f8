"""What a job whose time was shifted plots, and says of a bucket in progress: as of the shifted time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.support import DAY, HOUR, START
from tests.engine.test_written import job, post, written
from tests.support import Http

SHIFTED = START + 10 * DAY
DAYS, NIGHTS = 100, 10


def busy(hour: int) -> int:
    """How much there is in an hour: much by day; from the eleventh day on the day begins twelve hours later."""
    is_day = hour % 24 < 12
    return DAYS if is_day == (hour < 240) else NIGHTS


def counted(first: int, last: int) -> list[dict[str, Any]]:
    return [{"time": START + hour * HOUR, "n": busy(hour) + hour % 3} for hour in range(first, last)]


def shifted(**config: Any) -> Http:
    """Ten ordinary days, and then an event that shifts the time of models by twelve hours."""
    fake = job("9.5", {"function": "count"}, summary_count_field_name="n", **config)
    event = {"description": "moved", "start_time": SHIFTED, "end_time": SHIFTED + HOUR, "force_time_shift": 12 * 3600}
    kept = {"skip_result": False, "skip_model_update": False}
    assert fake("PUT", "{ml}/calendars/moves", {"job_ids": ["x"]}).status == 200
    assert fake("POST", "{ml}/calendars/moves/events", {"events": [event | kept]}).status == 200
    post(fake, counted(0, 240))
    return fake


def test_a_plot_is_of_the_shifted_time() -> None:
    fake = shifted()
    fake.job("x", "_update", {"model_plot_config": {"enabled": True}})
    post(fake, counted(240, 265))
    plots = [plot for plot in written(fake, "model_plot") if plot["timestamp"] >= SHIFTED]
    assert len(plots) == 24
    assert [plot["model_median"] for plot in plots] == [pytest.approx(busy(240 + at), abs=20) for at in range(24)]


def test_a_bucket_in_progress_is_completed_by_what_is_typical_of_the_shifted_time() -> None:
    fake = shifted()
    post(fake, counted(240, 253))
    half = [{"time": START + 253 * HOUR, "n": 0}, {"time": START + 253 * HOUR + HOUR // 2, "n": DAYS // 2}]
    post(fake, half)
    assert fake.job("x", "_flush?calc_interim=true").status == 200
    (bucket,) = [bucket for bucket in written(fake, "bucket") if bucket["is_interim"]]
    assert (bucket["event_count"], bucket["anomaly_score"]) == (DAYS // 2, 0)
