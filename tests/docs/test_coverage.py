"""The coverage page, which the operation table writes."""

from __future__ import annotations

import pytest

from fake_es.cli import main
from fake_es.operations import all_operations
from tests.docs.pages import ROOT


def test_the_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operations", "--markdown"]) == 0
    written = (ROOT / "docs" / "coverage.md").read_text()
    assert capsys.readouterr().out == written, "write it again: fake-es operations --markdown > docs/coverage.md"


def test_the_page_of_privileges_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["operations", "--privileges"]) == 0
    written = (ROOT / "docs" / "privileges.md").read_text()
    assert capsys.readouterr().out == written, "write it again: fake-es operations --privileges > docs/privileges.md"


def test_every_api_has_its_line() -> None:
    page = (ROOT / "docs" / "coverage.md").read_text().splitlines()
    for operation in all_operations():
        lines = [line for line in page if line.startswith(f"| {operation.name} |")]
        assert len(lines) == (0 if operation.name.startswith("fake.") else 1)
        assert all(line.endswith("| yes |" if operation.supported else "| 501 |") for line in lines)
