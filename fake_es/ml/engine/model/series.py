"""The model of one series: what its next value will be, and how improbable a value is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import InitVar, dataclass, field
from typing import NamedTuple

from fake_es.ml.engine.model.layout import Layout, number
from fake_es.ml.engine.model.level import Level
from fake_es.ml.engine.model.multi_bucket import MultiBucket
from fake_es.ml.engine.model.residual import Prediction, ResidualDistribution, ScaledResidual
from fake_es.ml.engine.model.seasons import DAY, WEEK, Daily, HourlyScale, Weekly, grids
from fake_es.ml.engine.model.trend import Trend
from fake_es.ml.engine.probability import mixture

# The predictors: a level alone, with the time of day, with the time of day and of the week.
_LEVEL, _DAILY, _WEEKLY = range(3)

# --- When a series is known.
# Values before which it has neither anomalies nor forecasts: fewer say nothing of their spread.
LEAST_VALUES = 10
# Its usual size: memory in values, and how many times the usual size one value counts as at most, after the first few.
_SIZE_MEMORY, _MOST_SIZES, _UNCLIPPED = 300.0, 5, 5
# The least spread of counts, and of other values as a share of their usual size.
_LEAST_COUNT_SPREAD, _LEAST_SPREAD = 0.2, 1e-3

# --- Which predictor is used.
# How quickly the level of each may follow: what changes within hours is for the season to explain.
_MOST_GAIN = (0.6, 0.15, 0.15)
# A predictor's error is averaged over a week, and over this many values at least.
_LEAST_ERROR_MEMORY = 100.0
# The daily one needs an error smaller than the level's by this share, divided by the root of its number of values:
# test_noise_has_no_time_of_day. The weekly one may be worse by this factor, as it needs weeks to become good.
_BETTER, _WEEKLY_MAY_BE_WORSE = 1.5, 1.05
# Seasons need buckets shorter than this.
_LONGEST_SPAN = DAY // 2

# --- Where the prediction is in doubt: test_a_cycle_is_not_reported_and_a_drop_at_its_peak_is.
# A surprisal above this is computed again from everything else that may be predicted, each with this log weight (a tenth).
_LOOK_CLOSER, _ALTERNATIVE = 1.5, -2.3
# Another predictor is an alternative while its error is within this factor of the best one's, or seasons are young.
_NEARLY_AS_GOOD, _AS_GOOD = 1.15, 1.05
_YOUNG_DAILY, _YOUNG_WEEKLY = 4 * DAY, 2 * WEEK

# --- New levels: test_a_new_level_is_reported_once.
# A deviation this large is an outlier. A run of outliers on one side is a new level, if it lasts a quarter of a day within
# these limits. For a week the old level is an alternative, so that the end of an incident is no second anomaly.
_OUTLIER, _LEAST_RUN, _MOST_RUN, _RUN_TIME = 3.0, 6, 12, DAY // 4
_OLD_LEVEL_FOR = WEEK

# --- The greatest of many values is great by chance: test_five_hundred_quiet_buckets.
# Surprisals count fully after 70 values. Ten times as many take away a tenth, within 50 and 150 values.
_FEW_VALUES, _USUAL_VALUES, _MANY_VALUES, _BY_CHANCE = 50, 70, 150, 0.1

# A value moves the trend as if it were at most this many spreads from its prediction.
_MOST_TREND_SPREADS = 3


class Predictions(NamedTuple):
    """What is predicted for a time.

    :param best: the prediction that is used, and ``predictor`` the one it is by.
    :param daily_mean: mean at this time of other days, None where it is not known yet.
    :param values: what each predictor says, None where it knows nothing of this time yet.
    """

    best: Prediction
    predictor: int
    daily_mean: float | None
    values: tuple[float | None, ...]


class Evaluation(NamedTuple):
    """How improbable a value is.

    :param low: surprisal of a value this low or lower, and ``high`` of one this high or higher.
    :param multi_bucket: surprisal of the recent values taken together, on the side of this one.
    """

    predictions: Predictions
    residual: ScaledResidual
    low: float
    high: float
    multi_bucket: float

    @property
    def typical(self) -> float:
        """The predicted value."""
        return self.predictions.best.typical


@dataclass(slots=True, eq=False)
class SeriesModel:
    """Level, seasons, trend and residuals of one series. Times are epoch seconds.

    It learns from every value, less from values that are far off. Its packed form, which is stored between buckets and in
    model snapshots, is under 2 KB, independent of the number of values.

    :param span: the bucket span in seconds.
    :param is_count: whether values are counts, until one is seen that is negative or no whole number.
    """

    span: int
    is_count: InitVar[bool]
    #: Times of the first and of the last value.
    first: int = number("q")
    last: int = number("q")
    #: Number of values.
    values: int = number("Q")
    #: Usual absolute size of a value.
    size: float = number("d")
    #: The highest predictor that was ever the best.
    predictor: int = number("B", _LEVEL)
    #: Outliers in a row, negative if they are low, and the sum of their residuals.
    run: int = number("i")
    run_sum: float = number("d")
    #: The level before the last new one, and until when it is an alternative.
    old_level: float = number("d")
    old_until: int = number("q")
    #: Seconds by which rules and calendars have shifted its time.
    time_shift: int = number("q")
    #: The level of each predictor.
    levels: list[Level] = field(default_factory=lambda: [Level(), Level(), Level()])
    residuals: ResidualDistribution = field(default_factory=ResidualDistribution)
    trend: Trend = field(default_factory=Trend)
    multi_bucket: MultiBucket = field(default_factory=MultiBucket)
    # Seasons come with the values that need them: first the daily one, a day later the other two.
    daily: Daily | None = None
    weekly: Weekly | None = None
    hourly_scale: HourlyScale | None = None

    def __post_init__(self, is_count: bool) -> None:
        self.residuals.is_count = is_count

    # --- the stored form

    def pack(self) -> bytes:
        """All that it has learnt."""
        packed = [_LAYOUT.pack(self)]
        for table in (self.daily, self.weekly, self.hourly_scale):
            if table is not None:
                packed += (table.means, table.seen)  # type: ignore[arg-type]  # an array is joined as its bytes
        return b"".join(packed)

    def unpack(self, packed: bytes) -> None:
        """Take over what a model of the same bucket span has learnt."""
        at, end = _LAYOUT.unpack(self, packed), len(packed)
        self.daily = self.weekly = self.hourly_scale = None
        if at < end:
            by_day, by_week, by_hour = grids(self.span)
            self.daily, at = Daily.unpacked(by_day, packed, at)
            if at < end:
                self.weekly, at = Weekly.unpacked(by_week, packed, at)
                self.hourly_scale, at = HourlyScale.unpacked(by_hour, packed, at)

    # --- prediction

    def predict(self, time: int) -> Predictions:
        """What is predicted for a time, in shifted time; there must have been a value."""
        daily_mean, values = self._by_predictor(time)
        best, levels = _LEVEL, self.levels
        if values[_DAILY] is not None and levels[_DAILY].is_settled:
            better = _BETTER / math.sqrt(levels[_DAILY].seen)
            if levels[_DAILY].error < (1 - better) * levels[_LEVEL].error:
                best = _DAILY
        may_be_weekly = values[_WEEKLY] is not None and levels[_WEEKLY].is_settled
        if may_be_weekly and levels[_WEEKLY].error < _WEEKLY_MAY_BE_WORSE * levels[best].error:
            best = _WEEKLY
        typical = values[best]
        assert typical is not None, "the best predictor has a prediction"
        return Predictions(self._prediction(time, typical, best), best, daily_mean, values)

    def _by_predictor(self, time: int) -> tuple[float | None, tuple[float | None, ...]]:
        """The mean at this time of other days, and what each predictor says; see :class:`Predictions`."""
        levels = self.levels
        level = levels[_LEVEL].value
        if self.daily is None or time - self.first < DAY or (mean := self.daily.value(time)) is None:
            return None, (level, None, None)
        by_day = mean + levels[_DAILY].value
        if self.weekly is None or time - self.first < WEEK:
            return mean, (level, by_day, None)
        difference = self.weekly.value(time, levels[_DAILY].spread)
        if difference is None:
            return mean, (level, by_day, None)
        return mean, (level, by_day, mean + difference + levels[_WEEKLY if levels[_WEEKLY].is_settled else _DAILY].value)

    def _prediction(self, time: int, typical: float, predictor: int) -> Prediction:
        scale = 1.0 if self.hourly_scale is None else self.hourly_scale.value(time)
        least = _LEAST_COUNT_SPREAD if self.residuals.is_count else _LEAST_SPREAD * self.size
        return Prediction(typical, self.size, max(self.levels[predictor].spread, least), scale)

    def _alternatives(self, time: int, predictions: Predictions) -> Iterator[Prediction]:
        """What else may be predicted: by other predictors, at the old level, a little sooner or later."""
        best, predictor = predictions.best, predictions.predictor
        if predictor != _LEVEL:
            yield from self._near_in_day(time, best, predictions.daily_mean)
            yield from self._near_in_week(time, predictions)
        for other, typical in enumerate(predictions.values):
            if other != predictor and typical is not None and self._may_be_right(other, predictor, time):
                prediction = self._prediction(time, typical, other)
                yield prediction
                if other == _DAILY:
                    yield from self._near_in_day(time, prediction, predictions.daily_mean)
        if time < self.old_until:
            yield best._replace(typical=best.typical - self.levels[_LEVEL].value + self.old_level)

    def _may_be_right(self, other: int, best: int, time: int) -> bool:
        """Whether another predictor than the best may be right: seasons are young, or it is nearly as good."""
        age, error, best_error = time - self.first, self.levels[other].error, self.levels[best].error
        if other == _LEVEL:
            return age < _YOUNG_DAILY or error < _NEARLY_AS_GOOD * best_error
        if other == _DAILY:
            factor = _NEARLY_AS_GOOD if age < _YOUNG_WEEKLY else _AS_GOOD
            return error <= factor * best_error + _LEAST_SPREAD * self.size
        return True

    def _near_in_day(self, time: int, prediction: Prediction, here: float | None) -> Iterator[Prediction]:
        """The prediction with the season of the day one slot sooner, and one slot later."""
        if self.daily is None or here is None:
            return
        for near in (time - self.daily.grid.length, time + self.daily.grid.length):
            mean = self.daily.value(near)
            if mean is not None:
                yield prediction._replace(typical=prediction.typical + mean - here)

    def _near_in_week(self, time: int, predictions: Predictions) -> Iterator[Prediction]:
        """The best prediction with the season of the week half a slot sooner, and half a slot later."""
        if self.weekly is None or predictions.predictor != _WEEKLY:
            return
        spread, half = self.levels[_DAILY].spread, self.weekly.grid.length // 2
        here = self.weekly.value(time, spread)
        if here is None:
            return
        for near in (time - half, time + half):
            there = self.weekly.value(near, spread)
            if there is not None:
                yield predictions.best._replace(typical=predictions.best.typical + there - here)

    def bounds(self, predictions: Predictions) -> tuple[float, float]:
        """The range that holds about 95 of 100 values."""
        return self.residuals.bounds(predictions.best)

    # --- evaluation

    def evaluate(self, time: int, value: float) -> Evaluation | None:
        """How improbable a value is. Nothing is learnt. None while too little is known."""
        time += self.time_shift
        if self.values < LEAST_VALUES:
            return None
        predictions, residuals = self.predict(time), self.residuals
        residual = residuals.scaled(value, predictions.best)
        low, high = residuals.surprisal(value, predictions.best, residual)
        if max(low, high) > _LOOK_CLOSER:
            others = [
                residuals.surprisal(value, other, residuals.scaled(value, other))
                for other in self._alternatives(time, predictions)
            ]
            low = mixture([(0.0, low), *((_ALTERNATIVE, other[0]) for other in others)])
            high = mixture([(0.0, high), *((_ALTERNATIVE, other[1]) for other in others)])
        seen = min(max(self.values, _FEW_VALUES), _MANY_VALUES)
        share = 1.0 - _BY_CHANCE * math.log10(seen / _USUAL_VALUES)
        return Evaluation(predictions, residual, low * share, high * share, self._multi_bucket(value, predictions))

    def _multi_bucket(self, value: float, predictions: Predictions) -> float:
        """Multi-bucket surprisal, if the value is on the same side of the slow level as of its prediction."""
        remainder = self._seasonless(value, predictions)
        if remainder is None or (remainder > self.multi_bucket.level) != (value >= predictions.best.typical):
            return 0.0
        gain = self.levels[predictions.predictor].gain
        return self.multi_bucket.surprisal(remainder, predictions.best.hourly_scale, self.span, gain)

    def _seasonless(self, value: float, predictions: Predictions) -> float | None:
        """A value less the seasons of the highest predictor so far; None where that one says nothing."""
        predicted = predictions.values[self.predictor]
        return None if predicted is None else value - predicted + self.levels[self.predictor].value

    # --- learning

    def learn(self, time: int, value: float, evaluation: Evaluation | None = None) -> None:
        """Learn from a value; ``evaluation`` is what :meth:`evaluate` has just said of it."""
        time += self.time_shift
        if self.values == 0:
            self.first = time
        size = abs(value)
        if self.values > _UNCLIPPED and self.size > 0:
            size = min(size, _MOST_SIZES * self.size)
        self.size += (size - self.size) / min(self.values + 1.0, _SIZE_MEMORY)
        predictions = None
        if self.values:
            predictions = self.predict(time) if evaluation is None else evaluation.predictions
            residual = self.residuals.scaled(value, predictions.best) if evaluation is None else evaluation.residual
            self._learn_residual(time, value, predictions, residual)
        self._learn_levels(value, predictions)
        self._learn_trend(time, value, predictions)
        self._learn_seasons(time, value, predictions)
        self.values += 1
        self.last = time

    def _learn_residual(self, time: int, value: float, predictions: Predictions, residual: ScaledResidual) -> None:
        if predictions.predictor > self.predictor:
            # A new predictor is the best: residuals of the old one say nothing about it.
            self.residuals.forget_tails()
            if self.predictor == _LEVEL:
                self.multi_bucket = MultiBucket()
            if self.hourly_scale is not None:
                self.hourly_scale = HourlyScale.empty(self.hourly_scale.grid, 1.0)
            self.predictor = predictions.predictor
        best = predictions.best
        self.residuals.learn(value, best, residual, in_run=self.run * residual.signed > 0)
        if self.hourly_scale is not None:
            self.hourly_scale.learn(time, abs(residual.signed) * best.hourly_scale)
        remainder = self._seasonless(value, predictions)
        if remainder is not None:
            self.multi_bucket.learn(remainder, best.hourly_scale, self.span)
        self._follow_run(time, value - best.typical, residual.signed)

    def _follow_run(self, time: int, residual: float, deviation: float) -> None:
        """Accept a new level after enough outliers in a row on one side."""
        if abs(deviation) < _OUTLIER or self.values < LEAST_VALUES:
            self.run, self.run_sum = 0, 0.0
            return
        sign = 1 if deviation > 0 else -1
        if self.run * sign < 0:
            self.run, self.run_sum = 0, 0.0
        self.run += sign
        self.run_sum += residual
        if abs(self.run) >= max(_LEAST_RUN, min(_MOST_RUN, _RUN_TIME // self.span)):
            self.old_level, self.old_until = self.levels[_LEVEL].value, time + _OLD_LEVEL_FOR
            for level in self.levels:
                level.shift(self.run_sum / abs(self.run))
            self.multi_bucket.accept()
            self.run, self.run_sum = 0, 0.0

    def _learn_levels(self, value: float, predictions: Predictions | None) -> None:
        levels, memory = self.levels, max(_LEAST_ERROR_MEMORY, WEEK / self.span)
        levels[_LEVEL].learn(value, memory, _MOST_GAIN[_LEVEL])
        if predictions is None:
            return
        for predictor in (_DAILY, _WEEKLY):
            predicted, level = predictions.values[predictor], levels[predictor]
            if predicted is not None:
                if predictor == _WEEKLY and not level.is_settled:
                    level.copy_from(levels[_DAILY])
                level.learn(value - predicted + level.value, memory, _MOST_GAIN[predictor])

    def _learn_trend(self, time: int, value: float, predictions: Predictions | None) -> None:
        if predictions is not None and self.values > LEAST_VALUES:
            typical, reach = predictions.best.typical, _MOST_TREND_SPREADS * predictions.best.spread
            value = max(typical - reach, min(typical + reach, value))
        self.trend.learn((time - self.first) / DAY, value, self.span)

    def _learn_seasons(self, time: int, value: float, predictions: Predictions | None) -> None:
        if self.span >= _LONGEST_SPAN or self.values < LEAST_VALUES:
            return
        by_day, by_week, by_hour = grids(self.span)
        if self.daily is None:
            self.daily = Daily.empty(by_day)
        spread = self.levels[_DAILY].spread or self.levels[_LEVEL].spread
        if time - self.first >= DAY:
            if self.weekly is None:
                self.weekly, self.hourly_scale = Weekly.empty(by_week), HourlyScale.empty(by_hour, 1.0)
            if predictions is not None and predictions.daily_mean is not None:
                self.weekly.learn(time, value - predictions.daily_mean, spread)
        self.daily.learn(time, value, spread)


_LAYOUT = Layout(SeriesModel(span=1, is_count=False))
