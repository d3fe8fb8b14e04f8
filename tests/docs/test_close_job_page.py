"""docs/close-job.md speaks of every sentence of the original page, in its words."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT
from tests.shared import CLOSE_JOB_PAGE, needs

pytestmark = needs(CLOSE_JOB_PAGE)


def plain(text: str) -> str:
    """Text without markup and line breaks."""
    return " ".join(re.sub(r"[`*]|::$", "", text, flags=re.MULTILINE).split())


def sentences() -> list[str]:
    """What the original says to its readers: no comments, headings, requests or references."""
    text = re.sub(r"^(////|----+)\n.*?^\1$", "", CLOSE_JOB_PAGE.read_text() + "\n", flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in text.splitlines() if not line.startswith(("//", "=", "[", "`POST"))]
    said = re.split(r"(?<=[.:])\s", plain("\n".join(lines)))
    return [each for each in said if not each.startswith(("For more information", "The following example"))]


def quoted() -> str:
    """All that the page quotes of it."""
    rows = re.findall(r'^\| "(.*?)" \| ', (ROOT / "docs" / "close-job.md").read_text(), re.MULTILINE)
    return " ".join(map(plain, rows))


def test_every_sentence_is_there() -> None:
    assert len(sentences()) > 8
    assert [each for each in sentences() if each not in quoted()] == []
