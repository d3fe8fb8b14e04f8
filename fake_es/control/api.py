"""``/_fake``: clock, delays, failures, licence and reset, for tests that only have HTTP.

No real server has this prefix. With security on, it needs the privilege ``all`` on the cluster and on every index.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from fake_es.clock import Clock, ClockError, VirtualClock, read_duration, read_instant
from fake_es.cluster import LICENCES, Cluster
from fake_es.control import failing, messages
from fake_es.licence.licence import Licence
from fake_es.ml.job_store.jobs import OPENED, Jobs
from fake_es.security.denials import CONTROL
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.human import iso_instant
from fake_es.wire.operation import BodyUse, Route, operation


def read_object(call: Call, known: Collection[str] | None) -> dict[str, Any]:
    """The body: an object with fields of ``known`` (None: any fields).

    :raises IllegalArgument: the body is not an object, or has other fields.
    """
    tree = call.json_body().tree()
    if not isinstance(tree, dict):
        raise IllegalArgument(messages.NO_OBJECT)
    for name in tree:
        if known is not None and name not in known:
            raise IllegalArgument(messages.UNKNOWN_SETTING.format(name=name, known=", ".join(known)))
    return tree


@operation("fake.info", routes=[Route("GET", "/_fake")], action=CONTROL)
def info(call: Call, cluster: Cluster) -> Any:
    """Release, clock, delays and number of jobs."""
    from fake_es import __version__

    return {
        "name": "fake-es",
        "version": __version__,
        "elasticsearch": str(call.version),
        "security": cluster.settings.security,
        "jobs": len(cluster.part(Jobs)),
        "clock": _clock(cluster.clock),
        "delays": cluster.delays.describe(),
    }


@operation("fake.reset", routes=[Route("POST", "/_fake/reset")], action=CONTROL, body=BodyUse.OPTIONAL)
def reset(call: Call, cluster: Cluster) -> Any:
    """Delete everything that requests have created: jobs, results, indices, users. With ``all`` reset the rest too."""
    everything = (read_object(call, ("all",)) if call.body else {}).get("all", False)
    if not isinstance(everything, bool):
        raise IllegalArgument(messages.NOT_A_BOOLEAN.format(name="all", value=everything))
    cluster.reset(everything=everything)
    return {"acknowledged": True}


def _clock(clock: Clock) -> dict[str, Any]:
    now = clock.now()
    shown = {"now": iso_instant(now), "epoch_ms": now, "mode": clock.mode, "auto": clock.auto, "speed": clock.speed}
    if clock.tick is not None:
        shown["tick"] = clock.tick if isinstance(clock.tick, str) else f"{clock.tick}ms"
    return shown


@operation("fake.get_clock", routes=[Route("GET", "/_fake/clock")], action=CONTROL)
def get_clock(call: Call, cluster: Cluster) -> Any:
    """The time, and how it passes."""
    return _clock(cluster.clock)


@operation("fake.move_clock", routes=[Route("POST", "/_fake/clock")], action=CONTROL, body=BodyUse.REQUIRED)
def move_clock(call: Call, cluster: Cluster) -> Any:
    """Move the clock by ``advance``, or to ``set``; ``auto`` sets whether waiting requests move it."""
    settings = read_object(call, ("advance", "set", "auto"))
    clock = cluster.clock
    auto = settings.get("auto", clock.auto)
    if not isinstance(auto, bool):
        raise IllegalArgument(messages.NOT_A_BOOLEAN.format(name="auto", value=auto))
    if "auto" in settings and not isinstance(clock, VirtualClock):
        raise IllegalArgument(messages.NOT_VIRTUAL.format(mode=clock.mode))
    try:
        target = read_instant(settings["set"]) if "set" in settings else clock.now()
        clock.set(target + (read_duration(settings["advance"]) if "advance" in settings else 0))
    except ClockError as error:
        raise IllegalArgument(str(error)) from None
    clock.auto = auto
    return _clock(clock)


@operation("fake.get_delays", routes=[Route("GET", "/_fake/delays")], action=CONTROL)
def get_delays(call: Call, cluster: Cluster) -> Any:
    """The delay profile, and the figures that replace parts of it."""
    return cluster.delays.describe()


@operation("fake.put_delays", routes=[Route("PUT", "/_fake/delays")], action=CONTROL, body=BodyUse.REQUIRED)
def put_delays(call: Call, cluster: Cluster) -> Any:
    """Choose a profile, or set how long an operation takes, for all jobs or for one."""
    try:
        cluster.delays.change(read_object(call, None))
    except ClockError as error:
        raise IllegalArgument(str(error)) from None
    return cluster.delays.describe()


def _licence(cluster: Cluster) -> dict[str, Any]:
    licence = cluster.part(Licence)
    current, now = licence.current, cluster.clock.now()
    if current is None:
        return {"type": None, "status": "missing", "ml": False}
    expires = None if current.expires is None else iso_instant(current.expires)
    return {"type": current.type, "status": current.status(now), "expires": expires, "ml": licence.allows("ml")}


_LICENCE = ("/_fake/licence", "/_fake/license")


@operation("fake.get_licence", routes=[Route("GET", path) for path in _LICENCE], action=CONTROL)
def get_licence(call: Call, cluster: Cluster) -> Any:
    """The licence, and whether it has machine learning."""
    return _licence(cluster)


@operation("fake.put_licence", routes=[Route("PUT", path) for path in _LICENCE], action=CONTROL, body=BodyUse.REQUIRED)
def put_licence(call: Call, cluster: Cluster) -> Any:
    """Set a licence of the given ``type``; ``expired`` is a trial that has ended."""
    kind = read_object(call, ("type",)).get("type")
    if kind not in LICENCES:
        raise IllegalArgument(messages.NO_LICENCE.format(value=kind, known=", ".join(LICENCES)))
    cluster.part(Licence).choose(kind, call.now)
    return _licence(cluster)


@operation("fake.fail_job", routes=[Route("POST", "/_fake/jobs/{job_id}/_fail")], action=CONTROL, body=BodyUse.OPTIONAL)
def fail_job(call: Call, cluster: Cluster) -> Any:
    """Let a job's process die: now, or with ``during`` (``opening``, ``closing``) when it next is in that state."""
    settings = read_object(call, ("during", "reason")) if call.body else {}
    reason = str(settings.get("reason", failing.REASON))
    failing.fail_job(cluster, call.path_parameters["job_id"], settings.get("during", OPENED), reason)
    return {"acknowledged": True}
