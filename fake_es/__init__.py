"""fake_es: Elasticsearch's machine-learning APIs in memory, for tests.

Names are loaded when they are first used, because the pytest plugin imports this package in every test run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_es.clock import SystemClock as SystemClock
    from fake_es.clock import VirtualClock as VirtualClock
    from fake_es.cluster import Anonymous as Anonymous
    from fake_es.emulator import FakeElasticsearch as FakeElasticsearch

__version__ = "0.1.0"

_HOMES = {
    "Anonymous": "fake_es.cluster",
    "FakeElasticsearch": "fake_es.emulator",
    "SystemClock": "fake_es.clock",
    "VirtualClock": "fake_es.clock",
}

__all__ = ["Anonymous", "FakeElasticsearch", "SystemClock", "VirtualClock", "__version__"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'fake_es' has no attribute {name!r}")
