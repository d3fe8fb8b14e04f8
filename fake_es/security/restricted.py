"""Indices that need ``allow_restricted_indices`` (``RestrictedIndicesNames``, later ``RestrictedIndices``)."""

from __future__ import annotations

from functools import lru_cache

from fake_es.patterns.wildcards import simple_match

_SECURITY = (".security", ".security-6", ".security-7", ".security-tokens", ".security-tokens-7")
# From 8.0 those of the system: of ML's own its configurations and models, not what it writes for others to read.
_SYSTEM = (
    ".security*", ".async-search*", ".tasks*", ".ml-config*", ".ml-meta*", ".ml-inference-*", ".watches*",
    ".triggered_watches*", ".kibana_*", ".fleet-*", ".geoip_databases*", ".transform-internal-*", ".logstash*", ".synonyms*",
)  # fmt: skip


@lru_cache(maxsize=4096)
def is_restricted(name: str, version: tuple[int, ...]) -> bool:
    """Whether a name (no pattern) is that of a restricted index."""
    if not name.startswith(".") or "*" in name:
        return False
    if version >= (8, 0):
        return any(simple_match(name, pattern) for pattern in _SYSTEM)
    return name in _SECURITY or (version >= (7, 7) and name.startswith(".async-search"))
