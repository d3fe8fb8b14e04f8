"""Tables of the ``_cat`` APIs: which columns are shown, in which order, and how a cell is written (``RestTable``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from fake_es.patterns.wildcards import simple_match
from fake_es.wire.call import Call
from fake_es.wire.durations import time_text
from fake_es.wire.errors import UnsupportedOperation
from fake_es.wire.media_types import accepted_format
from fake_es.wire.sizes import size_text

# Cells by column name; a column that is missing is empty.
Row = Mapping[str, Any]

_DATA_FORMATS = frozenset({"json", "yaml", "cbor", "smile", "x-ndjson"})
_SIZE_UNITS = {unit: 1 << 10 * power for power, unit in enumerate("bkmgtp")}
_TIME_UNITS = {"nanos": 1e-6, "micros": 1e-3, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


class Size(int):
    """A cell that is a number of bytes: ``bytes=`` chooses its unit."""


class Millis(int):
    """A cell that is a duration in milliseconds: ``time=`` chooses its unit."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the short names a client may ask for it by, and what ``help`` says of it.

    ``default`` says whether it is shown unasked, ``right`` whether it is aligned to the right; ``since`` and ``until``
    are the first release that has it and the first that has it no more.
    """

    name: str
    aliases: tuple[str, ...] = ()
    description: str = "not available"
    default: bool = True
    right: bool = False
    since: tuple[int, ...] = (0,)
    until: tuple[int, ...] = (99,)

    def known_in(self, version: tuple[int, ...]) -> bool:
        """Whether that release has the column."""
        return self.since <= version < self.until

    def fits(self, pattern: str) -> bool:
        """Whether a pattern with wildcards means this column, by its name or a short one."""
        return any(simple_match(name, pattern) for name in (self.name, *self.aliases))


# A column and the name it is shown by: the one the client used.
_Shown = tuple[Column, str]


def show_table(call: Call, columns: Sequence[Column], rows: Sequence[Row]) -> Any:
    """The table as the call wants it: lines of text, or with ``format`` or Accept a list of objects full of strings.

    :raises UnsupportedOperation: 500, ``s`` names no column.
    """
    known = [column for column in columns if column.known_in(call.version)]
    shown = _chosen(call, known)
    ordered = _sorted(rows, call.query.get("s", ""), known)
    if _wants_data(call):
        return [{name: _written(row.get(column.name), call) for column, name in shown} for row in ordered]
    lines = [[_written(row.get(column.name), call) or "" for column, _ in shown] for row in ordered]
    if call.params["v"]:
        lines.insert(0, [name for _, name in shown])
    return _aligned(lines, [column.right for column, _ in shown])


def help_text(call: Call, columns: Sequence[Column]) -> str:
    """What ``?help`` answers: a line for each column with its names and its meaning."""
    known = [column for column in columns if column.known_in(call.version)]
    cells = [(column.name, ",".join(column.aliases), column.description) for column in known]
    widths = [max(map(len, part)) for part in zip(*cells)]
    return "".join(" | ".join(text.ljust(width) for text, width in zip(line, widths)) + "\n" for line in cells)


def _wants_data(call: Call) -> bool:
    named = call.query.get("format") or accepted_format(call.version, call.headers.get("accept"))
    return named in _DATA_FORMATS


def _chosen(call: Call, columns: Sequence[Column]) -> list[_Shown]:
    wanted = call.query.get("h")
    if wanted is None:
        shown = [(column, column.name) for column in columns if column.default]
    else:
        shown = [pair for name in wanted.split(",") for pair in _meant(name.strip(), columns)]
    stamped = call.params["ts"]
    return [(column, name) for column, name in shown if stamped or name not in ("epoch", "timestamp")]


def _meant(name: str, columns: Sequence[Column]) -> list[_Shown]:
    if "*" in name:
        return [(column, column.name) for column in columns if column.fits(name)]
    column = _find(name, columns)
    return [] if column is None else [(column, name)]


def _find(name: str, columns: Sequence[Column]) -> Column | None:
    """The column of that name; of several with that short name the last, as the server's map of aliases has it."""
    by_name = (column for column in columns if column.name == name)
    by_alias = (column for column in reversed(columns) if name in column.aliases)
    return next(by_name, None) or next(by_alias, None)


def _sorted(rows: Sequence[Row], keys: str, columns: Sequence[Column]) -> Sequence[Row]:
    ordered = list(rows)
    for key in reversed([part for part in keys.split(",") if part]):
        name = key.removesuffix(":desc").removesuffix(":asc")
        column = _find(name, columns)
        if column is None:
            raise UnsupportedOperation(f"Unable to sort by unknown sort key `{name}`")
        by_cell = cmp_to_key(lambda left, right, name=column.name: _compare(left.get(name), right.get(name)))  # type: ignore[misc]
        ordered.sort(key=by_cell, reverse=key.endswith(":desc"))
    return ordered


def _compare(left: Any, right: Any) -> int:
    """Empty cells first; cells of one type by their order, others as text."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if type(left) is not type(right):
        left, right = str(left), str(right)
    return int(left > right) - int(left < right)


def _written(value: Any, call: Call) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Size):
        factor = _SIZE_UNITS.get(call.query.get("bytes", "").lower()[:1])
        return size_text(value) if factor is None else str(int(value) // factor)
    if isinstance(value, Millis):
        unit = _TIME_UNITS.get(call.query.get("time", ""))
        return time_text(value) if unit is None else str(int(value / unit))
    return str(value)


def _aligned(lines: list[list[str]], right: list[bool]) -> str:
    widths = [max(map(len, cells)) for cells in zip(*lines)]
    last = len(widths) - 1
    return "".join(
        " ".join(
            cell.rjust(width) if to_right else cell if place == last else cell.ljust(width)
            for place, (cell, width, to_right) in enumerate(zip(line, widths, right))
        )
        + "\n"
        for line in lines
    )
