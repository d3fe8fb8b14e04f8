"""What detectors are told of the bucket that they look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Circumstances(NamedTuple):
    """``time`` is the start of the bucket in epoch seconds, ``span`` its length in seconds.

    :param learn: whether the bucket is finished and may teach the model.
    :param complete: share of the bucket that has passed, for interim results.
    :param skip_result: an event of a calendar says that there shall be no results.
    :param skip_update: an event of a calendar says that nothing shall be learnt.
    :param may_grow: whether there is memory for new series.
    :param filters: items of filters by their ids, for rules.
    """

    time: int
    span: int
    learn: bool = True
    complete: float = 1.0
    skip_result: bool = False
    skip_update: bool = False
    may_grow: bool = True
    filters: Mapping[str, frozenset[str]] = {}
