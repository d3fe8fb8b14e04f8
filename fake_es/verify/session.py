"""One test under way: its stash, the last answer, and what each step does with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.verify import messages
from fake_es.verify.assertions import check
from fake_es.verify.bodies import encode_body
from fake_es.verify.catches import PARAM, check_status
from fake_es.verify.connection import Connection, Reply
from fake_es.verify.outcome import Failed, Skipped
from fake_es.verify.requests import Apis, RefusedParameters, Request
from fake_es.verify.suite import Check, Do, Step, Store
from fake_es.verify.values import Stash, transformed, value_at
from fake_es.verify.warning_headers import check_warnings
from fake_es.wire.errors import NotImplementedHere

# Is told of every answer that a step accepted: API, request, answer. May raise AssertionError.
Observer = Callable[[str, Request, Reply], None]


class Session:
    """Carries out steps.

    :param strict: whether warnings that no step names make it fail.
    """

    def __init__(self, connection: Connection, apis: Apis, *, strict: bool, observer: Observer | None) -> None:
        self._connection = connection
        self._apis = apis
        self._strict = strict
        self._observer = observer
        self._stash = Stash()
        self._body: Any = None

    def forget(self) -> None:
        """Let go of the last answer and of all that was kept."""
        self._stash.clear()
        self._body = None

    def carry_out(self, step: Step) -> None:
        """Do what a step says.

        :raises AssertionError: it does not hold.
        :raises Skipped: the double says that it does not emulate what the step needs.
        """
        if isinstance(step, Do):
            self._do(step)
        elif isinstance(step, Check):
            check(step.kind, step.field, self._actual(step.field), self._stash.resolve(step.expected))
        elif isinstance(step, Store):
            self._stash.keep(step.name, self._actual(step.field))
        else:
            self._stash.keep(step.name, transformed(step.expression, self._body))

    def _actual(self, field: str) -> Any:
        if self._stash.refers(field):
            return self._stash.resolve(field)
        # Below a text, such as the tables of _cat, there is nothing.
        if isinstance(self._body, str) and field:
            return None
        return value_at(self._body, field, self._stash.resolve)

    def _do(self, do: Do) -> None:
        request = self._request(do)
        if request is None:
            return
        headers = {name.lower(): str(value) for name, value in self._stash.resolve(do.headers).items()}
        reply = self._send(request, headers)
        self._keep(reply, headers)
        # Absence is an answer to a HEAD request, not an error.
        check_status(do, reply, do.ignore | {404} if request.method == "HEAD" else do.ignore)
        check_warnings(do, reply, strict=self._strict)
        if self._observer is not None:
            self._observer(do.api, request, reply)

    def _request(self, do: Do) -> Request | None:
        """The request of a step; None if its parameters are refused, as ``catch: param`` expects."""
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
