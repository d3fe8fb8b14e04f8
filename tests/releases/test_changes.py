"""Each change is seen from its release on, and not before."""

from __future__ import annotations

from base64 import b64encode

import pytest

from fake_es.version import Version
from tests.docs.pages import ROOT
from tests.releases.change import ABSENT, PRESENT, Answer, Ask, Change, value_at
from tests.releases.page import page
from tests.releases.table import changes
from tests.support import Http, Reply, http

CASES = [
    pytest.param(change, release, answer, id=f"{change.name}-{release}")
    for change in changes()
    for release, answer in change.cases
]


def ask(fake: Http, request: Ask) -> Reply:
    """Send a request as its user."""
    headers = {name.lower().replace("-", "_"): value for name, value in request.headers.items()}
    headers.setdefault("authorization", "Basic " + b64encode(request.user.encode()).decode())
    return fake(request.method, request.target, request.body, **headers)


def check(reply: Reply, expected: Answer) -> None:
    """Hold an answer against what is expected of it."""
    assert reply.status == expected.status, reply.body
    if expected.says:
        assert expected.says in (reply.body if isinstance(reply.body, str) else reply.reason)
    if expected.type is not None:
        assert reply.type == expected.type
    if expected.warns is not None:
        warned = reply.headers.get("warning", "")
        assert expected.warns in warned if expected.warns else not warned
    for path, value in expected.has.items():
        found = value_at(reply.body, path)
        if value is PRESENT:
            assert found is not ABSENT, f"{path} is missing in {reply.body}"
        else:
            assert found == value, f"{path} of {reply.body}"


@pytest.mark.parametrize(("change", "release", "answer"), CASES)
def test_a_change_is_seen_from_its_release_on(change: Change, release: Version, answer: Answer) -> None:
    fake = http(str(release), **change.settings)
    for request in change.given:
        reply = ask(fake, request)
        assert reply.status < 300, (request, reply.body)
    check(ask(fake, change.ask), answer)


def test_names_and_sources() -> None:
    rows = changes()
    names = [change.name for change in rows]
    assert len(set(names)) == len(names), "a name is used twice"
    assert all(change.source for change in rows)
    assert all(change.before != change.after for change in rows)


def test_there_are_enough_of_them() -> None:
    assert len(changes()) >= 150


def test_the_page_is_up_to_date() -> None:
    written = (ROOT / "docs" / "releases.md").read_text()
    assert page() == written, "write it again: make pages"
