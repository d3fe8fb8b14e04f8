"""``fake-es verify`` as it is called."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fake_es import FakeElasticsearch
from fake_es.cli import main
from tests.shared import CLOSE_JOB_PAGE, needs
from tests.verify.paged import JOB, Pages, answer, snippet

PAGE = (
    snippet("GET _ml/info")
    + snippet("GET /missing")
    + snippet("GET _ml/filters", after="// TEST[skip:TBD]")
    + answer('{"count": 0, "filters": []}')
    + snippet("GET /missing/_doc/1", after="// TEST[skip:Kibana sample data]")
)


class Command:
    """The command line, in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.pages = Pages(folder)
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        """Status, output and errors."""
        status = main(["verify", *map(str, arguments)])
        said = self._capsys.readouterr()
        return status, said.out, said.err


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, capsys)


def test_a_tree_and_a_table(verify: Command) -> None:
    page = verify.pages.write(PAGE)
    status, out, _ = verify(page, "--skipped", "try")
    lines = out.splitlines()
    assert status == 1
    assert lines[:3] == [page.as_posix(), "  line_2 PASSED", "  line_7 FAILED"]
    assert lines[3].startswith(f"    {page.as_posix()}:8: expected [2xx] but [GET /missing] returned [404]")
    assert lines[4:6] == ["  line_12 PROMOTED", f"    {page.as_posix()}:15: [// TEST[skip:TBD]] could be removed"]
    assert lines[6] == "  line_23 SKIPPED"
    assert lines[-4:-1] == [
        "  passed  promoted    failed   skipped  page",
        f"       1         1         1         1  {page.as_posix()}",
        "       1         1         1         1  all",
    ]


@pytest.mark.parametrize(("skipped", "status"), [("keep", 0), ("try", 0), ("fail", 1)])
def test_the_status(verify: Command, skipped: str, status: int) -> None:
    page = verify.pages.write(snippet("GET _ml/info", after="// TEST[skip:TBD]"))
    assert verify(page, "--skipped", skipped)[0] == status


def test_writing(verify: Command) -> None:
    page = verify.pages.write(PAGE)
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    status, out, _ = verify(page, "--skipped", "try", "--write")
    assert (status, f"changed {page.as_posix()}" in out) == (1, True)
    assert page.read_bytes().decode() == PAGE.replace("// TEST[skip:TBD]\n", "").replace("\n", "\r\n")


def test_files_for_machines(verify: Command) -> None:
    page = verify.pages.write(PAGE.replace("/missing", "/mis\u00e9"))
    junit, data = verify.folder / "out.xml", verify.folder / "out.json"
    verify(page, "--skipped", "try", "--version", "8.19", "--junit", junit, "--json", data)
    suite = ElementTree.parse(junit).getroot()[0]
    assert [suite.get(name) for name in ("name", "tests", "failures", "skipped")] == [page.as_posix(), "4", "1", "1"]
    assert [[child.tag for child in case] for case in suite] == [[], ["failure"], ["system-out"], ["skipped"]]
    told = json.loads(data.read_text())
    assert told["version"].startswith("8.19.")
    assert told["summary"] == {"passed": 1, "promoted": 1, "failed": 1, "skipped": 1}
    assert [test["outcome"] for test in told["tests"]] == ["passed", "failed", "promoted", "skipped"]
    assert told["tests"][2]["advice"] == [{"line": 15, "old": "// TEST[skip:TBD]", "new": ""}]


def test_files_of_all_kinds_in_folders(verify: Command) -> None:
    write = verify.pages.write
    write(snippet("GET /"), "docs/a.asciidoc")
    write("```console\nGET /\n```\n", "docs/deep/b.md")
    write('setup:\n  - do: {info: {}}\n---\n"c":\n  - do: {info: {}}\n', "suites/c.yml")
    write("method_request: GET _ml/info\n", "spec/ml/info/examples/request/d.yaml")
    write('value: \'{"defaults": {...}, "limits": {...}, ...}\'\n', "spec/ml/info/examples/response/e.yaml")
    write("Only words.\n", "docs/f.txt")
    write("# Only words\n", "docs/g.md")
    write("toc:\n  - file: g.md\n", "docs/h.yml")
    status, out, _ = verify(verify.folder)
    assert (status, "       5         0         0         0  all" in out) == (0, True), out
    assert not any(name in out for name in ("f.txt", "g.md", "h.yml"))


def test_files_that_cannot_be_read_fail(verify: Command) -> None:
    verify.pages.write("a:\n  - do: [b\n", "a.yml")
    verify.pages.write("value: 1\nwings: 2\n", "b.yaml")
    (verify.folder / "c.asciidoc").write_bytes(b"\xff")
    status, out, _ = verify(verify.folder)
    assert status == 1
    for said in ("a.yml:3: this is no YAML", "b.yaml:1: this is no example", "c.asciidoc:1: the file cannot be read"):
        assert said in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.asciidoc"], "no such file or folder: nowhere.asciidoc"),
        ([], "name files or folders to verify"),
        ([".", "--url", "ftp://x"], "[ftp://x] is no URL"),
        ([".", "--url", "http://127.0.0.1:1"], "[GET /] got no answer"),
        ([".", "--varying", "nowhere.json"], "No such file or directory"),
        (["."], "nothing to verify in there"),
        ([".", "--varying", "a.json"], "expected an object of lists"),
    ],
)
def test_what_cannot_begin(verify: Command, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str) -> None:
    monkeypatch.chdir(verify.folder)
    verify.pages.write("[]", "a.json")
    status, _, err = verify(*arguments)
    assert (status, said in err) == (2, True), err


def test_without_pyyaml_pages_are_run_and_suites_are_not(verify: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert verify(verify.pages.write(JOB))[0] == 0
    status, _, err = verify(verify.pages.write("a:\n  - do: {info: {}}\n", "a.yml"))
    assert (status, err) == (2, "fake-es verify: YAML suites need PyYAML: pip install fake-es[verify]\n")


def test_an_unknown_release(verify: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        verify(verify.folder, "--version", "4.0")
    assert "unknown Elasticsearch version [4.0]" in capsys.readouterr().err


def test_listing_set_ups(verify: Command) -> None:
    verify.pages.write("# Mine.\n# takes: job\nGET /\n", "mine.console")
    status, out, _ = verify("--list-setups", "--setups", verify.folder)
    assert status == 0
    assert [line.split(maxsplit=1) for line in out.splitlines() if line.startswith("mine")] == [["mine:JOB", "Mine."]]
    assert "server_metrics_job " in out


def test_a_table_of_ones_own(verify: Command) -> None:
    page = verify.pages.write(snippet("GET _ml/filters") + answer('{"count": 7, "filters": []}'))
    table = verify.pages.write('{"values": ["count"]}', "table.json")
    assert verify(page)[0] == 1
    assert verify(page, "--varying", table)[0] == 0


@pytest.fixture
def cluster() -> Iterator[tuple[FakeElasticsearch, str]]:
    """What is a real cluster to the command: it asks for credentials."""
    fake = FakeElasticsearch("7.10.2", security=True)
    with fake.serve() as url:
        yield fake, url


def exists(fake: FakeElasticsearch) -> bool:
    basic = "Basic ZWxhc3RpYzpjaGFuZ2VtZQ=="
    return fake.handle("HEAD", "/i", {"authorization": basic}).status == 200


def test_a_real_cluster(verify: Command, cluster: tuple[FakeElasticsearch, str]) -> None:
    fake, url = cluster
    page = verify.pages.write(
        snippet("PUT i/_doc/1", "{}") + snippet("GET /") + answer('{"a": 1}', "// TESTRESPONSE[s/^.*$/$body/]")
    )
    status, out, _ = verify(page, "--url", url, "--user", "elastic:changeme")
    assert (status, "nothing is wiped" in out) == (0, True)
    assert exists(fake)
    data = verify.folder / "out.json"
    status, out, _ = verify(page, "--url", url, "--user", "elastic:changeme", "--allow-wipe", "--json", data)
    assert (status, "nothing is wiped" in out) == (0, False), out
    assert not exists(fake)
    assert json.loads(data.read_text())["version"] == "7.10.2"
    status, _, err = verify(page, "--url", url, "--api-key", "wrong")
    assert (status, "the cluster does not say which release it is" in err) == (2, True)


@needs(CLOSE_JOB_PAGE)
def test_the_seed(verify: Command) -> None:
    status, out, _ = verify("--version", "5.4", "--skipped", "try", CLOSE_JOB_PAGE)
    assert (status, "line_40 PROMOTED" in out) == (0, True)


def test_a_progress_line_on_a_terminal(verify: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    page = verify.pages.write(snippet("GET _ml/info") + snippet("GET /missing"))
    assert "run," not in verify(page)[2], "no terminal"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert "run," not in verify(page)[2], "too short a run"
    seconds = iter(range(0, 1000, 3))
    monkeypatch.setattr("fake_es.verify.command.time.perf_counter", lambda: float(next(seconds)))
    said = verify(page)[2]
    assert [line.rsplit(" failed")[0] for line in said.split("\r\033[K")] == ["1 run, 0", "2 run, 1", ""]
