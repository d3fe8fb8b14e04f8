"""Runs the tests of a suite one by one: conditions, setup, steps, teardown, clean-up.

Source of the order: ``ESClientYamlSuiteTestCase`` of the server.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fake_es.verify import messages
from fake_es.verify.cleanup import Cleanup, leave
from fake_es.verify.conditions import Environment, unmet
from fake_es.verify.connection import Connection
from fake_es.verify.outcome import Failed, Outcome, Place, Result, Skipped
from fake_es.verify.requests import Apis
from fake_es.verify.session import ExampleObserver, Observer, Pause, Session
from fake_es.verify.suite import Section, Step, Suite, calls_of
from fake_es.verify.varying import Varying
from fake_es.version import Version, parse_version


class Runner:
    """Runs suites against a cluster.

    :param connection: connection to the cluster.
    :param version: release of the cluster; by default the cluster is asked.
    :param security: whether it has the security APIs.
    :param cleanup: called after each test; by default nothing is cleaned.
    :param observer: called with each answer that a step accepted; it may raise AssertionError.
    :param varying: the fields of examples that vary; by default those of the package's table.
    :param example_observer: called with each example that was compared successfully; it may raise AssertionError.
    :param pause: lets some seconds pass on the cluster's clock.
    :raises Failed: the cluster does not answer, or does not tell its release.
    :raises UnknownVersionError: the release is unknown.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        version: Version | None = None,
        security: bool = True,
        cleanup: Cleanup = leave,
        observer: Observer | None = None,
        varying: Varying | None = None,
        example_observer: ExampleObserver | None = None,
        pause: Pause = time.sleep,
    ) -> None:
        self._connection = connection
        self._cleanup = cleanup
        self.version = version or _ask_version(connection)
        self._apis = Apis(self.version, security)
        self._environment = Environment(self.version, self._capable)
        self._new_session = partial(
            Session,
            connection,
            self._apis,
            observer=observer,
            varying=varying,
            example_observer=example_observer,
            pause=pause,
        )

    def run(self, suite: Suite) -> Iterator[Result]:
        """Run all tests of a suite in order."""
        return (self.run_section(suite, section) for section in suite.sections)

    def run_section(self, suite: Suite, section: Section) -> Result:
        """Run one test."""
        name = f"{suite.path}/{section.name}"
        refusal = self._refusal(suite, section)
        if refusal is not None:
            place, reason = refusal
            return Result(Outcome.SKIPPED, name, place, reason)
        # The clients' runners do not check warnings.
        session = self._new_session(strict=not suite.for_clients)
        return _Run(suite, section, session, name).result(self._connection, self._cleanup)

    def _refusal(self, suite: Suite, section: Section) -> tuple[Place, str] | None:
        """Why a test cannot run here, and the place of the condition."""
        parts = (suite.setup, suite.teardown, section)
        conditions = [*suite.conditions, *(condition for part in parts for condition in part.conditions)]
        found = unmet(conditions, self._environment)
        if found is not None:
            return found[0].place, found[1]
        for step in (call for part in parts for call in calls_of(part.steps)):
            reason = self._apis.missing([step.api])
            if reason is not None:
                return step.place, reason
        return None

    def _capable(self, capability: dict[str, Any]) -> bool | None:
        lists = {name: ",".join(map(str, value)) if isinstance(value, list) else value for name, value in capability.items()}
        reply = self._connection.send("GET", f"/_capabilities?{urlencode({'method': 'GET'} | lists)}", {})
        supported = reply.body.get("supported") if isinstance(reply.body, dict) and reply.status == 200 else None
        return supported if isinstance(supported, bool) else None


class _Run:
    """One running test."""

    def __init__(self, suite: Suite, section: Section, session: Session, name: str) -> None:
        self._suite = suite
        self._section = section
        self._session = session
        self._name = name

    def result(self, connection: Connection, cleanup: Cleanup) -> Result:
        """Run the test. Teardown and clean-up always follow; if the test passed, they must not fail."""
        result = self._passes() or Result(Outcome.PASSED, self._name, self._section.place)
        late = self._part(self._suite.teardown, messages.TEARDOWN)
        try:
            cleanup(connection)
        except Failed as failure:
            reason = messages.CLEANUP.format(reason=failure)
            late = late or Result(Outcome.FAILED, self._name, self._section.place, reason)
        return late if late is not None and result.outcome is Outcome.PASSED else result

    def _passes(self) -> Result | None:
        self._session.forget()
        failure = self._part(self._suite.setup)
        if failure is None:
            self._session.forget()
            failure = self._part(self._section)
        return failure

    def _part(self, part: Section, wording: str = "{reason}") -> Result | None:
        """Carry out the steps of a part up to the first failure. Return None if all hold."""
        results = (self._step(step, wording) for step in part.steps)
        return next((result for result in results if result is not None), None)

    def _step(self, step: Step, wording: str) -> Result | None:
        try:
            self._session.carry_out(step)
        except Skipped as reason:
            return Result(Outcome.SKIPPED, self._name, step.place, str(reason))
        except AssertionError as failure:
            return Result(Outcome.FAILED, self._name, step.place, wording.format(reason=failure), failure=failure)
        return None


def _ask_version(connection: Connection) -> Version:
    reply = connection.send("GET", "/", {})
    version = reply.body.get("version") if isinstance(reply.body, dict) else None
    if not isinstance(version, dict):
        raise Failed(messages.NO_VERSION.format(text=reply.text))
    return parse_version(str(version.get("number")).partition("-")[0])
