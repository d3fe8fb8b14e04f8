"""What a detector needs to know about the bucket it scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class ScheduledEvent(NamedTuple):
    """An event of a calendar, from ``start`` to before ``end`` (epoch milliseconds); ``force_time_shift`` is in seconds."""

    description: str
    start: int
    end: int
    skip_result: bool = True
    skip_model_update: bool = True
    force_time_shift: int = 0

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a part of it lies in the time from ``start`` to before ``end``."""
        return self.start < end and self.end > start


class BucketContext(NamedTuple):
    """What a detector needs to know about the bucket it scores.

    :param time: start of the bucket, in epoch seconds.
    :param span: its length in seconds.
    :param learn: whether the bucket is finished, so that models learn from it.
    :param complete: share of the bucket that has passed, for interim results.
    :param skip_result: a scheduled event suppresses results.
    :param skip_update: a scheduled event keeps models from learning.
    :param may_grow: whether there is memory for new series.
    :param filters: items of filters by id, for the scopes of rules.
    """

    time: int
    span: int
    learn: bool = True
    complete: float = 1.0
    skip_result: bool = False
    skip_update: bool = False
    may_grow: bool = True
    filters: Mapping[str, frozenset[str]] = {}
