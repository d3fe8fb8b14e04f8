"""The delay of a datafeed that names none: drawn from its job's id, so that it is the same on every cluster."""

from __future__ import annotations

from fake_es.ml.common.java_random import JavaRandom, string_hash

# ``DatafeedConfig.Builder.MIN_DEFAULT_QUERY_DELAY`` and its counterpart, in milliseconds.
_LEAST, _BELOW = 60_000, 120_000


def default_query_delay(job_id: str, version: tuple[int, ...]) -> str:
    """A minute up to 5.x, then between one and two of them: ``61499ms``."""
    if version < (6, 0):
        return "1m"
    return f"{JavaRandom(string_hash(job_id)).long_between(_LEAST, _BELOW)}ms"
