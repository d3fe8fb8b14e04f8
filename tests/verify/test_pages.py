"""Every directive of a page and every modifier, right and wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_es.verify.outcome import Outcome
from tests.verify.paged import JOB, Pages, answer, snippet


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    return Pages(tmp_path)


INFO = "GET _ml/info"
GET = "GET _ml/anomaly_detectors/a?filter_path=count,jobs.job_id"
FOUND = '{"count": 1, "jobs": [{"job_id": "a"}]}'


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(snippet(INFO), id="console"),
        pytest.param(snippet(INFO, language="js", after="// CONSOLE"), id="CONSOLE"),
        pytest.param(snippet(INFO, language="js", after="// TEST"), id="TEST"),
        pytest.param(snippet(INFO, language="js", after="//   CONSOLE\n// TEST[skip_shard_failures]"), id="two directives"),
        pytest.param(f"[source,js]\n----\n{INFO}\n----\n+\n// CONSOLE\n", id="in a list"),
        pytest.param(f'["source","js"]\n--------\n{INFO}\n----\n// CONSOLE', id="quotes, dashes of any length, no last line"),
        pytest.param(f'[source,console,id="info"]\n----\n{INFO} <1>\n----\n', id="a name and a callout"),
        pytest.param(f"////\n{snippet(INFO)}////\n", id="within a comment"),
        pytest.param(snippet("# what there is", INFO, "", "", "GET /", "# and that"), id="several requests and comments"),
        pytest.param(snippet("GET", "_ml/info"), id="the path in the next line"),
        pytest.param(snippet("GET /_cat/ml/anomaly_detectors?v"), id="a parameter without value"),
        pytest.param(snippet("GET /missing", after="// TEST[catch:missing]"), id="catch"),
        pytest.param(snippet(INFO, "GET /missing", after="// TEST[catch:/no such index/]"), id="catch of the last only"),
        pytest.param(snippet("GET x", after="// TEST[s/x/_ml\\/info/]"), id="s"),
        pytest.param(snippet("GET _ml/x", after="// TEST[s/_(ml).x/_$1\\/info\\nGET \\//]"), id="s with groups and a new line"),
        pytest.param(
            snippet("GET _ml/anomaly_detectors/total-requests", after="// TEST[setup:server_metrics_job]"), id="setup"
        ),
        pytest.param(snippet(INFO, after="// TEST[setup:sample_job,ml_filter_safe_domains]"), id="setups"),
        pytest.param(snippet(INFO, after="// TEST[teardown:sample_job]"), id="teardown"),
        pytest.param(JOB + snippet(GET, after="// TEST[continued]") + answer(FOUND), id="continued"),
        pytest.param(
            JOB.rstrip() + "\n// TESTSETUP\n\n" + snippet(GET) + answer(FOUND) + snippet("DELETE _ml/anomaly_detectors/a"),
            id="TESTSETUP before each",
        ),
        pytest.param(
            JOB.rstrip()
            + "\n// TESTSETUP\n\n"
            + snippet("DELETE _ml/anomaly_detectors/a", after="// TEARDOWN")
            + snippet(GET),
            id="TEARDOWN",
        ),
        pytest.param(snippet(INFO) + snippet('{"x": 1}', language="js", after="// NOTCONSOLE"), id="NOTCONSOLE"),
        pytest.param(snippet(INFO) + snippet("curl localhost", language="sh"), id="other languages"),
        pytest.param(snippet(INFO) + answer("{ ... }", "// TESTRESPONSE[s/\\{ .+/$body/]"), id="an answer as a whole"),
        pytest.param(snippet(INFO) + answer("not compared", "// TESTRESPONSE[skip:too long]"), id="an answer left out"),
        pytest.param(
            snippet("GET /_cat/count?h=count") + snippet("0", language="txt", after="// TESTRESPONSE[non_json]"), id="non_json"
        ),
        pytest.param(
            snippet("GET /_cat/count?h=count&v") + snippet("count", "0", language="txt", after="// TESTRESPONSE[_cat]"),
            id="_cat",
        ),
        pytest.param(
            JOB + snippet(GET, after="// TEST[continued]") + answer(FOUND.replace('"a"', "$body.$_path")), id="$_path"
        ),
        pytest.param(
            snippet("PUT i/_doc/1", '{"text": """two', '"lines" """}', "GET i/_source/1")
            + answer('{"text": "two\\n\\"lines\\" "}'),
            id="triple quotes",
        ),
        pytest.param(snippet("POST _bulk", '{"index": {"_index": "i"}}', '{"a": 1}'), id="a body of lines"),
        pytest.param(
            snippet(INFO, "startyaml", "- is_true: defaults", "endyaml", "GET /"), id="steps within a snippet"
        ),
        pytest.param(snippet("GET /") + answer('{"number": "{version}"}', "// TESTRESPONSE[s/^.*$/$body/]"), id="an attribute"),
    ],
)  # fmt: skip
def test_what_passes(pages: Pages, page: str) -> None:
    pages.passes(page)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (snippet(INFO) + "// TEST\n", "6: TEST not paired with a snippet"),
        (snippet(INFO) + "\n// TESTRESPONSE\n", "7: TESTRESPONSE not paired with a snippet"),
        (snippet(INFO, after="// CONSOLE\n// NOTCONSOLE"), "6: Can't be both CONSOLE and NOTCONSOLE"),
        (snippet(INFO, after="// TEST[fly]"), "5: Extra content [fly] in TEST[fly]"),
        (snippet(INFO, after="// TEST[continued setup]"), "5: Extra content [setup] in TEST[continued setup]"),
        (answer("{}"), "2: No paired previous test for "),
        (snippet(INFO, after="// TEST[continued]"), "2: // TEST[continued] cannot be on first snippet in a file"),
        (
            snippet(INFO, after="// TESTSETUP") + snippet(INFO, after="// TEST[continued]"),
            "8: // TEST[continued] cannot immediately follow // TESTSETUP",
        ),
        (snippet(INFO) + snippet(INFO, after="// TEST[continued skip:x]"), "7: Continued snippets can't be skipped"),
        (snippet(INFO) + snippet(INFO, after="// TESTSETUP"), "wasn't first. TESTSETUP can only be used in the first"),
        (snippet(INFO) + snippet(INFO, after="// TEARDOWN"), "must follow test setup or be first"),
        (snippet(INFO, after="// TEST[setup:no_such]"), "2: Couldn't find named setup no_such for "),
        (snippet(INFO, after="// TEST[teardown:no_such]"), "2: Couldn't find named teardown no_such for "),
        (snippet(INFO, after="// TEST[catch:nonsense]"), "3: catch value [nonsense] not supported"),
        (snippet("PATCH _ml/info"), "3: Extra content in "),
        (snippet(INFO, "", '{"a": 1}'), "5: Extra content in "),
        (snippet("PUT a", "{", '  "settings": {,}', "}"), "3: Invalid json in "),
        (snippet("PUT a", '{"a": """x}'), "3: Invalid block quote starting at "),
        (snippet(INFO) + answer('{"a": ...}'), "7: Invalid json in "),
        (snippet(INFO, after="// TEST[s/(/x/]"), "2: the regular expression ( cannot be read"),
        (snippet(INFO, after="// TEST[s/i/$7/]"), "2: Invalid substitution s/i/: no such group"),
        (snippet(INFO, language="json", after="// TEST"), "2: Use `js` instead of `json`."),
        (snippet("GET /missing"), "3: expected [2xx] but [GET /missing] returned [404]"),
        (snippet(INFO, after="// TEST[catch:missing]"), "3: expected [404] but [GET /_ml/info] returned [200]"),
        (snippet("GET /missing", INFO, after="// TEST[catch:missing]"), "3: expected [2xx]"),
        (snippet(INFO, after="// TEST[warning:old]"), "3: [GET /_ml/info] did not return the expected warnings ['old']"),
        (snippet(INFO) + answer("{}", "// TESTRESPONSE[s/\\{\\}/$body.nothing/]"), "stashed value not found for key"),
        (
            snippet(INFO, "startyaml", "- is_true: wings", "endyaml"),
            "5: [wings] must be true, but is null",
        ),
        (snippet(INFO, "startyaml", "- fly: wings", "endyaml"), "5: unknown step [fly]"),
        (
            snippet("GET /_cat/count?h=count") + snippet("1", language="txt", after="// TESTRESPONSE[non_json]"),
            "8: the answer must match ",
        ),
        ('[source,console,id="a"]\n----\nGET /\n----\n\n' * 2, "7: Duplicated snippet name: a"),
    ],
)
def test_what_does_not(pages: Pages, page: str, reason: str) -> None:
    assert reason in pages.refuses(page)


def test_a_warning_that_is_named(pages: Pages) -> None:
    old = "GET _xpack/ml/info"
    warning = "[GET /_xpack/ml/info] is deprecated! Use [GET /_ml/info] instead."
    assert f"returned unexpected warnings ['{warning}']" in pages.refuses(snippet(old), version="7.17")
    pages.passes(snippet(old, old, after=f"// TEST[warning:{warning}]"), version="7.17")


def test_each_test_begins_with_nothing(pages: Pages) -> None:
    assert [result.outcome for result in pages.run(JOB + JOB)] == [Outcome.PASSED, Outcome.PASSED]


def test_a_block_without_a_test_is_none(pages: Pages) -> None:
    for language in ("js", "yaml", "sh"):
        assert pages.items(snippet(INFO, language=language)) == []
    assert pages.items("[source,console]\n.A title\n----\nGET /\n----\n") == []


def test_what_a_page_leaves_out(pages: Pages) -> None:
    page = snippet("GET /missing", after="// TEST[skip:setup:x]") + answer("{}")
    kept = pages.only(page)
    assert (kept.outcome, kept.reason) == (Outcome.SKIPPED, "the page skips it: setup:x")
    failed = pages.only(page, skipped="fail")
    assert (failed.outcome, failed.reason) == (Outcome.FAILED, "the page skips it, and none may be skipped: setup:x")


def test_markdown(pages: Pages) -> None:
    page = f"# Page\n\n- item\n\n  ```console\n  {GET}\n  ```\n  % TEST[setup:own]\n\n  ~~~console-result\n  {FOUND}\n  ~~~\n"
    pages.write("PUT {ml}/anomaly_detectors/a\n" + JOB.splitlines()[3] + "\n", "own.console")
    pages.passes(page, name="page.md")
    assert "8: Extra content" in pages.refuses(page.replace("setup:own", "x"), name="page.md")
    assert pages.items(f"```js\n{GET}\n```\n", "other.md") == []


def test_mdx(pages: Pages) -> None:
    page = '```console id="x"\nGET /missing\n```\n{/* TEST[catch:missing] */}\n'
    pages.passes(page, name="page.mdx")
    assert "404" in pages.refuses(page.replace("catch:missing", "skip_shard_failures"), name="page.mdx")
