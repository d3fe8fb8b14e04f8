"""What series will be: their models carried on into the future."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from fake_es.ml.engine.detectors.base import Analyser
from fake_es.ml.engine.detectors.individual import Individual
from fake_es.ml.engine.model.series import LEAST_VALUES, SeriesModel

_KINDS = ("partition", "by")
_DAY = 86_400


class ForecastRefused(ValueError):
    """There can be no forecast; the text is the native process's own (``CForecastRunner``)."""


NO_DATA = "Forecast cannot be executed as job requires data to have been processed and modeled"
POPULATION = "Forecast is not supported for population analysis"
NOT_FOR_FUNCTION = "Forecast is not supported for this function"


def check(analysers: Iterable[Analyser], latest: int | None) -> None:
    """Refuse a forecast of what has no future to be told.

    :raises ForecastRefused: nothing was learnt yet, or no detector follows single series by value.
    """
    analysers = list(analysers)
    if any(analyser.detector.over_field_name is not None for analyser in analysers):
        raise ForecastRefused(POPULATION)
    if not any(isinstance(analyser, Individual) for analyser in analysers):
        raise ForecastRefused(NOT_FOR_FUNCTION)
    if latest is None:
        raise ForecastRefused(NO_DATA)


def documents(analysers: Iterable[Analyser], base: dict[str, Any], start: int, end: int, span: int) -> Iterator[dict[str, Any]]:
    """A ``model_forecast`` document for each series and each bucket from ``start`` to before ``end``, epoch seconds.

    :param base: the fields that all of them share.
    """
    for analyser in analysers:
        if not isinstance(analyser, Individual):
            continue
        for key, feature, model in analyser.models():
            if model.values < LEAST_VALUES:
                continue
            named = {"detector_index": analyser.detector.index, "model_feature": feature.model}
            for kind, field, value in zip(_KINDS, analyser.detector.splits, key):
                if field is not None:
                    named |= {f"{kind}_field_name": field, f"{kind}_field_value": value}
            for time in range(start, end, span):
                yield base | {"timestamp": time * 1000} | named | _expected(model, time, feature.is_count)


def _expected(model: SeriesModel, time: int, is_count: bool) -> dict[str, float]:
    """Prediction and bounds of a time to come: the level may wander, and the more the further off the time is."""
    outlook = model.outlook(time + model.shift)
    ahead = max(0, time - model.last)
    steps = ahead / model.span
    typical = outlook.frame.typical + model.trend.slope() * ahead / _DAY
    lower, upper = model.bounds(outlook)
    gain = model.levels.gain(outlook.way)
    wider = math.sqrt(1 + steps * gain * gain)
    low = typical - (outlook.frame.typical - lower) * wider
    return {
        "forecast_lower": max(0.0, low) if is_count else low,
        "forecast_upper": typical + (upper - outlook.frame.typical) * wider,
        "forecast_prediction": max(0.0, typical) if is_count else typical,
    }
