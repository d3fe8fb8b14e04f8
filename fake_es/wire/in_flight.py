"""The limit for the bodies of all current requests together (the circuit breaker of requests in flight)."""

from __future__ import annotations

import threading

from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.sizes import size_text


class CircuitBreaking(ElasticsearchError):
    """A request needs more memory than allowed (``CircuitBreakingException``): 429, up to 6.x 503.

    The text is that of ``ChildMemoryCircuitBreaker``. The older text, up to about 5.5, is not emulated.
    """

    type = "circuit_breaking_exception"

    def __init__(self, wanted: int, limit: int, version: tuple[int, ...]) -> None:
        breaker = "inflight_requests" if version >= (8, 0) else "in_flight_requests"
        super().__init__(
            f"[{breaker}] Data too large, data for [<http_request>] would be [{wanted}/{size_text(wanted)}],"
            f" which is larger than the limit of [{limit}/{size_text(limit)}]",
            status=429 if version >= (7, 0) else 503,
            bytes_wanted=wanted,
            bytes_limit=limit,
        )
        if version >= (7, 0):
            self.metadata["durability"] = "TRANSIENT"


class InFlight:
    """Counts the bytes of the bodies of all current requests; used by all threads.

    :param limit: maximal number of bytes.
    """

    def __init__(self, limit: int, version: tuple[int, ...]) -> None:
        self._limit = limit
        self._version = version
        self._lock = threading.Lock()
        self._taken = 0

    def take(self, size: int) -> None:
        """Add ``size`` bytes.

        :raises CircuitBreaking: the sum would be above the limit; then nothing is added.
        """
        with self._lock:
            wanted = self._taken + size
            if wanted > self._limit:
                raise CircuitBreaking(wanted, self._limit, self._version)
            self._taken = wanted

    def release(self, size: int) -> None:
        """Subtract ``size`` bytes."""
        with self._lock:
            self._taken -= size
