"""Mutants that no test can tell from the code, each with the reason; they are not run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mutants.mutations import Mutant

_NUMBERED = "the numbers of entries are only compared"
_TIMED = "where there is a bucket there is a time"
_SECONDS = "buckets begin at whole seconds"
_ONE = "it is the only one"
_WHOLE = "an interval that is too long ends with the whole"
_CHUNKS = "self, start: int, end: int, summary: Summary | None, *, scroll_size: int = {}, span: int | None, align: int = 1"

# File and function, the line as it is, what it becomes, and why that changes nothing.
EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "fake_es/timetable.py:__lt__",
        "return (self.at, self.order) < (other.at, other.order)",
        "return (self.at, self.order) <= (other.at, other.order)",
    ): "no two entries have the same order",
    (
        "fake_es/ml/datafeeds/run.py:_default_frequency",
        "if bucket_span <= 2 * _MINUTE:",
        "if bucket_span < 2 * _MINUTE:",
    ): "half of two minutes is a minute",
    (
        "fake_es/ml/datafeeds/run.py:_default_frequency",
        "if bucket_span <= 20 * _MINUTE:",
        "if bucket_span < 20 * _MINUTE:",
    ): "half of twenty minutes is ten",
    ("fake_es/timetable.py:__init__", "self._planned = 0", "self._planned = 1"): _NUMBERED,
    ("fake_es/timetable.py:__init__", "self._planned = 0", "self._planned = -1"): _NUMBERED,
    ("fake_es/timetable.py:plan", "self._planned += 1", "self._planned += 2"): _NUMBERED,
    ("fake_es/ml/results/result_query.py:", "@dataclass(frozen=True)", "@dataclass(frozen=False)"): "nothing assigns to it",
    (
        "fake_es/ml/results/result_query.py:parameters",
        "return (*PAGE, *_DATES_OR_NULL, *order, EXCLUDE_INTERIM, Parameter(self.score, parameters.DOUBLE, 0.0))",
        "return (*PAGE, *_DATES_OR_NULL, *order, EXCLUDE_INTERIM, Parameter(self.score, parameters.DOUBLE, -1.0))",
    ): "only a minimal score above 0 is a filter",
    (
        "fake_es/timetable.py:run_due",
        "if time.monotonic() >= until:",
        "if time.monotonic() > until:",
    ): "a clock of nanoseconds does not stand still for an action",
    (
        "fake_es/timetable.py:run_due",
        "ran, until = False, 0.0",
        "ran, until = True, 0.0",
    ): "a waiting request checks once more, and continues to wait",
    **{
        (
            "fake_es/ml/datafeeds/extraction/chunks.py:__init__",
            _CHUNKS.format(1),
            _CHUNKS.format(size),
        ): "aggregations leave it out, and give the span that it would be needed for"
        for size in (0, 2)
    },
    ("fake_es/ml/datafeeds/extraction/chunks.py:__init__", "self._span = end - start", "self._span = end + start"): _WHOLE,
    (
        "fake_es/ml/datafeeds/extraction/chunks.py:_estimate",
        "return self._end - self._at",
        "return self._end + self._at",
    ): _WHOLE,
    **{
        ("fake_es/ml/datafeeds/extraction/scroll.py:_read", "if len(selections) > 1:", f"if len(selections) {most}:"): (
            "the documents of one index are in order already"
        )
        for most in (">= 1", "> 0")
    },
    (
        "fake_es/clock.py:read_duration",
        "elif isinstance(duration, (int, float)) and not isinstance(duration, bool) and 0 <= duration <= _LAST_INSTANT:",
        "elif isinstance(duration, (int, float)) and not isinstance(duration, bool) and 0 <= duration < _LAST_INSTANT:",
    ): "these are seconds; the milliseconds are held against the last instant afterwards",
    ("fake_es/delays.py:none", "return 0", "return -1"): "what a profile gives below 0 is 0",
    **{
        (
            "fake_es/ml/datafeeds/feeding.py:__init__",
            "self.finished = self._process().flush(Flush()) or 0",
            f"self.finished = self._process().flush(Flush()) or {number}",
        ): "no bucket ends by then, and what is read begins at 0 at the earliest"
        for number in (-1, 1)
    },
    (
        "fake_es/ml/datafeeds/feeding.py:__init__",
        "self._last = max(self.finished - 1, self._process().counts.latest_record_timestamp or 0, 0)",
        "self._last = max(self.finished - 1, self._process().counts.latest_record_timestamp or -1, 0)",
    ): "it is 0 at least",
    **{
        ("fake_es/ml/datafeeds/feeding.py:__init__", "self._records = 0", f"self._records = {number}"): "set by each search"
        for number in (-1, 1)
    },
    **{
        (
            "fake_es/ml/datafeeds/feeding.py:_process",
            "if task is None or task.state != OPENED or task.process is None:",
            after,
        ): "a datafeed runs beside a job that is open or, without a process, failed"
        for after in (
            "if task is None and task.state != OPENED or task.process is None:",
            "if task is None or task.state != OPENED and task.process is None:",
        )
    },
    **{
        ("fake_es/ml/datafeeds/run.py:__init__", "self._begin = 0", f"self._begin = {number}"): "set before it is read"
        for number in (-1, 1)
    },
    (
        "fake_es/ml/datafeeds/run.py:begin",
        "if task is not None and task.state == OPENING and task.due is not None:",
        "if task is not None and task.state == OPENING or task.due is not None:",
    ): "what is due of a job beside which a datafeed starts is its opening",
    (
        "fake_es/ml/datafeeds/run.py:_search",
        "found = True",
        "found = False",
    ): "an error adds nothing to the empty searches, so they are not too many after it either",
    (
        "fake_es/ml/datafeeds/run.py:_search",
        "if end > start:",
        "if end >= start:",
    ): "a search ends where it begins only before the first that is made: no empty ones are counted yet",
    (
        "fake_es/ml/datafeeds/delayed_data.py:",
        "_QUARTER_MS, _TWO_HOURS_MS = 900_000, 7_200_000",
        "_QUARTER_MS, _TWO_HOURS_MS = 900001, 7_200_000",
    ): "searches are whole seconds apart",
    (
        "fake_es/ml/datafeeds/delayed_data.py:",
        "_QUARTER_MS, _TWO_HOURS_MS = 900_000, 7_200_000",
        "_QUARTER_MS, _TWO_HOURS_MS = 900_000, 7199999",
    ): "the window is made longer until it begins with a bucket",
    **{
        ("fake_es/ml/datafeeds/delayed_data.py:__init__", "self._checked = 0", f"self._checked = {number}"): (
            "the clock of no test is at a quarter of an hour of 1970"
        )
        for number in (-1, 1)
    },
    (
        "fake_es/security/index_access.py:check_alias",
        "if self._rights is None or self._caller is None:",
        "if self._rights is None and self._caller is None:",
    ): "there are rights where there is a caller, as aliases are no matter of the cluster",
    (
        "fake_es/ml/engine/data_gatherer.py:_key_maker",
        "one = places[0] if len(places) == 1 else None",
        "one = places[ -1] if len(places) == 1 else None",
    ): _ONE,
    (
        "fake_es/ml/engine/data_gatherer.py:_rows",
        "return columns[0] if len(columns) == 1 else zip(*columns)",
        "return columns[ -1] if len(columns) == 1 else zip(*columns)",
    ): _ONE,
    (
        "fake_es/ml/engine/data_gatherer.py:features",
        'if bucket.weights is not None and wanted[0].name == "mean":',
        'if bucket.weights is not None and wanted[ -1].name == "mean":',
    ): _ONE,
    (
        "fake_es/ml/engine/engine.py:__init__",
        'self._skip_before: int = state.get("skip_before", 0)',
        'self._skip_before: int = state.get("skip_before", -1)',
    ): _SECONDS,
    (
        "fake_es/ml/engine/engine.py:feeding",
        "for at in [*(at for at in range(1, len(starts)) if starts[at] != starts[at - 1]), len(starts)]:",
        "for at in [*(at for at in range( 0, len(starts)) if starts[at] != starts[at - 1]), len(starts)]:",
    ): "no records are added to the first bucket, before its own are",
    (
        "fake_es/ml/engine/engine.py:_add",
        "if config is not None and self._categorizers is not None:",
        "if config is not None or self._categorizers is not None:",
    ): "both are there or neither is",
    (
        "fake_es/ml/engine/engine.py:_finished",
        "for filled in [*sorted(at for at in self._open if first <= at < limit), limit]:",
        "for filled in [*sorted(at for at in self._open if first <= at <= limit), limit]:",
    ): "the limit is there anyway",
    (
        "fake_es/ml/engine/engine.py:_process",
        "complete = min(1.0, max(0.0, ((self._latest or 0) + 1 - start) / self._span)) if is_interim else 1.0",
        "complete = min(1.0, max(0.0, ((self._latest or 1) + 1 - start) / self._span)) if is_interim else 1.0",
    ): _TIMED,
    (
        "fake_es/ml/engine/engine.py:_process",
        "complete = min(1.0, max(0.0, ((self._latest or 0) + 1 - start) / self._span)) if is_interim else 1.0",
        "complete = min(1.0, max(0.0, ((self._latest or -1) + 1 - start) / self._span)) if is_interim else 1.0",
    ): _TIMED,
    (
        "fake_es/ml/engine/engine.py:_process",
        "time_shift = sum(event.force_time_shift for event in events if start <= event.start < end)",
        "time_shift = sum(event.force_time_shift for event in events if start <= event.start <= end)",
    ): "events that begin with the next bucket are not among these",
    ("fake_es/ml/engine/engine.py:flushing", "first = request.start or 0", "first = request.start or -1"): _SECONDS,
    (
        "fake_es/ml/engine/engine.py:flushing",
        "last = request.end if request.end is not None else (self._latest or 0) + 1",
        "last = request.end if request.end is not None else (self._latest or 1) + 1",
    ): _TIMED,
    (
        "fake_es/ml/engine/engine.py:flushing",
        "last = request.end if request.end is not None else (self._latest or 0) + 1",
        "last = request.end if request.end is not None else (self._latest or -1) + 1",
    ): _TIMED,
    (
        "fake_es/ml/engine/engine.py:flushing",
        "last = request.end if request.end is not None else (self._latest or 0) + 1",
        "last = request.end if request.end is not None else (self._latest or 0) + 2",
    ): "no bucket in progress begins after the latest record",
    (
        "fake_es/ml/engine/engine.py:_skip_to",
        "self._skip_before = self._next = max(start, self._next or 0)",
        "self._skip_before = self._next = max(start, self._next or -1)",
    ): "start is 0 at least",
    (
        "fake_es/ml/engine/engine.py:_skip_to",
        "self._latest = max(start, self._latest or 0)",
        "self._latest = max(start, self._latest or 1)",
    ): _SECONDS,
    (
        "fake_es/ml/engine/engine.py:_skip_to",
        "self._latest = max(start, self._latest or 0)",
        "self._latest = max(start, self._latest or -1)",
    ): _SECONDS,
    (
        "fake_es/ml/engine/engine.py:_process",
        "complete = min(1.0, max(0.0, ((self._latest or 0) + 1 - start) / self._span)) if is_interim else 1.0",
        "complete = min(1.0, max( -1.0, ((self._latest or 0) + 1 - start) / self._span)) if is_interim else 1.0",
    ): "no bucket in progress begins after the latest record",
}

# The same of every file: a pattern of the line, an arrow and the line as it becomes, and why.
_EVERYWHERE = (
    (r"@lru_cache\(maxsize=\d+\) -> @lru_cache\(maxsize= ?\d+\)", "how much is remembered changes no answer"),
    (r"(.*)\((\d+), 0\)(.*) -> \1\(\2, -1\)\3", "there is no release between N-1.last and N.0"),
    (r"(.*)\(5, 4\)(.*) -> \1\((?:5, 3| ?4, 4)\)\2", "5.4 is the oldest release"),
    (r"(.*)version >= (\(\d+, \d+\).*) -> \1version > \2", "a release has three numbers and equals no pair"),
    (r"(.*)version >= (_[A-Z_]+SINCE.*) -> \1version > \2", "a release has three numbers and equals no pair"),
    (r"(.*)version < (\(\d+, \d+\).*) -> \1version <= \2", "a release has three numbers and equals no pair"),
)


def reason_to_skip(mutant: Mutant) -> str | None:
    """Why a mutant is not run; None if it is."""
    for pattern, reason in _EVERYWHERE:
        if re.fullmatch(pattern, f"{mutant.before} -> {mutant.after}"):
            return reason
    return EQUIVALENT.get((f"{mutant.module}:{mutant.place}", mutant.before, mutant.after))
