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
    """Why a score is what it is, for ``anomaly_score_explanation``; impacts are surprises."""

    is_spike: bool
    single: float = 0.0
    sustained: float = 0.0
    length: int = 1
    lower: float = 0.0
    upper: float = 0.0


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
    explanation: Explanation | None = None
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
