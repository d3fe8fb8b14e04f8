"""Tables of the ``_cat`` APIs: selection and order of columns, and the form of cells (``RestTable``)."""

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

# Cells by column name; missing cells are empty.
Row = Mapping[str, Any]

_DATA_FORMATS = frozenset({"json", "yaml", "cbor", "smile", "x-ndjson"})
_SIZE_UNITS = {unit: 1 << 10 * power for power, unit in enumerate("bkmgtp")}
_TIME_UNITS = {"nanos": 1e-6, "micros": 1e-3, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


class Size(int):
    """A cell with a number of bytes; the parameter ``bytes`` sets its unit."""


class Millis(int):
    """A cell with a duration in milliseconds; the parameter ``time`` sets its unit."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its short names, and its description in ``help``.

    ``default`` tells whether it is shown without the parameter ``h``, ``right`` whether it is aligned to the right. It
    exists from release ``since`` to before ``until``.
    """

    name: str
    aliases: tuple[str, ...] = ()
    description: str = "not available"
    default: bool = True
    right: bool = False
    since: tuple[int, ...] = (0,)
    until: tuple[int, ...] = (99,)

    def known_in(self, version: tuple[int, ...]) -> bool:
        """Whether this release has the column."""
        return self.since <= version < self.until

    def fits(self, pattern: str) -> bool:
        """Whether a pattern with wildcards matches the name or a short name."""
        return any(simple_match(name, pattern) for name in (self.name, *self.aliases))


# A column and its title: the name that the client used.
_Shown = tuple[Column, str]


def show_table(call: Call, columns: Sequence[Column], rows: Sequence[Row]) -> Any:
    """Render a table: lines of text; with ``format`` or an Accept header, a list of objects with strings.

    :raises UnsupportedOperation: 500, ``s`` names an unknown column.
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
    """The answer to ``?help``: one line per column with its names and description."""
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
    """The column with this name, or the last one with this short name, as in the server's map of aliases."""
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
    """Compare cells for sorting: empty cells first, cells of the same type by value, others as text."""
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
