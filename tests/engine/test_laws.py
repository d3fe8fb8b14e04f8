"""Whatever comes in, results are sound, and a state restored goes on as the one it was taken from."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from fake_es.ml.engine.engine import Engine, Flush
from fake_es.ml.engine.functions import FUNCTIONS
from tests.engine.support import START, Document, analysis, feed

_ODD = (None, "", 0, -1, 5, 3.7, "12", "x", True, 1e300, -1e300, 2**80, "NaN", "1,2", "91,0", "-10.5,20.25", 1e-320, "a" * 50)
_NO_FIELD = {"count", "non_zero_count", "rare", "freq_rare", "time_of_day", "time_of_week"}
_SCORES = ("record_score", "anomaly_score", "influencer_score")


def some_detector(source: random.Random) -> dict[str, Any]:
    function = source.choice(sorted(FUNCTIONS))
    base = function.removeprefix("low_").removeprefix("high_")
    detector: dict[str, Any] = {"function": function}
    if base not in _NO_FIELD:
        detector["field_name"] = source.choice(["odd", "whole"])
    if "rare" in base or source.random() < 0.4:
        detector["by_field_name"] = source.choice(["a", "b"])
    if base == "freq_rare" or (base != "non_zero_count" and source.random() < 0.3):
        detector["over_field_name"] = "c"
    if source.random() < 0.3:
        detector |= {"partition_field_name": "p", "use_null": True, "exclude_frequent": "all"}
    return detector


def some_records(source: random.Random, begin: int, span: int) -> list[dict[str, Any]]:
    records, time = [], begin
    for _ in range(60):
        time += int(source.expovariate(1) * span * source.choice([0.1, 0.5, 2]))
        records.append(
            {
                "time": time,
                "odd": source.choice(_ODD),
                "whole": source.randrange(9),
                "a": source.choice(["x", 1, True, None]),
                "b": f"b{source.randrange(5)}",
                "c": f"c{source.randrange(30)}",
                "p": source.choice(["p1", "p2"]),
                "n": source.choice([1, 2, "3", None]),
            }
        )
    return records


def check(results: list[Document]) -> None:
    json.dumps(results, allow_nan=False)
    for result in results:
        assert all(0 <= result[score] <= 100 for score in _SCORES if score in result)
        assert 0 <= result.get("probability", 0) <= 1


@pytest.mark.parametrize("seed", range(60))
def test_odd_records(seed: int) -> None:
    source = random.Random(seed)
    settings: dict[str, Any] = {"span": source.choice(["1s", "7s", "5m", "13h", "1d", "8d"]), "influencers": ["a", "c", "odd"]}
    if source.random() < 0.4:
        settings |= {"summary_count_field_name": "n", "latency": "10m", "model_prune_window": "30d"}
    if source.random() < 0.3:
        settings["limits"] = {"model_memory_limit": "1mb"}
    config = analysis(*(some_detector(source) for _ in range(3)), **settings)
    judge, span = Engine("x", config), config.bucket_span * 1000
    time = source.choice([START, 0, -5 * span, 253_000_000_000_000])
    for _ in range(4):
        records = some_records(source, time, span)
        time = records[-1]["time"]
        feed(judge, records)
        judge.flush(Flush(calc_interim=True))
        check(judge.take_results())
        resumed = Engine("x", config, json.loads(json.dumps(judge.state())))
        assert resumed.state() == judge.state()
        judge = resumed
    assert list(judge.forecast(5 * span)) is not None
    assert judge.model_size()["model_bytes"] > 0
