"""The session of one test: its stash, the last answer, and how steps are carried out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from fake_es.verify import messages
from fake_es.verify.assertions import check
from fake_es.verify.bodies import encode_body
from fake_es.verify.catches import PARAM, check_status
from fake_es.verify.connection import Connection, Reply
from fake_es.verify.examples import compare, read_example
from fake_es.verify.java_text import java_text
from fake_es.verify.outcome import Failed, Skipped
from fake_es.verify.requests import Apis, RefusedParameters, Request
from fake_es.verify.suite import Call, Check, Closeness, Do, Eventually, Example, Send, Step, Store
from fake_es.verify.values import Stash, transformed, value_at
from fake_es.verify.varying import Varying, default_varying
from fake_es.verify.warning_headers import check_warnings
from fake_es.wire.errors import NotImplementedHere

# Maximal seconds for ``eventually`` steps, and seconds between their first two tries (``EventuallySection``).
_LONGEST_WAIT, _FIRST_PAUSE = 10.0, 0.001

# Called with each successful comparison: the step, its data, the answer. It may raise AssertionError.
ExampleObserver = Callable[[Example, Any, Any], None]

# Lets this number of seconds pass.
Pause = Callable[[float], None]

# Called with each answer that a step accepted: API, request, answer. It may raise AssertionError.
Observer = Callable[[str, Request, Reply], None]


class Session:
    """Carries out the steps of one test.

    :param strict: whether unexpected warnings are failures.
    :param varying: the fields of examples that vary; by default those of the package's table.
    :param pause: lets some seconds pass on the cluster's clock.
    """

    def __init__(
        self,
        connection: Connection,
        apis: Apis,
        *,
        strict: bool,
        observer: Observer | None = None,
        varying: Varying | None = None,
        example_observer: ExampleObserver | None = None,
        pause: Pause = time.sleep,
    ) -> None:
        self._connection = connection
        self._pause = pause
        self._apis = apis
        self._strict = strict
        self._observer = observer
        self._varying = varying
        self._example_observer = example_observer
        self._stash = Stash()
        self._body: Any = None

    def forget(self) -> None:
        """Delete the last answer and all stashed values."""
        self._stash.clear()
        self._body = None

    def carry_out(self, step: Step) -> None:
        """Carry out a step.

        :raises AssertionError: the step fails.
        :raises Skipped: fake_es does not emulate something that the step needs.
        """
        if isinstance(step, (Do, Send)):
            self._do(step)
        elif isinstance(step, Eventually):
            self._eventually(step)
        elif isinstance(step, Example):
            self._compare(step)
        elif isinstance(step, Check):
            check(step.kind, step.field, self._actual(step.field), self._stash.resolve(step.expected))
        elif isinstance(step, Store):
            self._stash.keep(step.name, self._actual(step.field))
        else:
            self._stash.keep(step.name, transformed(step.expression, self._body))

    def _eventually(self, step: Eventually) -> None:
        """Try steps until they hold, with longer and longer pauses."""
        pause, left = _FIRST_PAUSE, _LONGEST_WAIT
        while True:
            try:
                return self._carry_out_all(step.steps)
            except AssertionError:
                if left <= 0:
                    raise
            self._pause(pause)
            left, pause = left - pause, min(2 * pause, left - pause)

    def _carry_out_all(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self.carry_out(step)

    def _actual(self, field: str) -> Any:
        if self._stash.refers(field):
            return self._stash.resolve(field)
        # A text, such as a table of _cat, has no fields.
        if isinstance(self._body, str) and field:
            return None
        return value_at(self._body, field, self._stash.resolve)

    def _do(self, do: Call) -> None:
        request = self._request(do) if isinstance(do, Do) else self._request_as_it_stands(do)
        if request is None:
            return
        given = do.headers if isinstance(do, Do) else {}
        headers = {name.lower(): str(value) for name, value in self._stash.resolve(given).items()}
        reply = self._send(request, headers)
        self._keep(reply, headers)
        # For a HEAD request, 404 is an answer and not an error.
        ignored = do.ignore if isinstance(do, Do) else frozenset[int]()
        check_status(do, reply, ignored | {404} if request.method == "HEAD" else ignored)
        check_warnings(do, reply, strict=self._strict)
        if isinstance(do, Send) and do.checks_shards:
            self._check_shards()
        if self._observer is not None:
            self._observer(do.api, request, reply)

    def _request(self, do: Do) -> Request | None:
        """The request of a step; None if its parameters are refused and ``catch: param`` expects this."""
        parameters = {"error_trace": True} | do.parameters
        raw = parameters.pop("body", None)
        body = None if raw is None else encode_body(raw, self._stash.resolve)
        try:
            request = self._apis.request(do.api, self._stash.resolve(parameters), body)
        except RefusedParameters as refusal:
            if do.catch == PARAM:
                return None
            raise Failed(str(refusal)) from None
        if do.catch == PARAM:
            raise Failed(messages.PARAMETERS_TAKEN.format(api=do.api))
        return request

    def _request_as_it_stands(self, send: Send) -> Request:
        """The request of a step without the name of an API."""
        target = java_text(self._stash.resolve(send.target))
        if "error_trace" not in target:
            target += f"{'&' if '?' in target else '?'}error_trace=true"
        return Request(send.method, target, encode_body(send.body, self._stash.resolve) if send.body else None)

    def _check_shards(self) -> None:
        shards = self._body.get("_shards") if isinstance(self._body, dict) else None
        if isinstance(shards, dict):
            check("is_false", "_shards.failures", shards.get("failures"), None)

    def _compare(self, example: Example) -> None:
        expected = read_example(example.text, elisions=example.closeness is not Closeness.EXACT)
        resolved = self._stash.resolve(expected)
        compare(example, resolved, self._body, self._varying or default_varying())
        if self._example_observer is not None:
            self._example_observer(example, resolved, self._body)

    def _send(self, request: Request, headers: dict[str, str]) -> Reply:
        if request.body is None:
            return self._connection.send(request.method, request.target, headers)
        typed = {"content-type": request.body.media_type} | headers
        return self._connection.send(request.method, request.target, typed, request.body.data)

    def _keep(self, reply: Reply, headers: dict[str, str]) -> None:
        self._body = reply.body
        self._stash.keep("body", reply.body)
        if headers:
            self._stash.keep("request_headers", headers)
        error = reply.body.get("error") if isinstance(reply.body, dict) else None
        if isinstance(error, dict) and error.get("type") == NotImplementedHere.type:
            raise Skipped(messages.NOT_EMULATED.format(what=error.get("reason")))
