"""What a person would find is found, and nothing else is."""

from __future__ import annotations

import random

import pytest

from fake_es.ml.engine.engine import Flush, by_kind
from tests.engine.noise import NOISE, WILD, day, poisson
from tests.engine.support import HOUR, START, Document, engine, events, feed, results, seeds, values, worst

SEEDS = seeds(2, nightly=3)
MEAN = {"function": "mean", "field_name": "value"}
COUNT = {"function": "count"}


def run(numbers: list[float]) -> dict[str, list[Document]]:
    return results(engine(MEAN), values([*numbers, 0.0]))


def at(found: dict[str, list[Document]], hour: int) -> float:
    """The greatest record score in a bucket."""
    return max((r["record_score"] for r in found.get("record", ()) if r["timestamp"] == START + hour * HOUR), default=0.0)


@pytest.mark.parametrize("kind", NOISE)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_tenfold_spike_after_fifty_quiet_buckets(kind: str, seed: int) -> None:
    source = random.Random(f"{kind} {seed}")
    found = run([NOISE[kind](source) for _ in range(50)] + [1000.0, NOISE[kind](source)])
    assert at(found, 50) >= 75
    top = max(found["bucket"], key=lambda bucket: bucket["anomaly_score"])
    assert top["timestamp"] == START + 50 * HOUR
    assert top["bucket_influencers"][0]["influencer_field_name"] == "bucket_time"


@pytest.mark.parametrize("mean", [5, 20])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_tenfold_count_after_fifty_quiet_buckets(mean: int, seed: int) -> None:
    source = random.Random(seed)
    found = results(engine(COUNT), events([poisson(source, mean) for _ in range(50)] + [10 * mean, mean, 1]))
    assert at(found, 50) >= 75


@pytest.mark.parametrize("kind", [kind for kind in NOISE if kind not in WILD])
@pytest.mark.parametrize("seed", SEEDS)
def test_five_hundred_quiet_buckets(kind: str, seed: int) -> None:
    source = random.Random(f"{kind} {seed}")
    assert worst(results(engine(MEAN), values([NOISE[kind](source) for _ in range(500)]))) <= 25


@pytest.mark.parametrize(("each", "allowed"), [(3, 2), pytest.param(20, 8, marks=pytest.mark.nightly)])
def test_wild_series_alarm_seldom(each: int, allowed: int) -> None:
    alarms = 0
    for kind in WILD:
        for seed in range(each):
            source = random.Random(f"{kind} {seed}")
            alarms += worst(results(engine(MEAN), values([NOISE[kind](source) for _ in range(500)]))) > 25
    assert alarms <= allowed


@pytest.mark.parametrize("seed", seeds(2, nightly=8))
@pytest.mark.parametrize("kind", NOISE)
def test_noise_has_no_time_of_day(kind: str, seed: int) -> None:
    """What is typical of a steady series is its level, even where a day or two of it would suit a daily cycle."""
    source = random.Random(f"{kind} {seed}")
    found = run([NOISE[kind](source) for _ in range(50)] + [1000.0])
    first = max(found["record"], key=lambda record: record["record_score"])
    assert 70 < first["typical"][0] < 150


@pytest.mark.parametrize("rate", [0.05, 0.3, 1, 3])
@pytest.mark.parametrize(("amount", "allowed"), [(4, 0), pytest.param(10, 1, marks=pytest.mark.nightly)])
def test_few_events_alarm_seldom(rate: float, amount: int, allowed: int) -> None:
    alarms = 0
    for seed in range(amount):
        source = random.Random(seed)
        alarms += worst(results(engine(COUNT), events([*(poisson(source, rate) for _ in range(500)), 1]))) > 25
    assert alarms <= allowed


@pytest.mark.parametrize("rate", [0.3, 1])
@pytest.mark.parametrize(("amount", "allowed"), [(5, 0), pytest.param(20, 2, marks=pytest.mark.nightly)])
def test_bursts_that_are_usual_alarm_seldom(rate: float, amount: int, allowed: int) -> None:
    alarms = 0
    for seed in range(amount):
        source = random.Random(seed)
        counts = [sum(1 + int(source.expovariate(1 / 3)) for _ in range(poisson(source, rate))) for _ in range(500)]
        alarms += worst(results(engine(COUNT), events([*counts, 1]))) > 25
    assert alarms <= allowed


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weekend", [1.0, 0.4])
@pytest.mark.parametrize("noise", [0.05, 0.1])
@pytest.mark.parametrize("learnt", [14, 21])
def test_a_cycle_is_not_reported_and_a_drop_at_its_peak_is(learnt: int, noise: float, weekend: float, seed: int) -> None:
    source = random.Random(seed)
    hours = [day(hour, weekend) * source.gauss(1, noise) for hour in range(28 * 24)]
    peak = learnt * 24 + 12
    hours[peak] /= 10
    found = run(hours)
    assert at(found, peak) >= 50
    others = [r for r in found["record"] if START + 14 * 24 * HOUR <= r["timestamp"] != START + peak * HOUR]
    assert all(record["record_score"] < 25 for record in others if record["timestamp"] < START + 28 * 24 * HOUR)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_new_level_is_reported_once(seed: int) -> None:
    source = random.Random(seed)
    found = run([source.gauss(100, 5) for _ in range(200)] + [source.gauss(200, 5) for _ in range(200)])
    assert at(found, 200) >= 75
    assert max(at(found, hour) for hour in range(220, 400)) < 25


@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_that_is_a_little_too_quiet_at_every_hour(seed: int) -> None:
    source = random.Random(seed)
    hours = [day(hour) * source.gauss(1, 0.1) for hour in range(35 * 24)]
    quiet = range(28 * 24, 29 * 24)
    for hour in quiet:
        hours[hour] *= 0.7
    found = run(hours)
    assert max(at(found, hour) for hour in quiet) >= 50
    first = max(found["record"], key=lambda record: record["record_score"])
    assert first["multi_bucket_impact"] > 2
    assert all(at(found, hour) < 50 for hour in range(14 * 24, 35 * 24) if hour not in quiet)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_series_that_wanders_is_not_accused_of_it(seed: int) -> None:
    source, level, hours = random.Random(seed), 1000.0, []
    for _ in range(1500):
        level += source.gauss(0, 5)
        hours.append(level)
    assert worst(run(hours)) < 75


@pytest.mark.parametrize("seed", SEEDS)
def test_what_happens_every_other_day_is_no_anomaly(seed: int) -> None:
    source = random.Random(seed)
    hours = [source.gauss(100, 5) + (400 if source.random() < 0.03 else 0) for _ in range(1000)]
    found = run(hours)
    assert sum(record["record_score"] > 50 for record in found["record"] if record["timestamp"] > START + 500 * HOUR) <= 2


def test_a_line_that_moves() -> None:
    found = run([7.0] * 100 + [70.0] + [7.0] * 20)
    assert at(found, 100) >= 75
    assert worst({"record": found["record"][1:]}) < 75


@pytest.mark.parametrize("seed", SEEDS)
def test_one_member_sends_twentyfold(seed: int) -> None:
    source, records = random.Random(seed), []
    for hour in range(60):
        for member in range(20):
            sent = poisson(source, 10) * (20 if (hour, member) == (55, 7) else 1)
            records += [{"time": START + hour * HOUR + at, "who": f"m{member}"} for at in range(sent)]
    judge = engine({"function": "count", "over_field_name": "who"}, influencers=["who"])
    found = results(judge, sorted(records, key=lambda record: record["time"]))
    first = max(found["record"], key=lambda record: record["record_score"])
    assert (first["over_field_value"], first["timestamp"]) == ("m7", START + 55 * HOUR)
    assert first["record_score"] >= 50
    assert first["causes"][0]["actual"][0] > 5 * first["causes"][0]["typical"][0]
    named = max(found["influencer"], key=lambda influencer: influencer["influencer_score"])
    assert (named["influencer_field_value"], named["who"]) == ("m7", "m7")


def test_a_series_in_a_thousand() -> None:
    source, records = random.Random(1), []
    for hour in range(60):
        for number in range(200):
            odd = 10 if (hour, number) == (55, 123) else 1
            records.append({"time": START + hour * HOUR + number, "who": f"s{number}", "value": source.gauss(100, 10) * odd})
    found = results(engine(MEAN | {"partition_field_name": "who"}), records)
    assert [r["partition_field_value"] for r in found["record"] if r["record_score"] > 50] == ["s123"]


def test_interim_results_judge_what_there_is() -> None:
    source = random.Random(3)
    judge = engine(COUNT)
    feed(judge, events([poisson(source, 20) for _ in range(60)]))
    judge.take_results()
    begun = [{"time": START + 60 * HOUR + at * 1000} for at in range(200)]
    feed(judge, begun)
    judge.flush(Flush(calc_interim=True))
    found = by_kind(judge.take_results())
    assert [record["is_interim"] for record in found["record"]] == [True]
    assert found["record"][0]["record_score"] > 75
    before = judge.state()
    judge.flush(Flush(calc_interim=True))
    judge.take_results()
    assert judge.state() == before


def test_the_quiet_begin_of_a_bucket_is_no_drop() -> None:
    judge = engine(COUNT)
    feed(judge, events([100 + at % 3 for at in range(60)]))
    feed(judge, [{"time": START + 60 * HOUR + at} for at in range(2)])
    judge.take_results()
    judge.flush(Flush(calc_interim=True))
    assert "record" not in by_kind(judge.take_results())
