"""docs/releases.md, written from the table: ``python -m tests.releases.page``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from fake_es.version import Version
from tests.releases.change import ABSENT, Answer, Change
from tests.releases.table import changes

INTRODUCTION = """\
# What changed for a client

Release by release, what a client of the machine-learning APIs sees change, from 5.4 to {newest}. The emulator answers as each
release does. This page is written from the table in `tests/releases`. The suite sends each request to the release before the
change and to the release that has it. `make pages` writes the page again.

`{{ml}}` stands for `/_xpack/ml` up to 6.x and for `/_ml` from 7.0. Sources are pull requests of elastic/elasticsearch (`#`), of
its older private repository (`x-pack #`) and of elastic/ml-cpp (`ml-cpp #`), or classes of the server.
"""
HEAD = "| Area | What a client sees | Request | Before | From then on | Source |\n| --- | --- | --- | --- | --- | --- |"


def page() -> str:
    """The page as Markdown: a section for each release that changed something."""
    parts = [INTRODUCTION.format(newest=_line(max(change.releases[-1] for change in changes())))]
    for line, rows in groupby(changes(), key=lambda change: change.releases[0][:2]):
        ordered = sorted(rows, key=lambda change: (change.area, change.releases[0]))
        parts.append("\n".join([f"## {line[0]}.{line[1]}", "", HEAD, *map(_row, ordered)]) + "\n")
    return "\n".join(parts)


def _line(release: Version) -> str:
    return f"{release.major}.{release.minor}"


def _row(change: Change) -> str:
    says = change.says
    if any(release.patch for release in change.releases):
        says += f" Since {', '.join(map(str, change.releases))}."
    if change.until is not None:
        says += f" Until {change.until}."
    cells = (change.area, says, f"`{_shown(change.ask.request)}`", _answer(change.before), _answer(change.after), change.source)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _shown(request: str) -> str:
    """A request without its values in the query string being too long for a table."""
    return request if len(request) <= 80 else request[:77] + "..."


def _answer(answer: Answer) -> str:
    return ", ".join(_parts(answer))


def _parts(answer: Answer) -> Iterator[str]:
    yield str(answer.status)
    if answer.says:
        yield f"`{_one_line(answer.says)}`"
    elif answer.type:
        yield f"`{answer.type}`"
    if answer.warns is not None:
        yield f"warning `{_one_line(answer.warns)}`" if answer.warns else "no warning"
    for path, value in answer.has.items():
        name = path.replace("\\", "")
        if isinstance(value, (str, int, float, bool, type(None))):
            yield f"`{name}`: `{value!r}`" if isinstance(value, str) else f"`{name}`: `{str(value).lower()}`"
        else:
            yield f"no `{name}`" if value is ABSENT else f"`{name}`"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


if __name__ == "__main__":
    print(page(), end="")
