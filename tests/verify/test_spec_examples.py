"""Examples of Elastic's specification: some of our own, and those that lie beside a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_es.verify.connection import Reply
from fake_es.verify.docs.running import DocRunner, Skipping
from fake_es.verify.docs.setups import Setups
from fake_es.verify.local import LocalConnection
from fake_es.verify.outcome import Outcome
from fake_es.verify.requests import Request
from fake_es.verify.runner import Runner
from fake_es.verify.sources import Source, read_sources
from fake_es.version import NEWEST
from tests.shared import SPEC_EXAMPLES, needs
from tests.spec.answering import api_at
from tests.spec.validator import check
from tests.verify.paged import Pages

# APIs that are not emulated yet: data frame analytics and trained models.
NOT_EMULATED = ("DataFrame", "TrainedModel")


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    return Pages(tmp_path)


def _sources() -> list[Source]:
    return list(read_sources([SPEC_EXAMPLES])) if SPEC_EXAMPLES.exists() else []


def _fits_the_specification(api: str, request: Request, reply: Reply) -> None:
    name = api_at(request.method, request.target.partition("?")[0])
    if name is not None and name.startswith("ml.") and reply.status < 300:
        check(name, reply.body)


@needs(SPEC_EXAMPLES)
@pytest.mark.parametrize("source", _sources(), ids=lambda source: Path(source.path).stem)
def test_examples_beside_the_checkout(source: Source) -> None:
    docs, connection = DocRunner(Setups(), Skipping.KEEP), LocalConnection()
    settings = {"cleanup": connection.renew, "observer": _fits_the_specification}
    runner = Runner(connection, version=NEWEST, example_observer=docs.note, **settings)  # type: ignore[arg-type]
    [item] = source.items
    result = item.run(docs, runner)
    if result.outcome is Outcome.SKIPPED:
        assert "not emulated yet" in result.reason
        assert any(part in item.name for part in NOT_EMULATED)
        pytest.skip(result.reason)
    assert result.outcome is Outcome.PASSED, result


REQUEST, RESPONSE = "ml/{}/examples/request/A1.yaml", "ml/{}/examples/response/B1.yaml"


@pytest.mark.parametrize(
    "text",
    [
        "method_request: GET _ml/info\n",
        "summary: A\ndescription: B\nmethod_request: PUT /_ml/filters/f?pretty\nvalue: {items: [a]}\n",
        'method_request: PUT _ml/filters/f\nvalue: |-\n  {\n    "items": []\n  }\n',
        '# The path may stand below.\nmethod_request: PUT\nvalue: |-\n  _ml/filters/f\n  {"items": []}\n',
        "method_request: DELETE _ml/filters/f\n",
    ],
)
def test_requests(pages: Pages, text: str) -> None:
    pages.passes(text, name=REQUEST.format("x"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("method_request: GET _ml/no_such/thing/here\n", "[4"),
        ("method_request: FLY _ml/info\n", "Extra content in A1, which is no request: FLY _ml/info"),
        ("method_request: GET _ml/info\nwings: 2\n", "this is no example of the specification: unknown keys [wings]"),
        ('method_request: PUT _ml/filters/f\nvalue: |-\n  {"items": [,]}\n', "returned [400]"),
    ],
)
def test_requests_that_are_wrong(pages: Pages, text: str, reason: str) -> None:
    assert reason in pages.refuses(text, name=REQUEST.format("x"))


def test_responses_are_compared_in_names_and_types(pages: Pages) -> None:
    pages.write("method_request: GET _ml/filters/f\n", REQUEST.format("get_filters"))
    right = "value: {count: 7, filters: [{filter_id: g, description: words, items: [x]}]}\n"
    pages.passes(right, name=RESPONSE.format("get_filters"))
    assert "count" in pages.refuses(right.replace("7", "'7'"), name=RESPONSE.format("get_filters"))
    assert "filter_id" in pages.refuses(right.replace("filter_id", "id"), name=RESPONSE.format("get_filters"))


def test_a_response_as_text_with_something_left_out(pages: Pages) -> None:
    pages.write("method_request: GET _ml/info\n", REQUEST.format("info"))
    pages.passes("value: '{\"defaults\": {...}, ...}'\n", name=RESPONSE.format("info"))


def test_a_response_without_a_request(pages: Pages) -> None:
    result = pages.only("value: {opened: true}\n", name=RESPONSE.format("no_such_api"))
    assert (result.outcome, result.reason) == (Outcome.SKIPPED, "no request belongs to this answer")
    pages.passes("value: {closed: true}\n", name=RESPONSE.format("close_job"))
