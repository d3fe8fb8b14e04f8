"""What a series will be: its model carried on into the future."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.findings import PlotPoint
from fake_es.ml.engine.functions import Feature
from fake_es.ml.engine.gather import Key
from fake_es.ml.engine.model.series import LEAST_VALUES, SeriesModel

_DAY = 86_400


def forecast(
    detector: Detector, key: Key, feature: Feature, model: SeriesModel, starts: range
) -> Iterator[tuple[int, PlotPoint]]:
    """What is expected of a series in the buckets that begin at ``starts`` (epoch seconds), in that order.

    Level and seasons go on as they are, the trend as far as it is beyond doubt. As the level may wander, bounds grow
    with the root of the time ahead. A series of which too little is known has no forecast.
    """
    if model.values < LEAST_VALUES:
        return
    slope, least = model.trend.slope(), 0.0 if feature.is_count else -math.inf
    for start in starts:
        outlook = model.outlook(start + model.shift)
        ahead = max(0, start + model.shift - model.last)
        gain = model.levels.gain(outlook.way)
        wider = math.sqrt(1 + gain * gain * ahead / model.span)
        typical = outlook.frame.typical + slope * ahead / _DAY
        lower, upper = (typical + (bound - outlook.frame.typical) * wider for bound in model.bounds(outlook))
        yield start, PlotPoint(detector, key, feature.model, max(least, lower), max(least, typical), max(least, upper), None)
