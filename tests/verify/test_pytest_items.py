"""Pages and suites collected by pytest, and fixtures that lead to a real cluster."""

from __future__ import annotations

import pytest

from fake_es import FakeElasticsearch
from tests.verify.paged import answer, snippet

pytest_plugins = ["pytester"]

PAGE = (
    snippet("GET _ml/filters", after="// TEST[skip:TBD]")
    + answer('{"count": 0, "filters": []}')
    + snippet("GET /missing")
    + snippet("GET _ml/info")
)
SUITE = """\
"works":
  - do: {ml.info: {}}
  - is_true: defaults
---
"does not":
  - do: {ml.info: {}}
  - is_true: wings
---
"not here":
  - do: {no.such: {}}
"""


@pytest.fixture
def folder(pytester: pytest.Pytester) -> pytest.Pytester:
    """Folders of pages and of suites beside a test."""
    pytester.makepyfile("def test_it(): pass")
    for name, text in (("docs/a.asciidoc", PAGE), ("docs/deep/b.md", "```console\nGET /\n```\n"), ("suites/a.yml", SUITE)):
        file = pytester.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return pytester


def test_pages(folder: pytest.Pytester) -> None:
    result = folder.runpytest_inprocess("--fake-es-docs", "docs", "-W", "error")
    result.assert_outcomes(passed=3, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*a.asciidoc:14: expected [[]2xx[]] but [[]GET /missing[]] returned [[]404[]]*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_pages_alone(folder: pytest.Pytester) -> None:
    result = folder.runpytest_inprocess("docs", "--fake-es-docs", "docs", "-k", "line_2", "--fake-es-skipped", "try", "-rA")
    result.assert_outcomes(passed=1, deselected=3)
    result.stdout.fnmatch_lines(["*a.asciidoc:5: [[]// TEST[[]skip:TBD[]][]] could be removed"])


def test_suites(folder: pytest.Pytester) -> None:
    result = folder.runpytest_inprocess("--fake-es-yaml", "suites", "-rs")
    result.assert_outcomes(passed=2, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*a.yml:7: [[]wings[]] must be true*", "*unknown API: no.such"])


def test_without_the_options_nothing_is_collected(folder: pytest.Pytester) -> None:
    folder.runpytest_inprocess().assert_outcomes(passed=1)


def test_release_and_set_ups(folder: pytest.Pytester) -> None:
    page = snippet("GET own/_source/1", after="// TEST[setup:own]") + snippet("GET _xpack/ml/filters")
    (folder.path / "docs" / "a.asciidoc").write_text(page)
    (folder.path / "own.console").write_text("PUT own/{doc}/1\n{}\n")
    arguments = ("docs/a.asciidoc", "--fake-es-docs", "docs", "--fake-es-version", "7.17", "--fake-es-setups", ".")
    folder.runpytest_inprocess(*arguments).assert_outcomes(passed=1, failed=1)


def test_under_xdist(folder: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    result = folder.runpytest_subprocess(
        "-n1", "-p", "no:hypothesispytest", "--fake-es-docs", "docs", "--fake-es-yaml", "suites"
    )
    result.assert_outcomes(passed=4, failed=2, skipped=2)


def test_a_folder_that_is_not_there(folder: pytest.Pytester) -> None:
    result = folder.runpytest_inprocess("--fake-es-docs", "nowhere")
    result.stderr.fnmatch_lines(["*--fake-es-docs, --fake-es-yaml: no such file or folder: *nowhere"])
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_real_cluster(folder: pytest.Pytester) -> None:
    folder.makepyfile("""
        import json
        from urllib.request import urlopen

        def test_server(fake_es_server):
            assert json.load(urlopen(fake_es_server + "/real/_doc/1"))["found"]

        def test_client(fake_es_client):
            assert fake_es_client.indices.exists(index="real")

        def test_emulator(fake_es): ...
    """)
    (folder.path / "docs" / "a.asciidoc").write_text(snippet("GET real/_source/1"))
    fake = FakeElasticsearch("8.19")
    fake.handle("PUT", "/real/_doc/1", {"content-type": "application/json"}, b"{}")
    with fake.serve() as url:
        result = folder.runpytest_inprocess("--fake-es-url", url, "--fake-es-docs", "docs", "-p", "no:warnings", "-rs")
    result.assert_outcomes(passed=4, skipped=1)
    result.stdout.fnmatch_lines(["*needs the emulator, and --fake-es-url names a real cluster"])


def test_a_cluster_that_does_not_answer(folder: pytest.Pytester) -> None:
    result = folder.runpytest_inprocess("--fake-es-url", "http://127.0.0.1:1", "--fake-es-docs", "docs")
    result.stdout.fnmatch_lines(["*fake_es: [[]GET /[]] got no answer*"])
    assert result.ret == 4
