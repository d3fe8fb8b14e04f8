"""What all kinds of detectors have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from fake_es.ml.engine.analysis import Detector, ModelPlot
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.detectors.frequent import Frequent
from fake_es.ml.engine.findings import Outcome
from fake_es.ml.engine.functions import FUNCTIONS, Function
from fake_es.ml.engine.gather import Key
from fake_es.ml.engine.rules import SKIP_RESULT, SKIP_UPDATE, Rules


class Analyser(ABC):
    """Judges the buckets of one detector, one after another, and learns from them.

    :param window: seconds after which a series that says nothing any more is forgotten; None keeps it.
    """

    def __init__(self, detector: Detector, span: int, plot: ModelPlot, window: int | None) -> None:
        self.detector = detector
        self.function: Function = FUNCTIONS[detector.function]
        self.span = span
        self.plot = plot
        self.window = window
        self.rules = Rules(detector)
        self.frequent = Frequent(detector)
        # New series that there was no memory for.
        self.refused = 0

    @abstractmethod
    def observe(self, bucket: Bucket, now: Circumstances) -> Outcome:
        """Judge a bucket, and learn from it if it is finished."""

    @abstractmethod
    def series(self) -> Iterator[Key]:
        """Keys of the series it has a model for."""

    @abstractmethod
    def state(self) -> Any:
        """Plain data to restore it from."""

    @abstractmethod
    def restore(self, state: Any) -> None:
        """Take up what :meth:`state` left."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of its series."""

    def shift(self, seconds: int) -> None:  # noqa: B027
        """Shift the time of its models; nothing where time plays no part."""

    def decide(self, key: Key, actual: float, typical: float, now: Circumstances) -> tuple[bool, bool]:
        """Whether a result may be reported and whether the value may be learnt, by calendar, rules and frequency."""
        actions = self.rules.actions(key, actual, typical, now) if self.rules else frozenset()
        report = not (now.skip_result or SKIP_RESULT in actions or key in self.frequent)
        learn = now.learn and not (now.skip_update or SKIP_UPDATE in actions)
        return report, learn

    def plots(self, key: Key) -> bool:
        """Whether a series is to be plotted."""
        return self.plot.enabled and (not self.plot.terms or bool(self.plot.terms.intersection(key[:2])))
