"""The pytest door: ``fake_es``, ``fake_es_server`` and ``fake_es_client``, and the marker that configures them.

Loaded into every test run of whoever has the package installed: it imports nothing of it until a fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fake_es import FakeElasticsearch


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    text = "fake_es(version=, security=, clock=, delays=, users=, ...): settings of the emulator that the test is given"
    config.addinivalue_line("markers", text)


@pytest.fixture
def fake_es(request: pytest.FixtureRequest) -> FakeElasticsearch:
    """A fresh emulated cluster, made with the arguments of the nearest ``@pytest.mark.fake_es(...)``."""
    from fake_es import FakeElasticsearch

    settings: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers("fake_es"))):
        if mark.args:
            raise pytest.UsageError("the marker fake_es takes named arguments only, as FakeElasticsearch does")
        settings |= mark.kwargs
    return FakeElasticsearch(**settings)


@pytest.fixture
def fake_es_server(fake_es: FakeElasticsearch) -> Iterator[str]:
    """URL of a live server over ``fake_es``, on a free port of its own."""
    with fake_es.serve() as url:
        yield url


@pytest.fixture
def fake_es_client(fake_es: FakeElasticsearch) -> Iterator[Any]:
    """An official client of ``fake_es``, without a socket."""
    client = fake_es.client()
    yield client
    close = getattr(client, "close", None)
    if close is not None:
        close()
