"""What the models of all detectors have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from fake_es.ml.engine.analysis import Detector, ModelPlot
from fake_es.ml.engine.anomalies import DetectorResults
from fake_es.ml.engine.bucket_context import BucketContext
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.data_gatherer import Key
from fake_es.ml.engine.detectors.frequent import FrequentValues
from fake_es.ml.engine.functions import FUNCTIONS, Function
from fake_es.ml.engine.rules import SKIP_RESULT, SKIP_UPDATE, Rules

# Members of a sample from which models learn where one series has very many values in one bucket.
SAMPLE = 50


class DetectorModel(ABC):
    """Scores the buckets of one detector, one after another, and learns from them.

    :param window: seconds after which a series without data is pruned; None keeps it.
    """

    def __init__(self, detector: Detector, span: int, plot: ModelPlot, window: int | None) -> None:
        self.detector = detector
        self.function: Function = FUNCTIONS[detector.function]
        self.span = span
        self.plot = plot
        self.window = window
        self.rules = Rules(detector)
        self.frequent = FrequentValues(detector)
        #: New series that there was no memory for.
        self.refused = 0

    @abstractmethod
    def process(self, bucket: Bucket, context: BucketContext) -> DetectorResults:
        """Score a bucket, and learn from it if it is finished."""

    @abstractmethod
    def state(self) -> Any:
        """Plain data to restore it from."""

    @abstractmethod
    def restore(self, state: Any) -> None:
        """Take over what :meth:`state` returned."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of its series."""

    def shift_time(self, seconds: int) -> None:  # noqa: B027
        """Shift the time of its models; does nothing where time plays no part."""

    def decide(self, key: Key, actual: float, typical: float, context: BucketContext) -> tuple[bool, bool]:
        """Whether a value may be reported, and whether it may be learnt, by calendars, rules and frequency."""
        actions = self.rules.actions(key, actual, typical, context) if self.rules else frozenset()
        report = not (context.skip_result or SKIP_RESULT in actions or key in self.frequent)
        learn = context.learn and not (context.skip_update or SKIP_UPDATE in actions)
        return report, learn

    def is_plotted(self, key: Key) -> bool:
        """Whether the model plot includes a series."""
        return self.plot.enabled and (not self.plot.terms or bool(self.plot.terms.intersection(key[:2])))
