"""How far a document may grow while it is changed: pipelines and scripts can double it at every step.

The server goes on until its memory is full. What stops a request before that is a circuit breaker, whose refusal this is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.script import messages
from fake_es.wire.errors import ElasticsearchError, IllegalArgument
from fake_es.wire.sizes import size_text

# Bytes that one document may take for all that is done to it. Each value counts as so many, beside its text, and each step.
MOST = 64 * 1024 * 1024
_VALUE = 256
STEP = 1024


class CircuitBreaking(ElasticsearchError):
    """More memory is asked for than there is (``CircuitBreakingException``): 503 up to 6.x, then 429."""

    type = "circuit_breaking_exception"

    def __init__(self, what: str, wanted: int, limit: int, release: tuple[int, ...]) -> None:
        metadata: dict[str, Any] = {"bytes_wanted": wanted, "bytes_limit": limit}
        if release >= (7, 0):
            metadata["durability"] = "TRANSIENT"
        shown = {"what": what, "wanted": f"{wanted}/{size_text(wanted)}", "limit": f"{limit}/{size_text(limit)}"}
        status = 429 if release >= (7, 0) else 503
        super().__init__(messages.DATA_TOO_LARGE.format(**shown), status=status, **metadata)


def _nothing() -> None:
    """Done between two steps where nobody is to be let in."""


class Growth:
    """Counts what is done to one document; ``what`` names that in a refusal, ``between`` is called again and again."""

    __slots__ = ("_between", "_release", "_taken", "_what")

    def __init__(self, what: str, release: tuple[int, ...], between: Callable[[], None] = _nothing) -> None:
        self._what = what
        self._release = release
        self._between = between
        self._taken = 0

    def take(self, size: int) -> None:
        """Count a value of ``size`` bytes, before it is made.

        :raises CircuitBreaking: it is too much, together with what was counted before.
        """
        self._taken += size + _VALUE
        if self._taken > MOST:
            raise CircuitBreaking(self._what, self._taken, MOST, self._release)
        self._between()

    def copy(self, value: Any) -> Any:
        """A copy of a value, all of it counted.

        :raises CircuitBreaking: it is too much.
        """
        self.weigh(value)
        return copied(value)

    def weigh(self, value: Any) -> None:
        """Count all that a value holds, what it holds twice twice, as if it was written down.

        :raises CircuitBreaking: it is too much.
        :raises IllegalArgument: it holds itself.
        """
        waiting = [value]
        try:
            while waiting:
                part = waiting.pop()
                self.take(len(part) if isinstance(part, str) else 0)
                if isinstance(part, dict):
                    self.take(sum(map(len, part)))
                    waiting.extend(part.values())
                elif isinstance(part, list):
                    waiting.extend(part)
        except CircuitBreaking:
            if _holds_itself(value):
                raise IllegalArgument(messages.SELF_REFERENCE) from None
            raise


def _holds_itself(value: Any) -> bool:
    """Whether a container is somewhere inside itself."""
    around: set[int] = set()
    done: set[int] = set()
    waiting: list[tuple[Any, bool]] = [(value, False)]
    while waiting:
        value, is_left = waiting.pop()
        if not isinstance(value, (dict, list)):
            continue
        if is_left:
            around.discard(id(value))
            done.add(id(value))
        elif id(value) in around:
            return True
        elif id(value) not in done:
            around.add(id(value))
            waiting.append((value, True))
            waiting.extend((inner, False) for inner in (value.values() if isinstance(value, dict) else value))
    return False


def copied(value: Any) -> Any:
    """A copy of JSON data, quicker than ``deepcopy``."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value
