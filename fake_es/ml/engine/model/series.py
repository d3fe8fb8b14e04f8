"""One series: what it is expected to be next, and how surprising what came is."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from fake_es.ml.engine.model.level import Levels
from fake_es.ml.engine.model.residual import Frame, Measured, Residual
from fake_es.ml.engine.model.seasons import DAY, WEEK, Daily, Stretch, Weekly, grids
from fake_es.ml.engine.model.sustained import Sustained
from fake_es.ml.engine.model.trend import Trend
from fake_es.ml.engine.probability import mixture

# Ways to predict: the level alone, with the time of day, with the time of day and of the week.
_ALONE, _BY_DAY, _BY_WEEK = range(3)
# A value beyond so many deviations is an outlier; so many in a row on one side are a new level.
_OUTLIER, _RUN_LEAST, _RUN_MOST = 3.0, 6, 12
# How quickly the level of each way may follow: seasons explain what changes within hours, or they are none.
_MOST_GAIN = (0.6, 0.15, 0.15)
# The least spread that scales are measured by, of counts and as a share of the ordinary size of other values.
_LEAST_COUNT_SPREAD, _LEAST_SPREAD = 0.2, 1e-3
# Values before which a series is judged by nobody.
LEAST_VALUES = 10
# The rarest of many values is rare by chance: scores are those of so many values, fewer and more count up to these, and
# ten times as many take this share of a surprise.
_FEW_VALUES, _ORDINARY_VALUES, _MANY_VALUES, _BY_CHANCE = 50, 70, 150, 0.1
# The time of day explains nothing until it is better by this share of chance.
_DOUBT = 1.5
# Weight of each thing else that may be expected, as a natural logarithm, and the surprise from which they are asked.
_TRIAL = -2.3
_LOOK_CLOSER = 1.5

_PLAIN = (
    "is_count", "first", "last", "values", "size", "way", "run", "run_sum", "old_level", "old_until", "shift",
)  # fmt: skip


class Outlook(NamedTuple):
    """What is expected at a time: by the best way, and by each; ``season`` is the mean at this time of other days."""

    frame: Frame
    way: int
    season: float | None
    predictions: tuple[float | None, ...]


class Judgement(NamedTuple):
    """What is made of a value: ``low`` and ``high`` are its surprise as so low and so high a value.

    ``sustained`` is the surprise of it as seen from a slow level, on the side on which it is.
    """

    outlook: Outlook
    measured: Measured
    low: float
    high: float
    sustained: float

    @property
    def typical(self) -> float:
        """What was expected."""
        return self.outlook.frame.typical


class SeriesModel:
    """Level, daily and weekly seasons and residuals of one series; times are epoch seconds, as is ``span``.

    Learns from every value it is shown, the less the further off the value is. However long it has learnt, it is under
    2 KB when packed, which is how series are kept.
    """

    __slots__ = (
        "daily", "first", "last", "levels", "old_level", "old_until", "residual", "run", "run_sum", "shift", "size", "span",
        "stretch", "sustained", "trend", "values", "way", "weekly",
    )  # fmt: skip

    def __init__(self, span: int, is_count: bool) -> None:
        self.span = span
        self.levels = Levels(3)
        self.residual = Residual(is_count)
        self.daily: Daily | None = None
        self.weekly: Weekly | None = None
        self.stretch: Stretch | None = None
        self.first = self.last = 0
        self.values = 0
        self.size = 0.0
        self.way = _ALONE
        self.run = 0
        self.run_sum = 0.0
        self.old_level = 0.0
        self.old_until = 0
        self.shift = 0
        self.trend = Trend()
        self.sustained = Sustained()

    @property
    def is_count(self) -> bool:
        """Whether its values are counts."""
        return self.residual.is_count

    # --- prediction

    def outlook(self, time: int) -> Outlook:
        """What is expected at a time; there must have been a value."""
        season, predictions = self._predictions(time)
        way = self._best(predictions)
        typical = predictions[way]
        assert typical is not None, "the best way has a prediction"
        return Outlook(self._frame(time, typical, way), way, season, predictions)

    def _predictions(self, time: int) -> tuple[float | None, tuple[float | None, ...]]:
        """Mean at this time of other days, and what each way predicts; None where it has not seen this time yet."""
        levels = self.levels
        alone = levels.level(_ALONE)
        if self.daily is None or time - self.first < DAY or (season := self.daily.value(time)) is None:
            return None, (alone, None, None)
        by_day = season + levels.level(_BY_DAY)
        if self.weekly is None or time - self.first < WEEK:
            return season, (alone, by_day, None)
        extra = self.weekly.value(time, levels.spread(_BY_DAY))
        if extra is None:
            return season, (alone, by_day, None)
        return season, (alone, by_day, season + extra + levels.level(_BY_WEEK if levels.is_settled(_BY_WEEK) else _BY_DAY))

    def _best(self, predictions: Sequence[float | None]) -> int:
        """The way to go by."""
        error, best = self.levels.error, _ALONE
        if predictions[_BY_DAY] is not None and self.levels.is_settled(_BY_DAY):
            doubt = _DOUBT / math.sqrt(self.levels.seen[_BY_DAY])
            if error(_BY_DAY) < (1 - doubt) * error(_ALONE):
                best = _BY_DAY
        if predictions[_BY_WEEK] is not None and self.levels.is_settled(_BY_WEEK) and error(_BY_WEEK) < 1.05 * error(best):
            best = _BY_WEEK
        return best

    def _on_trial(self, way: int, best: int, time: int) -> bool:
        """Whether a way other than the best may still be right: while seasons are young, or it is nearly as good."""
        age, error = time - self.first, self.levels.error
        if way == _ALONE:
            return age < 4 * DAY or error(_ALONE) < 1.15 * error(best)
        if way == _BY_DAY:
            return error(_BY_DAY) <= (1.15 if age < 2 * WEEK else 1.05) * error(best) + _LEAST_SPREAD * self.size
        return True

    def _frame(self, time: int, typical: float, way: int) -> Frame:
        stretch = 1.0 if self.stretch is None else self.stretch.value(time)
        least = _LEAST_COUNT_SPREAD if self.is_count else _LEAST_SPREAD * self.size
        return Frame(typical, self.size, max(self.levels.spread(way), least), stretch)

    def bounds(self, outlook: Outlook) -> tuple[float, float]:
        """The range that holds about 95 of 100 values."""
        return self.residual.bounds(outlook.frame)

    # --- judgement

    def judge(self, time: int, value: float) -> Judgement | None:
        """How surprising a value is, learning nothing; None while too little is known."""
        time += self.shift
        if self.values < LEAST_VALUES:
            return None
        outlook = self.outlook(time)
        measured = self.residual.measure(value, outlook.frame)
        low, high = self.residual.surprise(value, outlook.frame, measured)
        if max(low, high) > _LOOK_CLOSER:
            low, high = self._with_others(time, value, outlook, (low, high))
        share = self._share_of_chance()
        return Judgement(outlook, measured, low * share, high * share, self._sustained(value, outlook))

    def _share_of_chance(self) -> float:
        """How surprises count among as many values as were seen: the greatest of many is great by chance."""
        return 1.0 - _BY_CHANCE * math.log10(min(max(self.values, _FEW_VALUES), _MANY_VALUES) / _ORDINARY_VALUES)

    def _seasonless(self, value: float, outlook: Outlook) -> float | None:
        """A value less the seasons of the highest way of all so far; None where that one has no prediction."""
        predicted = outlook.predictions[self.way]
        return None if predicted is None else value - predicted + self.levels.level(self.way)

    def _sustained(self, value: float, outlook: Outlook) -> float:
        """Surprise of how far the value is from the slow level, if it is on the same side of the quick one."""
        residual = self._seasonless(value, outlook)
        if residual is None or self.sustained.is_above(residual) != (value >= outlook.frame.typical):
            return 0.0
        return self.sustained.surprise(residual, outlook.frame.stretch, self.span, self.levels.gain(outlook.way))

    def _with_others(self, time: int, value: float, outlook: Outlook, main: tuple[float, float]) -> tuple[float, float]:
        """Surprise when all that may be expected is weighed."""
        residual = self.residual
        judged = [residual.surprise(value, other, residual.measure(value, other)) for other in self._others(time, outlook)]
        low = mixture([(0.0, main[0]), *((_TRIAL, found[0]) for found in judged)])
        high = mixture([(0.0, main[1]), *((_TRIAL, found[1]) for found in judged)])
        return low, high

    def _others(self, time: int, outlook: Outlook) -> Iterator[Frame]:
        """What else may be expected: by ways on trial, at the level of before, a little sooner or later in the day."""
        frame = outlook.frame
        if outlook.way != _ALONE:
            yield from self._near_in_day(time, frame, outlook.season)
            yield from self._near_in_week(time, outlook)
        for way, typical in enumerate(outlook.predictions):
            if way != outlook.way and typical is not None and self._on_trial(way, outlook.way, time):
                other = self._frame(time, typical, way)
                yield other
                if way == _BY_DAY:
                    yield from self._near_in_day(time, other, outlook.season)
        if time < self.old_until:
            yield frame._replace(typical=frame.typical - self.levels.level(_ALONE) + self.old_level)

    def _near_in_day(self, time: int, frame: Frame, here: float | None) -> Iterator[Frame]:
        """What the season of the day a slot sooner or later would make of a prediction."""
        if self.daily is None or here is None:
            return
        for near in (time - self.daily.grid.length, time + self.daily.grid.length):
            season = self.daily.value(near)
            if season is not None:
                yield frame._replace(typical=frame.typical + season - here)

    def _near_in_week(self, time: int, outlook: Outlook) -> Iterator[Frame]:
        """What the season of the week half a slot sooner or later would make of the prediction."""
        noise = self.levels.spread(_BY_DAY)
        here = self.weekly.value(time, noise) if self.weekly is not None and outlook.way == _BY_WEEK else None
        if self.weekly is None or here is None:
            return
        for near in (time - self.weekly.grid.length // 2, time + self.weekly.grid.length // 2):
            there = self.weekly.value(near, noise)
            if there is not None:
                yield outlook.frame._replace(typical=outlook.frame.typical + there - here)

    # --- learning

    def learn(self, time: int, value: float, judged: Judgement | None = None) -> None:
        """Take a value in; ``judged`` is what :meth:`judge` has just made of it."""
        time += self.shift
        if self.values == 0:
            self.first = time
        self._resize(value)
        outlook = None
        if self.values:
            outlook = self.outlook(time) if judged is None else judged.outlook
            measured = self.residual.measure(value, outlook.frame) if judged is None else judged.measured
            self._learn_residual(time, value, outlook, measured)
        self._learn_levels(value, outlook)
        self._learn_trend(time, value, outlook)
        self._learn_seasons(time, value, outlook)
        self.values += 1
        self.last = time

    def _resize(self, value: float) -> None:
        found = abs(value)
        if self.values > 5 and self.size > 0:
            found = min(found, 5 * self.size)
        self.size += (found - self.size) / min(self.values + 1.0, 300.0)

    def _learn_residual(self, time: int, value: float, outlook: Outlook, measured: Measured) -> None:
        if outlook.way > self.way:
            self._gain_way(outlook.way)
        self.residual.learn(value, outlook.frame, measured, in_run=self.run * measured.signed > 0)
        if self.stretch is not None:
            self.stretch.learn(time, abs(measured.signed) * outlook.frame.stretch)
        residual = self._seasonless(value, outlook)
        if residual is not None:
            self.sustained.learn(residual, outlook.frame.stretch, self.span)
        self._follow_run(time, value - outlook.frame.typical, measured.signed)

    def _gain_way(self, way: int) -> None:
        """Predict in a better way for the first time; when and how widely the old one failed says nothing of the new."""
        self.residual.begin_anew()
        if self.way == _ALONE:
            self.sustained = Sustained()
        if self.stretch is not None:
            self.stretch = Stretch.empty(self.stretch.grid, 1.0)
        self.way = way

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
        if abs(self.run) >= max(_RUN_LEAST, min(_RUN_MOST, DAY // 4 // self.span)):
            self.old_level, self.old_until = self.levels.level(_ALONE), time + WEEK
            self.levels.shift(self.run_sum / abs(self.run))
            self.sustained.settle()
            self.run, self.run_sum = 0, 0.0

    def _learn_levels(self, value: float, outlook: Outlook | None) -> None:
        memory = max(100.0, WEEK / self.span)
        self.levels.learn(_ALONE, value, memory, _MOST_GAIN[_ALONE])
        if outlook is None:
            return
        for way in (_BY_DAY, _BY_WEEK):
            predicted = outlook.predictions[way]
            if predicted is not None:
                if way == _BY_WEEK and not self.levels.is_settled(way):
                    self.levels.inherit(way, _BY_DAY)
                self.levels.learn(way, value - predicted + self.levels.level(way), memory, _MOST_GAIN[way])

    def _learn_trend(self, time: int, value: float, outlook: Outlook | None) -> None:
        if outlook is not None and self.values > LEAST_VALUES:
            reach = 3 * outlook.frame.spread
            value = max(outlook.frame.typical - reach, min(outlook.frame.typical + reach, value))
        self.trend.learn((time - self.first) / DAY, value, self.span)

    def _learn_seasons(self, time: int, value: float, outlook: Outlook | None) -> None:
        if self.span >= DAY // 2 or self.values < LEAST_VALUES:
            return
        if self.daily is None:
            self.daily = Daily.empty(grids(self.span)[0])
        spread = self.levels.spread(_BY_DAY) or self.levels.spread(_ALONE)
        if time - self.first >= DAY:
            if self.weekly is None:
                _, by_week, scale = grids(self.span)
                self.weekly, self.stretch = Weekly.empty(by_week), Stretch.empty(scale, 1.0)
            if outlook is not None and outlook.season is not None:
                self.weekly.learn(time, value - outlook.season, spread)
        self.daily.learn(time, value, spread)

    # --- state

    def state(self) -> dict[str, Any]:
        """Plain data to restore it from."""
        tables = {name: getattr(self, name) for name in ("daily", "weekly", "stretch")}
        return {name: getattr(self, name) for name in _PLAIN} | {
            "levels": self.levels.state(),
            "trend": list(self.trend.sums),
            "sustained": list(self.sustained.numbers),
            "residual": self.residual.state(),
            **{name: None if table is None else table.state() for name, table in tables.items()},
        }

    @classmethod
    def restored(cls, span: int, state: dict[str, Any]) -> SeriesModel:
        """A model as :meth:`state` left it."""
        model = cls(span, state["is_count"])
        for name in _PLAIN[1:]:
            setattr(model, name, state[name])
        model.levels.restore(state["levels"])
        model.trend.sums = array("d", state["trend"])
        model.sustained.numbers = array("d", state["sustained"])
        model.residual.restore(state["residual"])
        for name, kind, grid in zip(("daily", "weekly", "stretch"), (Daily, Weekly, Stretch), grids(span)):
            if state[name] is not None:
                setattr(model, name, kind.empty(grid))
                getattr(model, name).restore(state[name])
        return model
