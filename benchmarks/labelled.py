"""``python -m benchmarks.labelled DIRECTORY``: how well the engine does on labelled series that are not part of the project.

The directory is laid out as that of the Numenta Anomaly Benchmark: ``data/<group>/<name>.csv`` with the columns ``timestamp``
and ``value``, and ``labels/combined_windows.json`` with a list of ``[begin, end]`` for each ``<group>/<name>.csv``; times are
UTC. Each series is a job of its own with one detector, the mean of the value. An alarm is a record with a score of the
threshold or more, as it scored when it was written. A window is found if an alarm falls in it, or a bucket before its
begin. Alarms in no window are false; each that follows another within six hours is one with it.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import NamedTuple

from benchmarks.alarms import BASELINE_THRESHOLDS, DAY, WEEK, Outcome, episodes, rolling_z, seasonal_difference, total
from fake_es.ml.config.job.analysis import analysis_of
from fake_es.ml.engine.engine import Engine, by_kind

_MINUTE = 60_000
_ONE_ALARM = DAY // 4
_THRESHOLDS = (25, 50, 75)
_ENGINE = "engine"
_TABLE = "{:<20} {:>9} {:>6} {:>6} {:>6} {:>8} {:>6}"
_EACH = "{:<60} {:>7} {:>7} {:>6} {:>6} {:>6} {:>6}"
Scores = Mapping[int, float]


class Labelled(NamedTuple):
    """A series and the windows in which something was wrong, begin and end in epoch milliseconds."""

    name: str
    path: Path
    windows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one series: ``span`` in milliseconds, ``seconds`` of processor time, outcomes by rule and threshold."""

    name: str
    span: int
    records: int
    weeks: float
    seconds: float
    outcomes: dict[str, dict[float, Outcome]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; answers 0, and exits with 2 where the directory cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.labelled", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directory", type=Path, help="where data/ and labels/combined_windows.json are")
    parser.add_argument("--threshold", type=float, default=50, help="score of an alarm (default %(default)s)")
    parser.add_argument("--span", type=int, metavar="SECONDS", help="bucket span (default: usual distance, in whole minutes)")
    parser.add_argument("--each", action="store_true", help="a line for each series, at the threshold")
    chosen = parser.parse_args(arguments)
    if chosen.span is not None and chosen.span < 1:
        parser.error("a bucket spans at least a second")
    thresholds = sorted({*_THRESHOLDS, chosen.threshold})
    try:
        judged = _judged(labelled(chosen.directory), chosen.span and chosen.span * 1000, thresholds)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if chosen.each:
        _print_each(judged, chosen.threshold)
    _print_table(judged, thresholds)
    return 0


def _judged(series: Sequence[Labelled], span: int | None, thresholds: Sequence[float]) -> list[Judged]:
    """All series, over all processors."""
    # Not forked: what starts this may have threads.
    with multiprocessing.get_context("spawn").Pool(min(os.cpu_count() or 1, len(series))) as pool:
        return pool.map(partial(judge, span=span, thresholds=thresholds), series, chunksize=1)


def labelled(directory: Path) -> list[Labelled]:
    """The series that have labels, by name.

    :raises OSError: there are no labels
    :raises ValueError: they cannot be read, or are of no series
    """
    path = directory / "labels" / "combined_windows.json"
    try:
        windows = {
            name: tuple((_time(begin), _time(end)) for begin, end in found)
            for name, found in json.loads(path.read_text("utf-8")).items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from None
    if not windows:
        raise ValueError(f"{path}: no series")
    return [Labelled(name, directory / "data" / name, windows[name]) for name in sorted(windows)]


def read(path: Path) -> list[tuple[int, float]]:
    """Times (epoch milliseconds) and values of a series, in the order of time.

    :raises OSError: there is no such file
    :raises ValueError: a row is not a time and a number
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return sorted((_time(row["timestamp"]), float(row["value"])) for row in csv.DictReader(file))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r}") from None


def _time(text: str) -> int:
    """Epoch milliseconds; a fraction may have any number of digits, of which the first three count."""
    seconds, _, fraction = text.partition(".")
    return round(datetime.fromisoformat(seconds).replace(tzinfo=timezone.utc).timestamp()) * 1000 + int(
        fraction[:3].ljust(3, "0")
    )


def usual_span(times: Sequence[int]) -> int:
    """The median distance of the times in whole minutes, a minute at least; in milliseconds."""
    distances = [after - before for before, after in pairwise(times)] or [0]
    return max(1, round(median(distances) / _MINUTE)) * _MINUTE


def judge(series: Labelled, span: int | None, thresholds: Sequence[float]) -> Judged:
    """Run one series through the engine and the plain rules, in buckets of ``span`` milliseconds or of its usual span."""
    rows = read(series.path)
    times = [at for at, _ in rows]
    span = span or usual_span(times)
    weeks = (times[-1] - times[0]) / WEEK if times else 0.0
    started = time.process_time()
    scores = engine_scores(rows, span)
    seconds = time.process_time() - started
    outcomes = {_ENGINE: _outcomes(scores, series.windows, span, thresholds)}
    for rule, found in _plain(rows, span, weeks).items():
        outcomes[rule] = _outcomes(found, series.windows, span, BASELINE_THRESHOLDS)
    return Judged(series.name, span, len(rows), weeks, seconds, outcomes)


def engine_scores(rows: Sequence[tuple[int, float]], span: int) -> dict[int, float]:
    """The scores of a job's records, by the start of their buckets."""
    detector = {"function": "mean", "field_name": "value", "detector_description": ""}
    config = {"bucket_span": f"{span // 1000}s", "influencers": [], "detectors": [detector]}
    engine = Engine("labelled", analysis_of({"analysis_config": config}))
    engine.feed([at for at, _ in rows], [{"value": value} for _, value in rows])
    return {record["timestamp"]: record["record_score"] for record in by_kind(engine.take_results()).get("record", ())}


def _plain(rows: Iterable[tuple[int, float]], span: int, weeks: float) -> dict[str, Scores]:
    """What the plain rules make of the means of the same buckets."""
    values = defaultdict[int, list[float]](list)
    for at, value in rows:
        values[at - at % span].append(value)
    means = {at: fmean(found) for at, found in values.items()}
    return {
        "rolling z-score": rolling_z(means, max(50, DAY // span)),
        "seasonal difference": seasonal_difference(means, WEEK if weeks > 3 else DAY),
    }


def _outcomes(
    scores: Scores, windows: Sequence[tuple[int, int]], span: int, thresholds: Iterable[float]
) -> dict[float, Outcome]:
    """What would have been found and what been false, by threshold."""
    return {
        threshold: outcome([at for at, score in scores.items() if score >= threshold], windows, span)
        for threshold in thresholds
    }


def outcome(alarms: Sequence[int], windows: Sequence[tuple[int, int]], span: int) -> Outcome:
    """Hold alarms, starts of buckets of ``span`` milliseconds, against windows."""
    reach = [(begin - span, end) for begin, end in windows]
    found = sum(any(begin <= at <= end for at in alarms) for begin, end in reach)
    outside = (at for at in alarms if not any(begin <= at <= end for begin, end in reach))
    return Outcome(found, len(windows) - found, episodes(outside, _ONE_ALARM))


def _print_each(judged: Iterable[Judged], threshold: float) -> None:
    print(_EACH.format("series", "span", "records", "weeks", "found", "missed", "false"))
    for one in judged:
        print(
            _EACH.format(one.name, f"{one.span // 1000}s", one.records, f"{one.weeks:.1f}", *one.outcomes[_ENGINE][threshold])
        )
    print()


def _print_table(judged: Sequence[Judged], thresholds: Iterable[float]) -> None:
    records, weeks = sum(one.records for one in judged), sum(one.weeks for one in judged)
    print(_TABLE.format("rule", "threshold", "found", "missed", "false", "a week", "F1"))
    for threshold in thresholds:
        _print_row(_ENGINE, threshold, total(one.outcomes[_ENGINE][threshold] for one in judged), weeks)
    for rule in list(judged[0].outcomes)[1:]:
        _print_row(rule, *_best(judged, rule), weeks)
    cost = sum(one.seconds for one in judged) / max(records, 1)
    print(f"{len(judged)} series, {records:,} records, {weeks:.0f} weeks; {cost * 1e6:.0f} us a record")


def _best(judged: Iterable[Judged], rule: str) -> tuple[float, Outcome]:
    """The threshold that suits a plain rule best over all series, and what it achieves with it."""
    judged = list(judged)
    tried = {threshold: total(one.outcomes[rule][threshold] for one in judged) for threshold in BASELINE_THRESHOLDS}
    best = max(tried, key=lambda threshold: tried[threshold].f1)
    return best, tried[best]


def _print_row(rule: str, threshold: float, reached: Outcome, weeks: float) -> None:
    rate = f"{reached.false / weeks:.2f}" if weeks else "-"
    print(_TABLE.format(rule, f"{threshold:g}", *reached, rate, f"{reached.f1:.3f}"))


if __name__ == "__main__":
    sys.exit(main())
