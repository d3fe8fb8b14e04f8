"""Durations of operations such as opening, closing and deleting a job, as a function of the job's size.

The values of the realistic profile, and their reasons:

* ``open`` 600 ms and ``close`` 1 s for an empty job. On a real node the native process takes 0.6 s to start or end (issue 48383
  of Elasticsearch), and a few seconds on a busy machine.
* 8 MiB of model per second: closing compresses the model and indexes it as state documents, and opening reads them.
  A model of 1 GiB takes a little over two minutes to close, and the same time to open. The documentation says
  "several minutes depending upon the size of the job".
* 2 ms per finished bucket: closing prunes the history and renormalizes the results, opening reads the quantiles.
  A year of 15-minute buckets adds 70 s.
* ``delete`` 200 ms and 0.5 ms per bucket: a delete by query. ``reset`` is the same.
* ``upgrade`` of a snapshot 1 s, and the time for reading and writing the model.
* ``forecast`` 100 ms and 0.1 ms per point (``records``).
* ``start_datafeed`` and ``stop_datafeed`` 100 ms: the cluster state changes, and a node starts or ends a task.
* ``lookback`` 5 ms per search and 20,000 documents per second (``records`` of the size). This is the speed of a scroll over
  a local index and a job with one detector. Searches in real time take no time.

No operation takes longer than ten minutes. Sizes come from documents, in which a client may write any number. A size alone must
not exceed the default timeout of an operation.


A forced close and all operations that are not listed take no time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from fake_es.clock import ClockError, read_duration

KINDS = ("open", "close", "delete", "start_datafeed", "stop_datafeed", "lookback", "reset", "upgrade", "forecast")
_MODEL_BYTES_PER_MS = 8 * 1024 * 1024 / 1000
_BUCKET_MS = 2.0
# A third of the default timeouts (30 minutes).
_LONGEST_MS = 10 * 60 * 1000


class _Figures(NamedTuple):
    """Milliseconds of an operation: a base, and more per reading or writing of the state, per bucket and per record."""

    base: float
    states: int = 0
    buckets: float = 0
    records: float = 0


_AT_ONCE = _Figures(0)
_REALISTIC = {
    "open": _Figures(600, states=1),
    "close": _Figures(1000, states=1),
    "delete": _Figures(200, buckets=1 / 2),
    "start_datafeed": _Figures(100),
    "stop_datafeed": _Figures(100),
    "lookback": _Figures(5, records=1 / 20),
    "reset": _Figures(200, buckets=1 / 2),
    "upgrade": _Figures(1000, states=2),
    "forecast": _Figures(100, records=1 / 10),
}


class JobSize(NamedTuple):
    """The size of a job, on which the duration of an operation depends."""

    model_bytes: int = 0
    records: int = 0
    buckets: int = 0


# Gets the kind of operation, the job's id and its size; returns milliseconds.
Profile = Callable[[str, str, JobSize], float]


def realistic(kind: str, job_id: str, size: JobSize) -> float:
    """The default profile. The docstring of the module has its values."""
    figures = _REALISTIC.get(kind, _AT_ONCE)
    state = size.model_bytes / _MODEL_BYTES_PER_MS + size.buckets * _BUCKET_MS
    took = figures.base + figures.states * state + figures.buckets * size.buckets + figures.records * size.records
    return min(took, _LONGEST_MS)


def none(kind: str, job_id: str, size: JobSize) -> float:
    """A profile in which no operation takes time."""
    return 0


PROFILES: dict[str, Profile] = {"realistic": realistic, "none": none}


class Delays:
    """The present profile, and fixed durations that override it, for a kind of operation or for one job."""

    def __init__(self, settings: str | Profile | Mapping[str, Any] = "realistic") -> None:
        self._profile: Profile = realistic
        self._name = "realistic"
        self._fixed: dict[str, int] = {}
        self._jobs: dict[str, dict[str, int]] = {}
        self._settings = settings
        self.change(settings)

    def restart(self) -> None:
        """Go back to the settings at the start."""
        self._take(realistic, "realistic", {}, {})
        self.change(self._settings)

    def change(self, settings: str | Profile | Mapping[str, Any]) -> None:
        """Set a profile (a name or a function), or durations: ``{"profile", "open", "close", ..., "jobs": {id: {...}}}``.

        A profile deletes earlier durations. If a value is invalid, nothing changes.

        :raises ClockError: an unknown profile or kind, or an invalid duration.
        """
        if callable(settings):
            self._take(settings, "custom", {}, {})
        elif isinstance(settings, str):
            self._take(_profile(settings), settings, {}, {})
        elif isinstance(settings, Mapping):
            self._merge(dict(settings))
        else:
            raise ClockError(f"[{settings}] is no delay profile")

    def _merge(self, settings: dict[str, Any]) -> None:
        profile = settings.pop("profile", None)
        jobs = settings.pop("jobs", {})
        if not isinstance(jobs, Mapping):
            raise ClockError(f"[jobs] must be an object of job ids, not [{jobs}]")
        fixed = _figures(settings)
        per_job = {str(job_id): _figures(figures) for job_id, figures in jobs.items()}
        if profile is not None:
            self._take(_profile(profile), str(profile), fixed, per_job)
            return
        self._fixed.update(fixed)
        for job_id, figures in per_job.items():
            self._jobs[job_id] = self._jobs.get(job_id, {}) | figures

    def _take(self, profile: Profile, name: str, fixed: dict[str, int], jobs: dict[str, dict[str, int]]) -> None:
        self._profile, self._name, self._fixed, self._jobs = profile, name, fixed, jobs

    def duration(self, kind: str, job_id: str, size: JobSize) -> int:
        """Milliseconds that an operation of this kind takes for this job."""
        fixed = self._jobs.get(job_id, {}).get(kind, self._fixed.get(kind))
        return fixed if fixed is not None else max(0, round(self._profile(kind, job_id, size)))

    def describe(self) -> dict[str, Any]:
        """The settings in the form of ``change``, with durations in milliseconds."""
        jobs = {job_id: _spelt(figures) for job_id, figures in self._jobs.items()}
        return {"profile": self._name, **_spelt(self._fixed), **({"jobs": jobs} if jobs else {})}


def _spelt(figures: Mapping[str, int]) -> dict[str, str]:
    return {kind: f"{milliseconds}ms" for kind, milliseconds in figures.items()}


def _profile(name: Any) -> Profile:
    if not isinstance(name, str) or name not in PROFILES:
        raise ClockError(f"unknown delay profile [{name}]: there are {', '.join(PROFILES)}")
    return PROFILES[name]


def _figures(settings: Any) -> dict[str, int]:
    if not isinstance(settings, Mapping):
        raise ClockError(f'delays must be an object such as {{"close": "4m"}}, not [{settings}]')
    unknown = sorted(set(settings) - set(KINDS))
    if unknown:
        raise ClockError(f"unknown delay [{unknown[0]}]: there are {', '.join(KINDS)}")
    return {kind: read_duration(value) for kind, value in settings.items()}
