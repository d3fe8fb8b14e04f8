"""``python -m tests.mutants [ROOM...]``: change the code a little, again and again, and see whether a test notices.

Survivors are printed, and a table: ``equivalent`` are those known to change nothing, which are not run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.mutants import running
from tests.mutants.equivalent import reason_to_skip
from tests.mutants.mutations import Mutant, mutants_of
from tests.mutants.rooms import ROOMS, Room

_LINE = "{:<12} {:>8} {:>11} {:>7} {:>9} {:>6} {:>8}"
_MOST_SURVIVORS = 0.1


class Figures(NamedTuple):
    """What came of a room; ``seconds`` is the time it took."""

    equivalent: int
    killed: int
    survived: list[Mutant]
    seconds: float

    @property
    def share(self) -> float:
        """Survivors among those that could be killed."""
        return len(self.survived) / max(1, self.killed + len(self.survived))


def main(arguments: Sequence[str] | None = None) -> int:
    """Answers 0, or 1 where more than a tenth survive in a room."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="ROOM", help=f"rooms to go through (default all): {', '.join(ROOMS)}")
    parser.add_argument("-j", "--processes", type=int, default=1, help="mutants at a time (default %(default)s)")
    parser.add_argument("--only", type=Path, metavar="FILE", help="only mutants named in this file, as --survivors wrote them")
    parser.add_argument("--survivors", type=Path, metavar="FILE", help="write the names of those that survive")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.names) - ROOMS.keys())
    if unknown:
        parser.error(f"no room is named {', '.join(unknown)}: there are {', '.join(ROOMS)}")
    running.load_shared()
    only = set(json.loads(chosen.only.read_text())) if chosen.only else None
    print(_LINE.format("room", "mutants", "equivalent", "killed", "survived", "share", "seconds"), flush=True)
    found = {name: _go_through(name, ROOMS[name], chosen.processes, only) for name in chosen.names or ROOMS}
    if chosen.survivors:
        chosen.survivors.write_text(
            json.dumps([mutant.name for figures in found.values() for mutant in figures.survived], indent=1)
        )
    return 1 if any(figures.share > _MOST_SURVIVORS for figures in found.values()) else 0


def _go_through(name: str, room: Room, processes: int, only: set[str] | None) -> Figures:
    began = time.monotonic()
    mutants = [mutant for module in room.modules for mutant in mutants_of(module) if only is None or mutant.name in only]
    wanted = [mutant for mutant in mutants if reason_to_skip(mutant) is None]
    survived: list[Mutant] = []
    for mutant in running.surviving(room, wanted, running.select(room), processes) if wanted else ():
        survived.append(mutant)
        print(f"  {mutant.module}:{mutant.line} {mutant.place}\n    - {mutant.before}\n    + {mutant.after}", flush=True)
    figures = Figures(len(mutants) - len(wanted), len(wanted) - len(survived), survived, time.monotonic() - began)
    counted = (len(mutants), figures.equivalent, figures.killed, len(survived), f"{figures.share:.1%}", round(figures.seconds))
    print(_LINE.format(name, *counted), flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
