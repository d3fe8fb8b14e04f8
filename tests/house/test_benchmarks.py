"""The benchmarks: every row can be measured, and a goal is judged as the table says. No time is asserted here."""

from __future__ import annotations

from math import isfinite

import pytest

from benchmarks.__main__ import main
from benchmarks.measure import QUICK, Effort, Measured, Row, compare
from benchmarks.rows import all_rows

# Each starts processes or lays thousands of jobs or records out, even when it is measured quickly.
COSTLY = ("start_test", "close_each", "stats_each", "list_each", "rate_1", "rate_8", "page", "memory_job", "records_100")
ROWS = [pytest.param(row, id=row.name, marks=pytest.mark.nightly if row.name in COSTLY else ()) for row in all_rows()]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_can_be_measured(row: Row) -> None:
    assert isfinite(row.measure(QUICK).value)


def test_names_of_rows_are_unique() -> None:
    names = [row.name for row in all_rows()]
    assert len(names) == len(set(names))


def test_a_stretch_is_harder_than_the_goal() -> None:
    assert all(row.stretch is None or row.meets(row.stretch, row.goal) for row in all_rows())


def row_of(*values: float, goal: float, more: bool = False) -> Row:
    """A row that finds these values, one after another."""
    found = iter(values)
    return Row("made-up", "", lambda effort: Measured(next(found)), goal, more=more)


@pytest.mark.parametrize(
    ("row", "value"),
    [
        pytest.param(row_of(1.9, goal=2), 1.9, id="met at once: measured once"),
        pytest.param(row_of(2.1, 1.9, goal=2), 1.9, id="missed, then met"),
        pytest.param(row_of(2.1, 2.2, goal=2), 2.1, id="missed twice: the better one is told"),
        pytest.param(row_of(1.9, 2.2, goal=2, more=True), 2.2, id="the least allowed"),
    ],
)
def test_a_missed_goal_is_measured_once_more(row: Row, value: float) -> None:
    assert row.run(QUICK).value == value


def test_the_median_of_the_pairs_counts_whatever_the_warm_up_was() -> None:
    ours, base = iter([900.0, 10.0, 30.0, 20.0]), iter([1.0, 10.0, 10.0, 10.0])
    found = compare(Effort(rounds=3), lambda: next(ours), lambda: next(base), ours_per=2, base_per=5, unit="/s")
    assert found == Measured(5.0, "10/s : 2/s")


def test_a_missed_goal_fails_the_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row_of(1.0, goal=2), row_of(3.0, 3.0, goal=2)]
    for row, name, status in zip(rows, ("good", "bad"), (0, 1)):
        monkeypatch.setattr("benchmarks.__main__.all_rows", lambda row=row, name=name: [Row(name, "", row.measure, row.goal)])
        assert main([name]) == status
    assert "MISSED" in capsys.readouterr().out


def test_an_unknown_row_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["no-such-row"])
    assert ended.value.code == 2
    assert "no row is named no-such-row: there are close, open" in capsys.readouterr().err
