"""What mutants are made of is there: files that move or change take their entries along."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.rooms import ROOMS

ROOT = Path(__file__).resolve().parents[2]


def test_the_files_and_their_tests_exist() -> None:
    named = [path for room in ROOMS.values() for path in (*room.modules, *room.tests)]
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_each_line_that_has_an_equivalent_exists() -> None:
    gone = []
    for place, before, _ in EQUIVALENT:
        module, _, function = place.partition(":")
        lines = [line.strip() for line in (ROOT / module).read_text().splitlines()]
        if before not in lines or (function and not any(f" {function}" in line for line in lines)):
            gone.append((place, before))
    assert gone == []
