"""Pages that list something list all of it; and the demo, which is documentation too, finds what it expects."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys

import pytest

import fake_es
from fake_es.cli import main
from fake_es.operations import all_operations
from tests.docs.pages import ROOT


def test_every_request_of_the_control_api_is_listed() -> None:
    page = (ROOT / "docs" / "control.md").read_text()
    routes = {
        f"{route.method} {route.template}" for each in all_operations() for route in each.routes if "/_fake" in route.template
    }
    assert set(re.findall(r"^\| `(\w+ /_fake\S*)` \|", page, re.MULTILINE)) == routes


def test_every_dependency_has_its_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text().partition("[project.scripts]")[0]
    needed = set(re.findall(r'"([\w-]+)>=', project.partition("\ndependencies")[2]))
    page = (ROOT / "docs" / "architecture.md").read_text().partition("## Dependencies")[2]
    assert needed <= set(re.findall(r"^\| ([\w-]+)", page, re.MULTILINE))


def _public(kind: type) -> set[str]:
    """Public members of a class and of its bases, and the arguments that make it."""
    members = {name for name in dir(kind) if not name.startswith("_") and name not in dir(tuple)}
    return members | {name for name in inspect.signature(kind).parameters if name != "self"}


@pytest.mark.parametrize("name", fake_es.__all__)
def test_every_public_name_is_on_the_page_of_the_api(name: str) -> None:
    page = (ROOT / "docs" / "api.md").read_text()
    public = getattr(fake_es, name)
    wanted = {name} | (_public(public) if isinstance(public, type) else set())
    # What a cluster asks of its clock, and no test does.
    assert wanted - set(re.findall(r"\w+", page)) - {"attach", "wait"} == set()


def test_the_site_has_every_page_once() -> None:
    listed = re.findall(r": ([\w-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in (ROOT / "docs").glob("*.md"))


def test_the_steps_of_the_worked_example_are_counted() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    assert re.findall(r"^\*\*(\d+)\. ", page, re.MULTILINE) == list("12345678")


def _flags(command: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """What the help of a command names."""
    with pytest.raises(SystemExit):
        main([command, "--help"])
    return set(re.findall(r"(?<![\w-])--[a-z-]+", capsys.readouterr().out)) - {"--help"}


def _listed(page: str) -> set[str]:
    """Flags in the first column of the tables of a page."""
    listed = re.findall(r"^\| (`--.*?) \|", (ROOT / "docs" / page).read_text(), re.MULTILINE)
    return set(re.findall(r"--[a-z-]+", " ".join(listed)))


def test_every_flag_of_serve_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert _listed("cli.md") == _flags("serve", capsys)


def test_every_flag_of_verify_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert {flag for flag in _listed("verify.md") if not flag.startswith("--fake-es")} == _flags("verify", capsys)


def test_the_demo_meets_no_surprise() -> None:
    done = subprocess.run([sys.executable, "demo/close_job_page.py"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Every answer was as expected." in done.stdout
