"""What a detector reports of a bucket: anomalies, and points of the model plot."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.data_gatherer import Key

# Least surprisal of an anomaly: a probability of 1 in 100. In a quiet series more probable values are ordinary.
LEAST_SURPRISAL = 2.0
# Subtracted from a surprisal if both sides are anomalous: a deviation to either side is twice as probable.
BOTH_SIDES = math.log10(2)
# Several anomalies together are less probable than the first one. Each other one adds only this share of its surprisal,
# because they are not independent.
OTHERS_SHARE = 0.3


@dataclass(slots=True)
class Explanation:
    """The source of ``anomaly_score_explanation``. What is not set is left out of it.

    :param single: surprisal of the bucket by itself, and ``multi_bucket`` of the recent buckets taken together.
    :param length: number of buckets that the anomaly has lasted.
    :param bounds: the range that holds about 95 of 100 values.
    :param high_variance: the surprisal is smaller because values scatter more at this hour than at others.
    :param incomplete: the surprisal is smaller because the bucket has fewer measurements than usual.
    :param first_occurrence: a rare value was never there before.
    :param relative_rarity: how many times rarer it is than the median of all values.
    """

    is_spike: bool | None = None
    single: float = 0.0
    multi_bucket: float = 0.0
    length: int | None = None
    bounds: tuple[float, float] | None = None
    high_variance: bool = False
    incomplete: bool = False
    first_occurrence: bool = False
    relative_rarity: float | None = None


@dataclass(slots=True)
class Anomaly:
    """One anomaly before it is scored.

    :param surprisal: -log10 of its probability.
    :param multi_bucket_impact: -5 (this bucket alone) to 5 (the buckets before it).
    :param causes: what the member of a population did, by by value and feature.
    :param influences: for each influencer field, the values that explain the anomaly.
    """

    detector: Detector
    key: Key
    function: str
    surprisal: float
    actual: list[float]
    typical: list[float]
    multi_bucket_impact: float = -5.0
    explanation: Explanation = field(default_factory=Explanation)
    causes: list[Anomaly] = field(default_factory=list)
    influences: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class PlotPoint:
    """Model bounds of one series in one bucket; ``actual`` is None in an empty bucket."""

    detector: Detector
    key: Key
    feature: str
    lower: float
    median: float
    upper: float
    actual: float | None


@dataclass(slots=True)
class DetectorResults:
    """All that one detector reports of a bucket."""

    anomalies: list[Anomaly] = field(default_factory=list)
    points: list[PlotPoint] = field(default_factory=list)


def of_member(causes: list[Anomaly]) -> Anomaly:
    """The anomaly of a member of a population: its least probable cause, plus a share of what the others add."""
    causes.sort(key=lambda cause: -cause.surprisal)
    first = causes[0]
    surprisal = first.surprisal + OTHERS_SHARE * sum(cause.surprisal - LEAST_SURPRISAL for cause in causes[1:])
    key = (first.key[0], first.key[1] if len(causes) == 1 else "", first.key[2])
    return Anomaly(first.detector, key, first.function, surprisal, first.actual, first.typical, causes=causes)
