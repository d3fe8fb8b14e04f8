"""How long things take: opening, closing and deleting a job, as a function of its size.

The figures of the realistic profile, and why:

* ``open`` 600 ms and ``close`` 1 s for an empty job: starting or ending the native process of a real node takes 0.6 s
  (issue 48383 of Elasticsearch) to a few seconds on a busy machine.
* 8 MiB of model a second, both ways: closing compresses the model and indexes it as state documents, opening reads
  them back. A model of 1 GiB takes a little over two minutes to close and as long again to open, which is the
  "several minutes depending upon the size of the job" of the documentation.
* 2 ms a finished bucket: closing prunes the history and renormalises the results, opening reads the quantiles back.
  A year of 15-minute buckets adds 70 s.
* ``delete`` 200 ms and half a millisecond a bucket: a delete by query. ``reset`` is the same, and keeps the job.
* ``upgrade`` of a snapshot 1 s, and the model read and written.
* ``forecast`` 100 ms and a tenth of a millisecond a point of it (``records``).
* ``start_datafeed`` and ``stop_datafeed`` 100 ms: a task is added to the cluster state and given to a node, or taken away.
* ``lookback`` 5 ms a search and 20,000 documents a second (``records`` of the size): what a scroll over a local index and a
  job with one detector manage. Real-time searches take no time of their own.

Nothing takes longer than ten minutes: sizes come of documents, in which a client may have written whatever number, and no size
alone shall make an operation run into its default timeout.

A forced close changes the cluster state and no more: it is done at once, as is everything not named here.
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
    """Milliseconds that an operation takes, and further ones for each time it reads or writes the state, bucket, record."""

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
    """What the duration of an operation depends on."""

    model_bytes: int = 0
    records: int = 0
    buckets: int = 0


# Gets the kind of operation, the job's id and its size; answers milliseconds.
Profile = Callable[[str, str, JobSize], float]


def realistic(kind: str, job_id: str, size: JobSize) -> float:
    """The default profile; see the module's text for its figures."""
    figures = _REALISTIC.get(kind, _AT_ONCE)
    state = size.model_bytes / _MODEL_BYTES_PER_MS + size.buckets * _BUCKET_MS
    took = figures.base + figures.states * state + figures.buckets * size.buckets + figures.records * size.records
    return min(took, _LONGEST_MS)


def none(kind: str, job_id: str, size: JobSize) -> float:
    """Everything is done at once."""
    return 0


PROFILES: dict[str, Profile] = {"realistic": realistic, "none": none}


class Delays:
    """The profile in force, and figures set over it: for a kind of operation, or for one job."""

    def __init__(self, settings: str | Profile | Mapping[str, Any] = "realistic") -> None:
        self._profile: Profile = realistic
        self._name = "realistic"
        self._fixed: dict[str, int] = {}
        self._jobs: dict[str, dict[str, int]] = {}
        self.change(settings)

    def change(self, settings: str | Profile | Mapping[str, Any]) -> None:
        """Take a profile (its name, or a function) or ``{"profile", "open", "close", ..., "jobs": {id: {...}}}``.

        Naming a profile clears the figures set before; nothing changes if any value is bad.

        :raises ClockError: an unknown profile or kind, or a bad duration.
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
        """Milliseconds that an operation of that kind takes for that job."""
        fixed = self._jobs.get(job_id, {}).get(kind, self._fixed.get(kind))
        return fixed if fixed is not None else max(0, round(self._profile(kind, job_id, size)))

    def describe(self) -> dict[str, Any]:
        """The settings in the form that ``change`` takes, durations in milliseconds."""
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
