"""The rooms of docs/architecture.md are those that the rule of imports knows, in its order."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT
from tests.house.test_imports import ROOMS


def test_the_rooms_are_listed_in_their_order() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    section = page.partition("## Rooms")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`(\w+)/?`", row)]
    assert listed == [room for room in ROOMS if not room.startswith("__")]
