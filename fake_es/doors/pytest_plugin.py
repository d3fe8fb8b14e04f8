"""The pytest door: ``fake_es``, ``fake_es_server`` and ``fake_es_client``, the marker that configures them, and options.

``--fake-es-docs DIR`` and ``--fake-es-yaml DIR`` collect pages of documentation and YAML suites; ``--fake-es-url URL`` sends
them and the fixtures of server and client to a real cluster.

Loaded into every test run of whoever has the package installed: it imports nothing of it until a fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fake_es import FakeElasticsearch


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, all of which begin with ``--fake-es-``."""
    add = parser.getgroup("fake_es", "fake_es").addoption
    add("--fake-es-docs", action="append", metavar="DIR", help="collect the snippets of these pages of documentation")
    add("--fake-es-yaml", action="append", metavar="DIR", help="collect the sections of these YAML REST suites")
    add("--fake-es-version", metavar="VERSION", help="release to run them in (default: the newest)")
    add("--fake-es-skipped", choices=("keep", "try", "fail"), default="keep", help="snippets that their page leaves out")
    add("--fake-es-setups", action="append", metavar="DIR", help="folder of named set-ups of your own")
    add("--fake-es-url", metavar="URL", help="use a real cluster for pages, suites, fake_es_server and fake_es_client")
    add("--fake-es-allow-wipe", action="store_true", help="delete all that the real cluster holds after pages and suites")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known; load what collects pages and suites if there are any to collect."""
    text = "fake_es(version=, security=, clock=, delays=, users=, ...): settings of the emulator that the test is given"
    config.addinivalue_line("markers", text)
    if config.getoption("fake_es_docs") or config.getoption("fake_es_yaml"):
        config.pluginmanager.import_plugin("fake_es.verify.pytest_items")


@pytest.fixture
def fake_es(request: pytest.FixtureRequest) -> FakeElasticsearch:
    """A fresh emulated cluster, made with the arguments of the nearest ``@pytest.mark.fake_es(...)``."""
    if request.config.getoption("fake_es_url"):
        pytest.skip("needs the emulator, and --fake-es-url names a real cluster")
    from fake_es import FakeElasticsearch

    settings: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers("fake_es"))):
        if mark.args:
            raise pytest.UsageError("the marker fake_es takes named arguments only, as FakeElasticsearch does")
        settings |= mark.kwargs
    return FakeElasticsearch(**settings)


@pytest.fixture
def fake_es_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a live server over ``fake_es``, on a free port of its own; of the real cluster with ``--fake-es-url``."""
    real = request.config.getoption("fake_es_url")
    if real:
        yield real
        return
    fake_es: FakeElasticsearch = request.getfixturevalue("fake_es")
    with fake_es.serve() as url:
        yield url


@pytest.fixture
def fake_es_client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An official client of ``fake_es``, without a socket; of the real cluster with ``--fake-es-url``."""
    real = request.config.getoption("fake_es_url")
    client = _client_of(real) if real else request.getfixturevalue("fake_es").client()
    yield client
    close = getattr(client, "close", None)
    if close is not None:
        close()


def _client_of(url: str) -> Any:
    from fake_es.doors.clients import installed

    return installed().Elasticsearch([url])
