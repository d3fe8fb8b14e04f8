"""The fault rules of a cluster: ``fake.faults``, ``FakeElasticsearch(faults=[...])`` and ``/_fake/faults``."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fake_es.cluster import Cluster
from fake_es.control import messages
from fake_es.control.fault_effects import Hit
from fake_es.control.fault_rules import Fault, FaultError, FaultFields
from fake_es.wire.call import Call
from fake_es.wire.similarity import similar

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Faults:
    """The rules, in the order in which they were added. The first rule that hits a request is the only one for it.

    Requests to ``/_fake`` are never hit. A reset of the cluster keeps the rules.
    """

    def __init__(self, cluster: Cluster, initial: Iterable[tuple[str, Mapping[str, Any]]] = ()) -> None:
        """``initial`` are names with their fields.

        :raises FaultError: a rule is a bad one.
        """
        self._cluster = cluster
        self._initial = list(initial)
        self._rules: dict[str, Fault] = {}
        # Counts are changed by several threads, while the lock of the cluster is not held.
        self._lock = threading.Lock()
        self.restart()

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[Fault]:
        return iter(list(self._rules.values()))

    def __getitem__(self, name: str) -> Fault:
        """A rule by its name.

        :raises KeyError: there is no such rule.
        """
        return self._rules[name]

    def add(self, name: str, /, **fields: Unpack[FaultFields]) -> Fault:
        """Add a rule: ``fake.faults.add("busy", operation="ml.close_job", times=1, error="no_ml_capacity")``.

        :param fields: which requests it hits, when, and what happens: see ``FaultFields``.
        :raises FaultError: a field has a bad value, the rule would have no effect, or the name is in use.
        """
        if name in self._rules:
            raise FaultError(messages.FAULT_EXISTS.format(name=name))
        return self.put(name, fields)

    def put(self, name: str, fields: Mapping[str, Any]) -> Fault:
        """Add a rule, or replace the one of this name: then its counts begin again.

        :raises FaultError: a field has a bad value, or the rule would have no effect.
        """
        fault = Fault(name, fields, self._cluster.version, self._cluster.clock.now())
        with self._lock:
            self._rules[name] = fault
        return fault

    def list(self) -> list[Fault]:
        """All rules with their counts."""
        return list(self._rules.values())

    def remove(self, name: str) -> None:
        """Remove a rule.

        :raises FaultError: there is no such rule.
        """
        with self._lock:
            if self._rules.pop(name, None) is None:
                raise FaultError(messages.NO_FAULT.format(name=name))

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules.clear()

    def restart(self) -> None:
        """Go back to the rules of ``FakeElasticsearch(faults=[...])``, with new counts."""
        self.clear()
        for name, fields in self._initial:
            self.add(name, **fields)

    def never_fired(self) -> str | None:
        """Which of the rules with ``strict`` never fired, one line each; None if all of them did."""
        called = [entry.operation or "" for entry in self._cluster.journal]
        lines = []
        for fault in self:
            if fault.strict and not fault.fired:
                nearest = _nearest(fault, called)
                said = {"seen": fault.seen, "calls": len(called), "nearest": nearest}
                lines.append(messages.NEVER_FIRED.format(name=fault.name, **said))
        return "\n".join(lines) or None

    def apply(self, call: Call) -> None:
        """Apply the first rule that hits the call, before it is carried out.

        :raises Replaced: the rule gives the answer.
        """
        if not self._rules or call.path == "/_fake" or call.path.startswith("/_fake/"):
            return
        with self._lock:
            now = self._cluster.clock.now()
            fault = next((each for each in self._rules.values() if each.hits(call, now)), None)
        if fault is not None:
            call.fault = hit = Hit(fault, call, self._cluster)
            hit.begin()


def _nearest(fault: Fault, called: Iterable[str]) -> str:
    """Which operation a rule may have meant that no call fitted; empty if none is similar."""
    operation = fault.fields.get("operation", "")
    found = [] if fault.seen else similar(operation, called)
    return messages.NEAREST_OPERATION.format(operation=operation, nearest=found[0]) if found else ""


def faults_of(cluster: Cluster) -> Faults:
    """The rules of a cluster."""
    if not isinstance(cluster.faults, Faults):
        cluster.faults = Faults(cluster)
    return cluster.faults


def read_faults(cluster: Cluster, given: Iterable[Mapping[str, Any]]) -> None:
    """Add rules from dicts of fields with a ``name``; without a name a rule gets ``fault-1``, ``fault-2`` and so on.

    :raises FaultError: a rule is no dict, or a bad one.
    """
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        raise FaultError(messages.NO_FAULT_LIST.format(value=given))
    rules = []
    for number, rule in enumerate(given, 1):
        if not isinstance(rule, Mapping):
            raise FaultError(messages.NO_FAULT_LIST.format(value=rule))
        fields = dict(rule)
        rules.append((fields.pop("name", f"fault-{number}"), fields))
    cluster.faults = Faults(cluster, rules)
