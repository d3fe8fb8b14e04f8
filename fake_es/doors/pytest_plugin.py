"""The pytest door: the fixtures ``fake_es``, ``fake_es_server`` and ``fake_es_client``, their marker, and options.

``--fake-es-docs DIR`` and ``--fake-es-yaml DIR`` collect documentation pages and YAML suites as tests. With
``--fake-es-url URL`` these tests, and the fixtures of server and client, use a real cluster.

pytest loads this module in every test run, so it imports the package only when a fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fake_es import FakeElasticsearch

_FAKE: pytest.StashKey[FakeElasticsearch] = pytest.StashKey()
_SHOWN_CALLS = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; all begin with ``--fake-es-``."""
    add = parser.getgroup("fake_es", "fake_es").addoption
    add("--fake-es-docs", action="append", metavar="DIR", help="run the snippets of these documentation pages as tests")
    add("--fake-es-yaml", action="append", metavar="DIR", help="run the sections of these YAML REST suites as tests")
    add("--fake-es-version", metavar="VERSION", help="release for pages and suites (default: the newest)")
    add("--fake-es-skipped", choices=("keep", "try", "fail"), default="keep", help="what to do with snippets that a page skips")
    add("--fake-es-setups", action="append", metavar="DIR", help="folder with more set-ups")
    add("--fake-es-url", metavar="URL", help="real cluster for pages, suites, fake_es_server and fake_es_client")
    add(
        "--fake-es-allow-wipe",
        action="store_true",
        help="delete everything on the real cluster after each test of pages and suites",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker; load the collector of pages and suites if there are any."""
    text = "fake_es(version=, security=, clock=, delays=, users=, ...): arguments of the FakeElasticsearch of the test"
    config.addinivalue_line("markers", text)
    if config.getoption("fake_es_docs") or config.getoption("fake_es_yaml"):
        config.pluginmanager.import_plugin("fake_es.verify.pytest_items")


@pytest.fixture
def fake_es(request: pytest.FixtureRequest) -> FakeElasticsearch:
    """A new emulated cluster, with the arguments of ``@pytest.mark.fake_es(...)``; the nearest marker wins."""
    if request.config.getoption("fake_es_url"):
        pytest.skip("needs the emulator, and --fake-es-url names a real cluster")
    from fake_es import FakeElasticsearch

    settings: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers("fake_es"))):
        if mark.args:
            raise pytest.UsageError("the marker fake_es takes named arguments only, as FakeElasticsearch does")
        settings |= mark.kwargs
    fake = FakeElasticsearch(**settings)
    request.node.stash[_FAKE] = fake
    return fake


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Add the last calls of ``fake_es`` to the report of a test that failed."""
    outcome: Any = yield
    report = outcome.get_result()
    fake = item.stash.get(_FAKE, None)
    if fake is not None and report.when == "call" and report.failed and len(fake.calls):
        calls = fake.calls[-_SHOWN_CALLS:]
        report.sections.append((f"Last {len(calls)} calls of fake_es", "\n".join(map(str, calls))))


@pytest.fixture
def fake_es_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a server for ``fake_es``, on a free port; with ``--fake-es-url``, the URL of the real cluster."""
    real = request.config.getoption("fake_es_url")
    if real:
        yield real
        return
    fake_es: FakeElasticsearch = request.getfixturevalue("fake_es")
    with fake_es.serve() as url:
        yield url


@pytest.fixture
def fake_es_client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An official client of ``fake_es``, without a socket; with ``--fake-es-url``, a client of the real cluster."""
    real = request.config.getoption("fake_es_url")
    client = _client_of(real) if real else request.getfixturevalue("fake_es").client()
    yield client
    close = getattr(client, "close", None)
    if close is not None:
        close()


def _client_of(url: str) -> Any:
    from fake_es.doors.clients import installed_client

    return installed_client().Elasticsearch([url])
