"""fake_es: Elasticsearch's machine-learning APIs in memory, for tests.

Names are loaded when they are first used, because the pytest plugin imports this package in every test run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_es.clock import Clock as Clock
    from fake_es.clock import SystemClock as SystemClock
    from fake_es.clock import VirtualClock as VirtualClock
    from fake_es.cluster import Account as Account
    from fake_es.cluster import Anonymous as Anonymous
    from fake_es.emulator import FakeElasticsearch as FakeElasticsearch
    from fake_es.wire.render import Response as Response

__version__ = "0.1.0"

_HOMES = {
    "Account": "fake_es.cluster",
    "Anonymous": "fake_es.cluster",
    "Clock": "fake_es.clock",
    "FakeElasticsearch": "fake_es.emulator",
    "Response": "fake_es.wire.render",
    "SystemClock": "fake_es.clock",
    "VirtualClock": "fake_es.clock",
}

__all__ = [
    "Account", "Anonymous", "Clock", "FakeElasticsearch", "Response", "SystemClock", "VirtualClock", "__version__",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'fake_es' has no attribute {name!r}")
