"""What a detector finds in a bucket: something improbable, or a point to plot."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.gather import Key

# Nothing more probable than this is reported: -log10 of one in a hundred.
LEAST_SURPRISE = 2.0
# What a value loses in surprise if it might as well have been as far off on the other side.
BOTH_SIDES = math.log10(2)


@dataclass(slots=True)
class Explanation:
    """Why a score is what it is, for ``anomaly_score_explanation``: what is not set is not spoken of.

    :param single: surprise of the bucket by itself, and ``sustained`` of the run of buckets before it.
    :param length: buckets that it has lasted.
    :param bounds: the range that holds about 95 of 100 values.
    :param high_variance: whether it were more surprising if values did not scatter more at this hour than at others.
    :param incomplete: whether it were more surprising if the bucket had as many measurements as is usual.
    :param first_occurrence: whether a rare value was never there before.
    :param relative_rarity: how many times rarer it is than the median of all values.
    """

    is_spike: bool | None = None
    single: float = 0.0
    sustained: float = 0.0
    length: int | None = None
    bounds: tuple[float, float] | None = None
    high_variance: bool = False
    incomplete: bool = False
    first_occurrence: bool = False
    relative_rarity: float | None = None


@dataclass(slots=True)
class Finding:
    """One anomaly before it is scored. ``surprise`` is -log10 of its probability.

    ``multi_bucket_impact`` is from -5 (this bucket alone) to 5 (the run of buckets before it).
    """

    detector: Detector
    key: Key
    function: str
    surprise: float
    actual: list[float]
    typical: list[float]
    multi_bucket_impact: float = -5.0
    explanation: Explanation = field(default_factory=Explanation)
    causes: list[Finding] = field(default_factory=list)
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
class Outcome:
    """All that one detector says of a bucket."""

    findings: list[Finding] = field(default_factory=list)
    points: list[PlotPoint] = field(default_factory=list)
