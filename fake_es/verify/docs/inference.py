"""Guesses which set-ups a request needs from its path, for snippets whose page names none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from fake_es.verify.suite import Send, Step

_ID = r"(?P<id>[^/?_%*,][^/?,*]*)"
_ML = r"/(?:_xpack/)?_?ml"
_JOB = rf"{_ML}/anomaly_detectors/{_ID}"
_FEED = rf"{_ML}/datafeeds/{_ID}"
_CALENDAR = rf"{_ML}/calendars/{_ID}"

# A pattern of "METHOD path" and the set-ups to try for it, the smallest first.
_NEEDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (rf"(PUT) {_JOB}", ()),
    (rf"POST {_JOB}/_(close|flush|data|forecast)", ("open_job:{id}", "fed_job:{id}")),
    (rf"POST {_JOB}/model_snapshots/(?P<other>[^/]+)/.*", ("snapshot:{id}:{other}",)),
    (rf"(GET|DELETE|POST) {_JOB}/model_snapshots/(?P<other>[^/]+)", ("snapshot:{id}:{other}",)),
    (rf"(GET|POST) {_JOB}/model_snapshots", ("closed_job:{id}",)),
    (rf"DELETE {_JOB}/_forecast(/(?P<other>[^/]+))?", ("forecast_job:{id}:{other}", "fed_job:{id}")),
    (rf"(GET|POST) {_JOB}/results/categories.*", ("categorized_job:{id}",)),
    # Two hours of data produce only buckets.
    (rf"(GET|POST) {_JOB}/results/(records|influencers)", ("analysed_job:{id}", "open_job:{id}")),
    (rf"(GET|POST) {_JOB}/results/.*", ("analysed_job:{id}", "fed_job:{id}", "open_job:{id}")),
    (rf"GET {_JOB}/_stats", ("fed_job:{id}", "open_job:{id}", "job:{id}")),
    (rf"(GET|POST|DELETE) {_JOB}(/.*)?", ("job:{id}", "closed_job:{id}", "fed_job:{id}", "open_job:{id}")),
    (rf"POST {_FEED}/_stop", ("started_datafeed:{id}", "datafeed:{id}")),
    (rf"POST {_FEED}/_start", ("startable_datafeed:{id}",)),
    (rf"GET {_FEED}/_stats", ("started_datafeed:{id}", "datafeed:{id}")),
    (rf"(GET|POST|DELETE) {_FEED}(/.*)?", ("datafeed:{id}",)),
    (rf"PUT {_CALENDAR}/jobs/(?P<other>[^/]+)", ("calendar_beside_job:{id}:{other}",)),
    (rf"DELETE {_CALENDAR}/jobs/(?P<other>[^/]+)", ("calendar_job:{id}:{other}",)),
    (rf"\w+ {_CALENDAR}/events/(?P<other>[^/]+)", ("calendar_event:{id}:{other}",)),
    (rf"(GET|POST|DELETE) {_CALENDAR}(/.*)?", ("calendar:{id}", "calendar_events:{id}")),
    (rf"(GET|POST|DELETE) {_ML}/filters/{_ID}(/.*)?", ("filter:{id}",)),
)
_PATTERNS = tuple((re.compile(pattern), names) for pattern, names in _NEEDS)
_RESOURCE = re.compile(rf"{_ML}/(data_frame/)?\w+/[^/]+")
_PUT_FEED = re.compile(rf"PUT {_FEED}")


def likely_setups(steps: Iterable[Step], making: Callable[[str], list[str]]) -> Iterator[tuple[str, ...]]:
    """Lists of set-ups that the requests in the steps may need, to be tried one after another.

    Resources that the steps create themselves get no set-up.

    :param making: returns the set-ups that create the resource at a path; they are tried first.
    """
    sends = [step for step in steps if isinstance(step, Send)]
    makers = dict.fromkeys(name for send in sends for name in making(_resource(send)) if send.method != "PUT")
    yield from ((name,) for name in makers)
    made = {_path(send) for send in sends if send.method == "PUT"}
    needs = [names for send in sends if (names := [name for name in _of_request(send) if not _is_made(send, made)])]
    depth = max(map(len, needs), default=0)
    for index in range(depth):
        chosen = [names[min(index, len(names) - 1)] for names in needs]
        yield tuple(dict.fromkeys(chosen))


def _of_request(send: Send) -> list[str]:
    line = f"{send.method} {_path(send)}"
    if _PUT_FEED.fullmatch(line):
        return [f"job:{job}" for job in _job_named(send.body)]
    for pattern, names in _PATTERNS:
        found = pattern.fullmatch(line)
        if found is not None:
            groups = {name: unquote(text) for name, text in found.groupdict().items() if text}
            return [name.format(**groups) for name in names if all(f"{{{key}}}" not in name or key in groups for key in _KEYS)]
    return []


_KEYS = ("id", "other")


def _path(send: Send) -> str:
    return send.target.partition("?")[0].rstrip("/")


def _resource(send: Send) -> str:
    """Path of the job, datafeed, calendar or filter of a request."""
    found = _RESOURCE.match(_path(send))
    return found[0] if found else _path(send)


def _is_made(send: Send, made: set[str]) -> bool:
    return any(path != _path(send) and _path(send).startswith(f"{path}/") for path in made)


def _job_named(body: str) -> list[str]:
    try:
        job = json.loads(body).get("job_id") if body else None
    except (ValueError, AttributeError):
        return []
    return [job] if isinstance(job, str) else []
