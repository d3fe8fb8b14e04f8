"""Limits the memory that pipelines and scripts use for one document: each step can double its size.

On the server, a circuit breaker stops such a request before the memory is full. The error here is that of the server.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.wire.errors import ElasticsearchError, IllegalArgument
from fake_es.wire.sizes import size_text

DATA_TOO_LARGE = "[parent] Data too large, data for [{what}] would be [{wanted}], which is larger than the limit of [{limit}]"
SELF_REFERENCE = "Iterable object is self-referencing itself"

# Bytes that all steps on one document may use together, and the bytes counted for each value (besides its text) and each step.
MOST = 64 * 1024 * 1024
_VALUE = 256
STEP = 1024


class CircuitBreaking(ElasticsearchError):
    """The request needs too much memory (``CircuitBreakingException``): 429, up to 6.x 503."""

    type = "circuit_breaking_exception"

    def __init__(self, what: str, wanted: int, limit: int, release: tuple[int, ...]) -> None:
        metadata: dict[str, Any] = {"bytes_wanted": wanted, "bytes_limit": limit}
        if release >= (7, 0):
            metadata["durability"] = "TRANSIENT"
        shown = {"what": what, "wanted": f"{wanted}/{size_text(wanted)}", "limit": f"{limit}/{size_text(limit)}"}
        status = 429 if release >= (7, 0) else 503
        super().__init__(DATA_TOO_LARGE.format(**shown), status=status, **metadata)


class CircuitBreaker:
    """Counts the bytes used for one document.

    :param what: ``pipeline`` or ``script``, as the error names it.
    :param between: called after each addition, so that other requests can be let in.
    """

    __slots__ = ("_between", "_release", "_taken", "_what")

    def __init__(self, what: str, release: tuple[int, ...], between: Callable[[], object] = lambda: None) -> None:
        self._what = what
        self._release = release
        self._between = between
        self._taken = 0

    def add(self, size: int) -> None:
        """Count a value of ``size`` bytes, before it is created.

        :raises CircuitBreaking: the sum is above the limit.
        """
        self._taken += size + _VALUE
        if self._taken > MOST:
            raise CircuitBreaking(self._what, self._taken, MOST, self._release)
        self._between()

    def copy(self, value: Any) -> Any:
        """A copy of a value; the bytes of the copy are counted.

        :raises CircuitBreaking: the sum is above the limit.
        """
        self.add_value(value)
        return copied(value)

    def add_value(self, value: Any) -> None:
        """Count a value with everything inside it, as often as it would be written as JSON.

        :raises CircuitBreaking: the sum is above the limit.
        :raises IllegalArgument: the value contains itself.
        """
        waiting = [value]
        try:
            while waiting:
                part = waiting.pop()
                self.add(len(part) if isinstance(part, str) else 0)
                if isinstance(part, dict):
                    self.add(sum(map(len, part)))
                    waiting.extend(part.values())
                elif isinstance(part, list):
                    waiting.extend(part)
        except CircuitBreaking:
            if _contains_itself(value):
                raise IllegalArgument(SELF_REFERENCE) from None
            raise


def _contains_itself(value: Any) -> bool:
    """Whether an object or list in ``value`` contains itself, at whatever depth."""
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
    """A copy of JSON data; faster than ``deepcopy``."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value
