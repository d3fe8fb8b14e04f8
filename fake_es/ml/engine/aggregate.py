"""Anomalies of one bucket taken together: for the bucket, and for each value of an influencer field."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from fake_es.ml.engine.findings import LEAST_SURPRISE, Finding

# Several anomalies are more than one: what each other adds, as a share of its own surprise, and at most in all.
_OTHERS_SHARE, _MOST_FROM_OTHERS = 0.3, 2.0
# Among many series the least probable is expected to be rare: what the number of series takes away, as a share of its
# logarithm. All of it would hide what happens to one series of thousands.
_SERIES_SHARE = 0.5


def together(surprises: Sequence[float], series: int = 1) -> float:
    """Surprise of anomalies that come together, the greatest of ``series`` series; 0 if there are none."""
    if not surprises:
        return 0.0
    first, *others = sorted(surprises, reverse=True)
    more = sum(_OTHERS_SHARE * (other - LEAST_SURPRISE) for other in others)
    return max(0.0, first + min(_MOST_FROM_OTHERS, more) - _SERIES_SHARE * math.log10(max(1, series)))


def by_influencer(findings: Sequence[Finding]) -> dict[tuple[str, str], list[float]]:
    """Surprises of the anomalies that each value of an influencer field has to do with."""
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for finding in findings:
        for field, values in finding.influences.items():
            for value in values:
                found[field, value].append(finding.surprise)
    return dict(found)
