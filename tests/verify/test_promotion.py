"""Snippets that a page leaves out: tried, promoted, and their pages changed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from fake_es.verify.connection import Reply
from fake_es.verify.docs.promotion import apply_advice
from fake_es.verify.local import LocalConnection
from fake_es.verify.outcome import Advice, Outcome, Place
from tests.shared import CLOSE_JOB_PAGE, needs
from tests.verify.paged import JOB, PAGES, Pages, answer, snippet


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    return Pages(tmp_path)


def changed(pages: Pages, text: str, **settings: str) -> str:
    """A page of one test that is promoted, as it reads then; it must pass without trying."""
    result = pages.only(text, skipped="try", **settings)
    assert result.outcome is Outcome.PROMOTED, result
    after = apply_advice(text, list(result.advice))
    pages.passes(after, **settings)
    return after


@needs(CLOSE_JOB_PAGE)
def test_the_close_job_page(pages: Pages) -> None:
    text = CLOSE_JOB_PAGE.read_text()
    after = changed(pages, text, version="5.4", name="close-job.asciidoc")
    assert after == text.replace("skip:todo", "setup:event_rate_openjob") + "\n// TESTRESPONSE"


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("// TEST[skip:todo]", "// TEST[setup:server_metrics_job]"),
        ("// TEST[skip:setup:server_metrics_datafeed]", "// TEST[setup:server_metrics_datafeed]"),
        ("// TEST[s/opem/open/ skip:TBD]", "// TEST[setup:server_metrics_job s/opem/open/]"),
    ],
)
def test_what_becomes_of_the_directive(pages: Pages, line: str, becomes: str) -> None:
    page = snippet("POST _ml/anomaly_detectors/total-requests/_open", after=line) + answer('{"opened": true, "node": "x"}')
    shown = '"node": "x"}\n----\n'
    marked = shown + '// TESTRESPONSE[s/"node": "x"/"node": $body.$_path/]\n'
    assert changed(pages, page) == page.replace(line, becomes).replace(shown, marked)


def test_a_directive_that_is_needed_no_more_goes(pages: Pages) -> None:
    page = snippet("GET _ml/info", after="// TEST[skip:TBD]")
    assert changed(pages, page) == snippet("GET _ml/info")
    page = snippet("GET _ml/info", language="js", after="// TEST[skip:TBD]")
    assert changed(pages, page) == page.replace("[skip:TBD]", "")


@pytest.mark.parametrize(
    ("name", "directive", "added"),
    [
        ("page.md", "% TEST[skip:TBD]", "% TESTRESPONSE"),
        ("page.md", "", "% TESTRESPONSE"),
        ("page.mdx", "{/* TEST[skip:TBD] */}", "{/* TESTRESPONSE */}"),
        ("page.mdx", "", "{/* TESTRESPONSE */}"),
        ("page.md", "// TEST[skip:TBD]", "// TESTRESPONSE"),
    ],
)
def test_what_is_added_to_markdown(pages: Pages, name: str, directive: str, added: str) -> None:
    page = f'```console\nGET _ml/filters\n```\n{directive}\n\n```json\n{{"count": 0, "filters": []}}\n```\n'
    after = changed(pages, page, name=name)
    assert after == (page.replace(f"{directive}\n", "") if directive else page).replace("]}\n```\n", f"]}}\n```\n{added}\n")


def test_skip_catch(pages: Pages) -> None:
    page = snippet("GET /missing", after="// TEST[skip:catch:missing]")
    assert changed(pages, page) == page.replace("skip:", "")


def test_values_that_differ_each_run_are_substituted(pages: Pages) -> None:
    page = (
        JOB
        + snippet("GET _ml/anomaly_detectors/a?filter_path=jobs.job_id,jobs.create_time", after="// TEST[continued]")
        + snippet('{"jobs": [{"job_id": "a", "create_time" : 1491948149000}]}', language="js")
    )  # fmt: skip
    expected = '// TESTRESPONSE[s/"create_time" : 1491948149000/"create_time" : $body.$_path/]\n'
    assert expected in changed(pages, page)


def test_a_live_test_with_an_answer_that_nothing_marks(pages: Pages) -> None:
    page = JOB + snippet("DELETE _ml/anomaly_detectors/a", after="// TEST[continued]")
    shown = snippet('{"acknowledged": true}', language="js")
    assert changed(pages, page + shown) == page + shown.rstrip() + "\n// TESTRESPONSE\n\n"
    # It goes on passing where that answer is another, or none.
    for other in ('{"acknowledged": false}', "{ <an object> }"):
        result = pages.only(page + snippet(other, language="js"), skipped="try")
        assert (result.outcome, result.advice) == (Outcome.PASSED, ())


def test_an_answer_left_out(pages: Pages) -> None:
    page = snippet("GET _ml/filters") + answer('{"count": 0, "filters": []}', "// TESTRESPONSE[skip:later]")
    assert changed(pages, page) == page.replace("// TESTRESPONSE[skip:later]\n", "")


def test_an_answer_with_something_elided_stays_unmarked(pages: Pages) -> None:
    page = snippet("GET _ml/info", after="// TEST[skip:TBD]") + snippet('{"defaults": {...}, ...}', language="js")
    assert changed(pages, page) == page.replace("// TEST[skip:TBD]\n", "")


def test_an_answer_that_differs_fails(pages: Pages) -> None:
    page = snippet("GET _ml/filters", after="// TEST[skip:TBD]") + snippet('{"count": 0, "filter": []}', language="js")
    result = pages.only(page, skipped="try")
    assert result.outcome is Outcome.FAILED
    line = f"{pages.folder.as_posix()}/page.asciidoc:9"
    shown = [line.strip() for line in result.reason.splitlines()[1:]]
    assert shown == [f"{line}: filter", "- []", f"{line}: filters", "+ []"]


def test_an_answer_with_other_values_wants_another_set_up(pages: Pages) -> None:
    shown = '{"jobs": [{"job_id": "a", "description": "Requests to a web shop"}]}'
    request = snippet("GET _ml/anomaly_detectors/a?filter_path=jobs.job_id,jobs.description", after="// TEST[skip:TBD]")
    assert "setup:job:a" in changed(pages, request + snippet(shown, language="js"))
    result = pages.only(request + snippet(shown.replace('"a"', '"b"'), language="js"), skipped="try")
    assert result.outcome is Outcome.SKIPPED
    assert "it needs a set-up: the answer is not what the example says" in result.reason
    assert '- "b"' in result.reason


def test_a_set_up_that_makes_what_is_asked_for_comes_first(pages: Pages) -> None:
    page = snippet("GET _ml/datafeeds/datafeed-farequote/_preview", after="// TEST[skip:Kibana sample data]")
    shown = answer('[{"time": 1454803200000, "airline": "JZA", "responsetime": 990.4628295898438, "doc_count": 5}, ...]')
    assert "// TEST[setup:farequote_datafeed]" in changed(pages, page + shown.replace("console-result", "js"))


@pytest.mark.parametrize(
    ("request_line", "reason"),
    [("GET x/_doc/1", "it needs a set-up: expected [2xx]"), ("PUT _ml/data_frame/analytics/a\n{}", "not emulated")],
)
def test_what_cannot_be_tried_stays_left_out(pages: Pages, request_line: str, reason: str) -> None:
    result = pages.only(snippet(request_line, after="// TEST[skip:TBD]"), skipped="try")
    assert result.outcome is Outcome.SKIPPED
    assert reason in result.reason


def test_a_request_that_cannot_be_read_stays_left_out(pages: Pages) -> None:
    page = snippet("PUT a", '{"a": ...}', after="// TEST[skip:TBD]")
    assert pages.only(page).outcome is Outcome.SKIPPED
    result = pages.only(page, skipped="try")
    assert result.outcome is Outcome.SKIPPED
    assert "and it cannot be tried: Invalid json in" in result.reason


def test_an_answer_that_is_no_json_does_not_keep_its_request_from_being_promoted(pages: Pages) -> None:
    page = snippet("GET _ml/info", after="// TEST[skip:TBD]") + snippet('{"a": <words>}', language="js")
    assert changed(pages, page) == page.replace("// TEST[skip:TBD]\n", "")


def test_a_set_up_bound_to_a_page(pages: Pages) -> None:
    page = snippet("GET mine/_source/1", after="// TEST[skip:TBD]")
    pages.write("PUT mine/_doc/1\n{}\n", "own.console")
    assert pages.only(page, skipped="try").outcome is Outcome.SKIPPED
    pages.write('{"pa*.asciidoc": ["own"]}', "pages.json")
    assert changed(pages, page) == page.replace("skip:TBD", "setup:own")
    pages.passes(page.replace("// TEST[skip:TBD]\n", ""))


@pytest.mark.parametrize(
    "request_lines",
    [
        "POST _ml/anomaly_detectors/a/_close",
        "POST _ml/anomaly_detectors/a/_forecast",
        "POST _ml/anomaly_detectors/a/_reset",
        'POST _ml/anomaly_detectors/a/_update\n{"description": "new"}',
        "GET _ml/anomaly_detectors/a/_stats",
        "DELETE _ml/anomaly_detectors/a",
        "DELETE _ml/anomaly_detectors/a/_forecast/f",
        "GET _ml/anomaly_detectors/a/results/buckets",
        "GET _ml/anomaly_detectors/a/results/categories/1",
        "GET _ml/anomaly_detectors/a/results/records",
        "POST _ml/anomaly_detectors/a/results/influencers",
        "GET _ml/anomaly_detectors/a/model_snapshots",
        'POST _ml/anomaly_detectors/a/model_snapshots/1/_update\n{"retain": true}',
        "POST _ml/anomaly_detectors/a/model_snapshots/1/_revert",
        "DELETE _ml/anomaly_detectors/a/model_snapshots/1",
        "POST _ml/datafeeds/d/_start",
        "POST _ml/datafeeds/d/_stop",
        "GET _ml/datafeeds/d/_stats",
        "GET _ml/datafeeds/d/_preview",
        'PUT _ml/datafeeds/d\n{"job_id": "a", "indices": ["i"]}',
        "GET _ml/calendars/c/events",
        "DELETE _ml/calendars/c/events/e",
        "PUT _ml/calendars/c/jobs/a",
        "DELETE _ml/calendars/c/jobs/a",
        "DELETE _ml/filters/f",
    ],
)
def test_what_a_request_needs_is_guessed(pages: Pages, request_lines: str) -> None:
    changed(pages, snippet(request_lines, after="// TEST[skip:todo]"))


@pytest.mark.parametrize(
    "request_line",
    [
        "GET _xpack/ml/anomaly_detectors/a/results/records",
        "PUT _ml/anomaly_detectors/a/_close",
        "GET _ml/anomaly_detectors/a/results/records?wings=2",
    ],
)
def test_what_is_refused_whatever_is_there_is_sent_once(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, request_line: str
) -> None:
    sent: list[str] = []
    send = LocalConnection.send

    def noted(self: LocalConnection, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        sent.append(f"{method} {target}")
        return send(self, method, target, headers, body)

    monkeypatch.setattr(LocalConnection, "send", noted)
    page = snippet(request_line, after="// TEST[skip:TBD]") + answer('{"count": 0, "records": []}')
    assert pages.only(page, skipped="try").outcome is Outcome.FAILED
    assert len(sent) == 1


def test_warnings_are_named(pages: Pages) -> None:
    page = snippet("GET _xpack/ml/filters", after="// TEST[skip:TBD]")
    warning = "[GET /_xpack/ml/filters] is deprecated! Use [GET /_ml/filters] instead."
    assert changed(pages, page, version="7.17") == page.replace("skip:TBD", f"warning:{warning}")
    flush = snippet("POST _ml/anomaly_detectors/a/_flush", after="// TEST[skip:todo]")
    assert "// TEST[setup:open_job:a]\n// TEST[warning:Forcing any buffered data" in changed(pages, flush)


@pytest.mark.parametrize("release", ["5.4", "6.8", "7.17", "9"])
def test_pages_as_each_age_has_them(tmp_path: Path, release: str) -> None:
    [source] = PAGES.glob(f"jobs-{release}.*")
    shutil.copy(source, tmp_path)
    results = Pages(tmp_path).run_file(tmp_path / source.name, version=release, skipped="try")
    assert [str(result) for result in results if result.outcome not in (Outcome.PASSED, Outcome.PROMOTED)] == []
    assert any(result.outcome is Outcome.PROMOTED for result in results)


def test_a_line_that_has_changed_meanwhile_is_left_alone() -> None:
    assert apply_advice("a\nb\n", [Advice(Place("p", 1), "x", "y"), Advice(Place("p", 2), "", "c\nd")]) == "a\nb\nc\nd\n"
