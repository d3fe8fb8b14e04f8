"""``/_fake/calls``: what the code under test has asked of the cluster, for tests that only have HTTP."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.control import messages
from fake_es.control.api import read_object
from fake_es.control.calls import Calls
from fake_es.control.exports import FORMS, export
from fake_es.security.denials import CONTROL
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.operation import BodyUse, Route, operation
from fake_es.wire.parameters import Parameter


@operation(
    "fake.get_calls",
    routes=[Route("GET", "/_fake/calls")],
    action=CONTROL,
    query=[Parameter("operation", parameters.TEXT), Parameter("size", parameters.INT, 1000)],
)
def get_calls(call: Call, cluster: Cluster) -> Any:
    """The last calls, the oldest first; only those of an ``operation`` (``*`` stands for any text), at most ``size``."""
    found = Calls(cluster.journal).of(call.params["operation"])
    size = max(0, call.params["size"])
    return {"count": len(found), "calls": [each.to_json() for each in found[len(found) - size :]] if size else []}


@operation("fake.delete_calls", routes=[Route("DELETE", "/_fake/calls")], action=CONTROL)
def delete_calls(call: Call, cluster: Cluster) -> Any:
    """Forget all calls so far."""
    Calls(cluster.journal).clear()
    return {"acknowledged": True}


@operation("fake.verify_calls", routes=[Route("POST", "/_fake/calls/verify")], action=CONTROL, body=BodyUse.REQUIRED)
def verify_calls(call: Call, cluster: Cluster) -> Any:
    """Whether an ``operation`` was called (``times``: how often exactly) ``with`` these values, or several in an ``order``."""
    asked = read_object(call, ("operation", "times", "with", "order"))
    operation, times, wanted, order = (asked.get(name) for name in ("operation", "times", "with", "order"))
    calls = Calls(cluster.journal)
    if isinstance(order, list) and order and all(isinstance(name, str) for name in order) and len(asked) == 1:
        wrong = calls.check_order(order)
    elif (
        isinstance(operation, str)
        and (times is None or (isinstance(times, int) and not isinstance(times, bool) and times >= 0))
        and isinstance(wanted, (dict, type(None)))
        and order is None
    ):
        wrong = calls.check(operation, times, wanted or {})
    else:
        raise IllegalArgument(messages.NOTHING_TO_VERIFY)
    return {"verified": wrong is None} | ({} if wrong is None else {"reason": wrong})


@operation("fake.export_calls", routes=[Route("GET", "/_fake/calls/_export/{form}")], action=CONTROL)
def export_calls(call: Call, cluster: Cluster) -> Any:
    """The calls as a script of ``curl`` commands, as ``console`` snippets, or as a ``pytest`` test."""
    form = call.path_parameters["form"]
    if form not in FORMS:
        raise IllegalArgument(messages.UNKNOWN_FORM.format(value=form, known=", ".join(FORMS)))
    return Answer(200, export(Calls(cluster.journal), form))
