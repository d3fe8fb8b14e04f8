"""The table of all kinds of processors."""

from __future__ import annotations

from types import ModuleType

from fake_es.ingest import date_processors, field_processors, flow_processors, pattern_processors, text_processors
from fake_es.ingest.processor import ProcessorType

_MODULES: tuple[ModuleType, ...] = (
    field_processors, text_processors, date_processors, flow_processors, pattern_processors,
)  # fmt: skip
_KINDS = {value.name: value for module in _MODULES for value in vars(module).values() if isinstance(value, ProcessorType)}
# Processors of Elasticsearch that are not emulated, with the first release that has them.
_UNSUPPORTED: dict[str, tuple[int, ...]] = {
    "attachment": (8, 4), "bytes": (6, 4), "circle": (7, 4), "community_id": (7, 12), "csv": (7, 6), "enrich": (7, 5),
    "fingerprint": (7, 12), "geo_grid": (8, 7), "geoip": (6, 7), "grok": (5, 4), "html_strip": (7, 4), "inference": (7, 6),
    "kv": (5, 6), "network_direction": (7, 13), "redact": (8, 7), "registered_domain": (7, 13), "reroute": (8, 8),
    "set_security_user": (6, 3), "sort": (5, 5), "terminate": (8, 16), "uri_parts": (7, 12), "urldecode": (6, 4),
    "user_agent": (6, 7),
}  # fmt: skip


def find(name: str, version: tuple[int, ...]) -> ProcessorType | None:
    """The emulated processor with that name, if the release has it."""
    kind = _KINDS.get(name)
    return kind if kind is not None and version >= kind.since else None


def is_unsupported(name: str, version: tuple[int, ...]) -> bool:
    """Whether the release has a processor with that name that is not emulated."""
    return name in _UNSUPPORTED and version >= _UNSUPPORTED[name]


def names(version: tuple[int, ...]) -> list[str]:
    """Names of all processors of the release, including those that are not emulated."""
    here = {name for name, kind in _KINDS.items() if version >= kind.since}
    return sorted(here | {name for name, since in _UNSUPPORTED.items() if version >= since})
