"""``python -m benchmarks [NAME...]``: measure, print the table, fail where a goal is missed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence

from benchmarks.measure import Effort, Row
from benchmarks.rows import all_rows

_LINE = "{:<14} {:>9} {:>9} {:>9}  {:<8} {:<24} {}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Answers 0 if every goal is met, 1 if one is missed twice, 2 for a name that no row bears."""
    rows = {each.name: each for each in all_rows()}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"rows to measure (default all): {', '.join(rows)}")
    parser.add_argument("--rounds", type=int, default=Effort().rounds, help="pairs of each ratio (default %(default)s)")
    parser.add_argument("--full", action="store_true", help="millions where usually tens of thousands do")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.names) - rows.keys())
    if unknown:
        parser.error(f"no row is named {', '.join(unknown)}: there are {', '.join(rows)}")
    return _table([rows[name] for name in chosen.names or rows], Effort(max(1, chosen.rounds), full=chosen.full))


def _table(rows: Iterable[Row], effort: Effort) -> int:
    print(_LINE.format("row", "measured", "goal", "stretch", "verdict", "figures", "what"))
    missed = 0
    for each in rows:
        found = each.run(effort)
        verdict = _verdict(each, found.value)
        missed += verdict == "MISSED"
        bars = [_bar(each, bar) for bar in (each.goal, each.stretch)]
        print(_LINE.format(each.name, _shown(each, found.value), *bars, verdict, found.figures, each.title), flush=True)
    return 1 if missed else 0


def _verdict(each: Row, value: float) -> str:
    if each.meets(value, each.stretch):
        return "stretch"
    return "met" if each.meets(value, each.goal) else "MISSED"


def _bar(each: Row, bar: float | None) -> str:
    return "" if bar is None else f"{'>=' if each.more else '<='} {bar:g}{_unit(each)}"


def _shown(each: Row, value: float) -> str:
    return f"{value:.{3 if value < 0.1 else 2}f}{_unit(each)}"


def _unit(each: Row) -> str:
    return each.unit if each.unit == "x" else f" {each.unit}"


if __name__ == "__main__":
    sys.exit(main())
