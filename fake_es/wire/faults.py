"""What the steps of a request and the doors know of faults that a test has asked for. ``control.faults`` has the rules."""

from __future__ import annotations

from typing import Protocol

from fake_es.wire.call import Call
from fake_es.wire.render import Response


class FaultRules(Protocol):
    """The rules of one cluster."""

    def apply(self, call: Call) -> None:
        """Apply the first rule that hits the call, before it is carried out.

        :raises Replaced: the rule gives the answer.
        """

    def restart(self) -> None:
        """Go back to the rules that the cluster had at its start."""


class Replaced(Exception):  # noqa: N818 - it is no error, but the answer
    """The answer to a request that is not carried out. Status 0 stands for no answer at all."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class ConnectionFault(ConnectionError):
    """The connection breaks instead of giving the answer. Each door does, or raises, what its client sees.

    * ``kind``: one of ``control.fault_rules.CONNECTIONS``, or ``slow``.
    * ``response``: the answer of the server, of which a part may be sent; status 0 if the request was not carried out.
    * ``rate``: bytes per second of a slow answer.
    """

    def __init__(self, kind: str, response: Response, rate: int = 0) -> None:
        super().__init__(_TEXTS.get(kind, "Connection reset by peer"))
        self.kind = kind
        self.response = response
        self.rate = rate

    @property
    def is_timeout(self) -> bool:
        """Whether the client waits for an answer that never comes."""
        return self.kind.startswith("no_answer")

    @property
    def is_cut(self) -> bool:
        """Whether the client gets a part of the answer."""
        return self.kind in ("reset_in_answer", "half_body")


_TEXTS = {"half_body": "Connection closed in the middle of the answer"} | dict.fromkeys(
    ("no_answer", "no_answer_after"), "Read timed out"
)
