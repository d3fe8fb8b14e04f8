"""The tests that Elasticsearch's clients share, one by one through a live server of the newest release.

They lie beside a checkout, not in it. A test that calls what is not emulated is skipped and says so; every other must
pass, unless ``EXPECTED_FAILURES`` tells why it cannot, and then it must fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_es import FakeElasticsearch
from fake_es.verify.cleanup import reset_fake
from fake_es.verify.connection import HttpConnection, Reply
from fake_es.verify.outcome import Outcome
from fake_es.verify.parse import read_suite
from fake_es.verify.requests import Request
from fake_es.verify.runner import Runner
from fake_es.verify.suite import Section, Suite
from tests.shared import CLIENT_SUITES, needs
from tests.spec.validator import check, endpoints

AREAS = ("cat", "info_stack.yml", "license", "machine_learning", "security")

# Test -> why it cannot pass here.
EXPECTED_FAILURES: dict[str, str] = {}

pytestmark = needs(CLIENT_SUITES)


def _files() -> Iterator[Path]:
    for area in AREAS:
        path = CLIENT_SUITES / area
        yield from sorted(path.rglob("*.yml")) if path.is_dir() else [path] if path.exists() else []


def _read(file: Path) -> Suite:
    return read_suite(file, file.relative_to(CLIENT_SUITES).with_suffix("").as_posix())


def _sections() -> Iterator[object]:
    for suite in map(_read, _files()):
        for section in suite.sections:
            yield pytest.param(suite, section, id=f"{suite.path}/{section.name}")


def _fits_the_specification(api: str, request: Request, reply: Reply) -> None:
    """Hold every JSON answer of a call that went well against the published specification."""
    is_data = request.method != "HEAD" and not isinstance(reply.body, str)
    if reply.status < 300 and is_data and api in endpoints():
        check(api, reply.body)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    # The second user is the one that the suites expect of the clusters they are run against.
    fake = FakeElasticsearch(security=True, users=[("x_pack_rest_user", "x-pack-test-password", ["superuser"])])
    with fake.serve() as url, HttpConnection(url.replace("//", "//elastic:changeme@")) as connection:
        yield Runner(connection, cleanup=reset_fake, observer=_fits_the_specification)


@pytest.mark.parametrize(("suite", "section"), list(_sections()))
def test_suite(runner: Runner, suite: Suite, section: Section) -> None:
    result = runner.run_section(suite, section)
    if result.outcome is Outcome.SKIPPED:
        pytest.skip(result.reason)
    expected = EXPECTED_FAILURES.get(result.test)
    if expected is None:
        assert result.outcome is Outcome.PASSED, result
    else:
        assert result.outcome is Outcome.FAILED, f"passes now: {expected}"
        pytest.xfail(expected)


def test_every_expected_failure_is_a_test() -> None:
    known = {f"{suite.path}/{section.name}" for suite in map(_read, _files()) for section in suite.sections}
    assert not EXPECTED_FAILURES.keys() - known
