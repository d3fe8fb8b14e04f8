"""The pytest door: the fixtures ``fake_es``, ``fake_es_server`` and ``fake_es_client``, their marker, and options.

``--fake-es-docs DIR`` and ``--fake-es-yaml DIR`` collect documentation pages and YAML suites as tests. With
``--fake-es-url URL`` these tests, and the fixtures of server and client, use a real cluster.

pytest loads this module in every test run, so it imports the package only when a fixture is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fake_es import FakeElasticsearch

_FAKE: pytest.StashKey[FakeElasticsearch] = pytest.StashKey()
_SHOWN_CALLS = 20
# Arguments of FakeElasticsearch that can be given for a whole suite.
_SUITE_WIDE = ("version", "clock", "clock_start", "delays")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; all begin with ``--fake-es-``."""
    add = parser.getgroup("fake_es", "fake_es").addoption
    add("--fake-es-docs", action="append", metavar="DIR", help="run the snippets of these documentation pages as tests")
    add("--fake-es-yaml", action="append", metavar="DIR", help="run the sections of these YAML REST suites as tests")
    add("--fake-es-version", metavar="VERSION", help="release for pages, suites and fixtures (default: the newest)")
    add("--fake-es-clock", choices=("virtual", "system"), help="clock of the fixtures")
    add("--fake-es-clock-start", metavar="TIME", help="first time of the virtual clock of the fixtures, such as 2020-01-01")
    add("--fake-es-delays", choices=("realistic", "none"), help="how long operations take in the fixtures")
    for name in _SUITE_WIDE:
        parser.addini(f"fake_es_{name}", f"the same as --fake-es-{name.replace('_', '-')}, for the fixtures")
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
    config.addinivalue_line("markers", "fake_es_releases(*releases): run the test once for each release of Elasticsearch")
    if config.getoption("fake_es_docs") or config.getoption("fake_es_yaml"):
        config.pluginmanager.import_plugin("fake_es.verify.pytest_items")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each release of the marker ``fake_es_releases``."""
    mark = metafunc.definition.get_closest_marker("fake_es_releases")
    if mark is None:
        return
    if mark.kwargs or not mark.args or not all(isinstance(release, str) for release in mark.args):
        raise pytest.UsageError('the marker fake_es_releases takes releases as texts: fake_es_releases("7.17", "8.19", "9")')
    if "fake_es_release" not in metafunc.fixturenames:
        metafunc.fixturenames.append("fake_es_release")
    metafunc.parametrize("fake_es_release", mark.args, indirect=True)


@pytest.fixture
def fake_es_release(request: pytest.FixtureRequest) -> str | None:
    """The release of the marker ``fake_es_releases``; None without the marker."""
    release: str | None = getattr(request, "param", None)
    return release


@pytest.fixture
def fake_es(request: pytest.FixtureRequest, fake_es_release: str | None) -> FakeElasticsearch:
    """A new emulated cluster, with the arguments of ``@pytest.mark.fake_es(...)``; the nearest marker wins.

    The arguments ``clock_start`` and ``clock_tick`` of the marker are those of a virtual clock. Options of the command line
    and of the configuration are for tests without the argument.
    """
    if request.config.getoption("fake_es_url"):
        pytest.skip("needs the emulator, and --fake-es-url names a real cluster")
    from fake_es import FakeElasticsearch

    settings = _suite_wide(request.config)
    for mark in reversed(list(request.node.iter_markers("fake_es"))):
        if mark.args:
            raise pytest.UsageError("the marker fake_es takes named arguments only, as FakeElasticsearch does")
        settings |= mark.kwargs
    if fake_es_release is not None:
        settings["version"] = fake_es_release
    _choose_clock(settings)
    fake = FakeElasticsearch(**settings)
    request.node.stash[_FAKE] = fake
    return fake


def _suite_wide(config: pytest.Config) -> dict[str, Any]:
    """The arguments that the command line gives, or else the configuration."""
    found: dict[str, Any] = {}
    for name in _SUITE_WIDE:
        value = config.getoption(f"fake_es_{name}") or config.getini(f"fake_es_{name}")
        if value:
            found[name] = value
    return found


def _choose_clock(settings: dict[str, Any]) -> None:
    """Replace ``clock_start`` and ``clock_tick`` by a clock. A clock that is an object is copied for each test."""
    from fake_es.clock import Clock, VirtualClock

    start, tick = settings.pop("clock_start", None), settings.pop("clock_tick", None)
    clock = settings.get("clock", "virtual")
    if isinstance(clock, Clock):
        settings["clock"] = clock.copy()
    if start is None and tick is None:
        return
    if clock != "virtual":
        raise pytest.UsageError("clock_start and clock_tick are for the virtual clock: leave out clock=")
    settings["clock"] = VirtualClock(start=start, tick=tick)


@pytest.fixture
def fake_es_sleep(fake_es: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let ``time.sleep`` and ``asyncio.sleep`` move the clock of ``fake_es`` instead of waiting.

    The value of the fixture is this ``sleep``, for code that has imported the function itself.
    """
    import asyncio
    import time

    really_sleep = asyncio.sleep

    def sleep(seconds: float) -> None:
        fake_es.clock.advance(max(0.0, seconds))

    async def sleep_async(delay: float, result: Any = None) -> Any:
        sleep(delay)
        return await really_sleep(0, result)

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(asyncio, "sleep", sleep_async)
    return sleep


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Fail a test whose strict fault rules never fired. Add the last calls of ``fake_es`` to the report of one that failed."""
    outcome: Any = yield
    report = outcome.get_result()
    fake = item.stash.get(_FAKE, None)
    # Without rules their modules are not loaded.
    if fake is not None and report.when == "call" and report.passed and fake.cluster.faults is not None:
        never_fired = fake.faults.never_fired()
        if never_fired is not None:
            report.outcome, report.longrepr = "failed", never_fired
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
