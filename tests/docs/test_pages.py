"""Every example of every page is executed, and every link leads somewhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.docs.console import Console, commands
from tests.docs.pages import PAGES, ROOT, Block, anchors, blocks, links, name_of

LANGUAGES = {"python", "console", "sh", "json", "text"}

every_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def source_of(block: Block) -> Path | None:
    """The file that a block quotes, for one that begins with the path as a comment."""
    path = block.text.partition("\n")[0].removeprefix("# ")
    return ROOT / path if path.endswith(".py") else None


def pieces(page: Path, *, tests: bool) -> list[Block]:
    """The Python of a page: test modules, or what is a session from its top to its end; quotations are neither."""
    return [
        block
        for block in blocks(page)
        if block.language == "python" and source_of(block) is None and ("def test_" in block.text) is tests
    ]


def chosen(condition: Callable[[Path], Any]) -> pytest.MarkDecorator:
    """Run a test for the pages that have something for it."""
    return pytest.mark.parametrize("page", [page for page in PAGES if condition(page)], ids=name_of)


@every_page
def test_blocks_are_of_a_known_language(page: Path) -> None:
    assert {block.language for block in blocks(page)} <= LANGUAGES
    assert page.read_text().count("```") == 2 * len(blocks(page))


@chosen(lambda page: pieces(page, tests=False))
def test_python_runs_from_the_top_of_the_page_to_its_end(page: Path, tmp_path: Path) -> None:
    session = ""
    for block in pieces(page, tests=False):
        session += "\n" * (block.line - 1 - session.count("\n")) + block.text
    pasted = tmp_path / page.with_suffix(".py").name
    pasted.write_text(session)
    done = subprocess.run([sys.executable, str(pasted)], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


@chosen(lambda page: pieces(page, tests=True))
def test_tests_pass_when_pasted(page: Path, tmp_path: Path) -> None:
    for number, block in enumerate(pieces(page, tests=True)):
        (tmp_path / f"test_pasted_{number}.py").write_text(block.text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("bash") is None, reason="needs bash and curl")
@chosen(lambda page: list(commands(page)))
def test_commands_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    with Console(tmp_path) as console:
        for command in commands(page):
            console.run(command)


@every_page
def test_data_can_be_read(page: Path) -> None:
    for block in blocks(page):
        if block.language == "json":
            json.loads(block.text)


@chosen(lambda page: [block for block in blocks(page) if source_of(block)])
def test_what_is_quoted_stands_in_its_file(page: Path) -> None:
    for block in blocks(page):
        source = source_of(block)
        if source is not None:
            quoted = block.text.partition("\n")[2].strip()
            assert quoted in source.read_text(), f"{name_of(source)} has changed: quote it again in {name_of(page)}"


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert ROOT in target.parents, link
        assert not anchor or anchor in anchors(target), link


def test_the_readme_names_every_page() -> None:
    named = {(ROOT / link.partition("#")[0]).resolve() for link in links(ROOT / "README.md")}
    missing = [name_of(page) for page in PAGES if page not in named and page.name != "README.md"]
    assert not missing, f"README.md, under More, has no link to {missing}"
