"""What a series weighs in memory, however long it has been watched."""

from __future__ import annotations

import gc
import json
import random
import tracemalloc
from typing import Any

import pytest

from fake_es.ml.engine.engine import Engine
from tests.engine.noise import day
from tests.engine.support import HOUR, START, analysis, engine, feed, stored_model

SERIES, QUARTER = 1000, HOUR // 4
MEAN = {"function": "mean", "field_name": "value", "partition_field_name": "who"}
SUM = {"function": "sum", "field_name": "value", "partition_field_name": "who"}


def after_two_weeks(detector: dict[str, Any]) -> dict[str, Any]:
    """The state of a job with one series that has seasons of the day and of the week."""
    source, judge = random.Random(1), engine(detector, span="15m")
    busy = [round(day(quarter // 4, weekend=0.5) * source.gauss(10, 0.5)) for quarter in range(14 * 96)]
    feed(judge, [{"time": START + at * QUARTER, "value": value, "who": "s"} for at, value in enumerate(busy)])
    return judge.state()


@pytest.mark.parametrize("detector", [MEAN, SUM], ids=["values", "counts"])
def test_a_series_weighs_less_than_two_kilobytes(detector: dict[str, Any]) -> None:
    state = after_two_weeks(detector)
    (one,) = state["detectors"]["models"][0]
    assert stored_model(state, span=QUARTER // 1000).weekly is not None
    many = [[[f"s{number}", "", ""], *one[1:]] for number in range(SERIES)]
    text = json.dumps(state | {"detectors": state["detectors"] | {"models": [many]}})
    tracemalloc.start()
    try:
        few = Engine("x", analysis(detector, span="15m"), state)
        before = tracemalloc.get_traced_memory()[0]
        judge = Engine("x", analysis(detector, span="15m"), json.loads(text))
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(judge.state()["detectors"]["models"][0]) == SERIES
    assert few.state() == state
    assert grown / SERIES < 2048
