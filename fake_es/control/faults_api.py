"""``/_fake/faults``: rules for requests that go wrong, for tests that only have HTTP."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.control import messages
from fake_es.control.api import read_object
from fake_es.control.fault_rules import FaultError
from fake_es.control.faults import faults_of
from fake_es.security.denials import CONTROL
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import IllegalArgument, ResourceNotFound
from fake_es.wire.operation import BodyUse, Route, operation

_ONE = "/_fake/faults/{name}"


@operation("fake.get_faults", routes=[Route("GET", "/_fake/faults")], action=CONTROL)
def get_faults(call: Call, cluster: Cluster) -> Any:
    """All rules, with how many requests each has ``seen`` that fit it, and how often it has ``fired``."""
    faults = faults_of(cluster)
    return {"count": len(faults), "faults": [fault.to_json() for fault in faults]}


@operation("fake.get_fault", routes=[Route("GET", _ONE)], action=CONTROL)
def get_fault(call: Call, cluster: Cluster) -> Any:
    """One rule with its counts."""
    name = call.path_parameters["name"]
    try:
        return faults_of(cluster)[name].to_json()
    except KeyError:
        raise ResourceNotFound(messages.NO_FAULT.format(name=name)) from None


@operation("fake.put_fault", routes=[Route("PUT", _ONE)], action=CONTROL, body=BodyUse.REQUIRED)
def put_fault(call: Call, cluster: Cluster) -> Any:
    """Add a rule, or replace the one of this name."""
    faults, name = faults_of(cluster), call.path_parameters["name"]
    created = all(fault.name != name for fault in faults)
    try:
        fault = faults.put(name, read_object(call, None))
    except FaultError as error:
        raise IllegalArgument(str(error)) from None
    return Answer(201 if created else 200, fault.to_json())


@operation("fake.delete_fault", routes=[Route("DELETE", _ONE)], action=CONTROL)
def delete_fault(call: Call, cluster: Cluster) -> Any:
    """Remove a rule."""
    try:
        faults_of(cluster).remove(call.path_parameters["name"])
    except FaultError as error:
        raise ResourceNotFound(str(error)) from None
    return {"acknowledged": True}


@operation("fake.delete_faults", routes=[Route("DELETE", "/_fake/faults")], action=CONTROL)
def delete_faults(call: Call, cluster: Cluster) -> Any:
    """Remove all rules."""
    faults_of(cluster).clear()
    return {"acknowledged": True}
