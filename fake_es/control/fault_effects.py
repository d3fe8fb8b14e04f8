"""What a fault rule does to a request that it hits."""

from __future__ import annotations

import threading
from contextlib import suppress

from fake_es.cluster import Cluster
from fake_es.control.failing import REASON, fail_job
from fake_es.control.fault_presets import PRESETS, Answer
from fake_es.control.fault_rules import UNANSWERED, Fault
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.faults import ConnectionFault, Replaced
from fake_es.wire.render import Response, render_error

_NO_ANSWER = Response(0, [], b"")
# What an item of a bulk or msearch gets if the rule names no error.
_ITEM_ERROR = "rejected"


class Hit:
    """A rule that has hit a call; ``started`` is the clock's time before its delay."""

    def __init__(self, fault: Fault, call: Call, cluster: Cluster) -> None:
        self.name = fault.name
        self.started = call.now
        self._fault = fault
        self._fields = fault.fields
        self._call = call
        self._cluster = cluster
        self._places = fault.places(call)

    def begin(self) -> None:
        """Everything that happens before the request is carried out. No lock is held.

        :raises Replaced: the rule answers in place of the server.
        """
        if self._fault.delay is not None:
            self._wait(self._fault.random.randint(*self._fault.delay), real=self._fields.get("real", False))
        if "fail" in self._fields:
            self._fail()
        if self._fields.get("connection") in UNANSWERED:
            raise Replaced(_NO_ANSWER)
        if not self._places and ("error" in self._fields or "status" in self._fields):
            raise Replaced(self._response(self._error()))

    def item_error(self, place: int) -> ElasticsearchError | None:
        """The error of an item of a bulk or msearch, by its place from 0; None if it has none."""
        if place not in self._places:
            return None
        error = self._error()
        return error if isinstance(error, ElasticsearchError) else None

    def deliver(self, response: Response, door: str) -> Response:
        """The answer on its way to the client.

        :raises ConnectionFault: the connection breaks, or it is a slow one: only a server can send slowly.
        """
        kind, rate = self._fields.get("connection"), self._fields.get("bytes_per_second", 0)
        if kind is not None:
            raise ConnectionFault(kind, response, rate)
        if rate and door == "socket":
            raise ConnectionFault("slow", response, rate)
        if rate:
            self._wait(len(response.body) * 1000 // rate, real=False)
        return response

    def _wait(self, milliseconds: int, *, real: bool) -> None:
        if real:
            # Not ``time.sleep``, which the fixture ``fake_es_sleep`` replaces.
            threading.Event().wait(milliseconds / 1000)
        elif milliseconds:
            with self._cluster.lock:
                self._cluster.wait_until(lambda: False, milliseconds)

    def _fail(self) -> None:
        """Let the jobs of the request fail. If one cannot fail now, the request says so itself."""
        names = getattr(self._call, "path_parameters", {}).get("job_id", "")
        with self._cluster.lock:
            for job_id in names.split(","):
                with suppress(ElasticsearchError):
                    fail_job(self._cluster, job_id, self._fields["fail"], self._fields.get("reason", REASON))
            self._cluster.tell()

    def _error(self) -> Answer:
        fields = self._fields
        if "status" in fields:
            # ``type`` belongs to the class of an error.
            named = type("InjectedError", (ElasticsearchError,), {"type": fields.get("type", "status_exception")})
            error: ElasticsearchError = named(fields.get("reason", f"fault [{self.name}]"), status=fields["status"])
            return error
        return PRESETS[fields.get("error", _ITEM_ERROR)].make(self._call, self._cluster)

    def _response(self, answer: Answer) -> Response:
        if not isinstance(answer, Response):
            answer = render_error(self._call, answer, detailed=self._cluster.settings.detailed_errors)
        given = self._fields.get("headers", {})
        names = {name.lower() for name in given}
        kept = [header for header in answer.headers if header[0].lower() not in names]
        body = b"" if self._call.method == "HEAD" else answer.body
        return answer._replace(headers=[*kept, *given.items()], body=body)
