"""What is kept of a series between buckets: its numbers in one piece, as there may be very many series.

Objects and arrays of their own would weigh more than the numbers in them.
"""

from __future__ import annotations

import struct
from array import array
from itertools import accumulate
from typing import Final

from fake_es.ml.engine.model.seasons import Daily, Grid, Kind, Stretch, Weekly, grids
from fake_es.ml.engine.model.series import SeriesModel

# Count or not, negative values or not, way, number of tables; run and values; times; other numbers of series and residuals.
_HEAD: Final = struct.Struct("=??BBiQqqqq9d")
# Numbers of the arrays behind it: of levels, trend and slow level, then scales and tails of each side.
_DOUBLES: Final = (15, 3, 6, 7, 2, 7, 2, 7)
_ENDS: Final = tuple(accumulate((8 * number for number in _DOUBLES), initial=_HEAD.size))
_CUTS: Final = tuple(map(slice, _ENDS, _ENDS[1:]))
# Bytes of the largest deviations of a side; the tables of seasons, if there are any yet, come last.
_LARGEST: Final = 4 * 5


def pack(model: SeriesModel) -> bytes:
    """All that a model has learnt."""
    residual = model.residual
    below, above = residual.sides
    tables = [table for table in (model.daily, model.weekly, model.stretch) if table is not None]
    head = _HEAD.pack(
        residual.is_count, residual.signed, model.way, len(tables), model.run, model.values,
        model.first, model.last, model.old_until, model.shift, model.size, model.run_sum, model.old_level,
        residual.steady, residual.mean, residual.variance, residual.excess, below.seen, above.seen,
    )  # fmt: skip
    numbers: list[array[float] | array[int]] = [
        model.levels.numbers, model.levels.seen, model.trend.sums, model.sustained.numbers,
        below.scales, below.tails.weights, above.scales, above.tails.weights, below.largest, above.largest,
    ]  # fmt: skip
    for table in tables:
        numbers += (table.means, table.visits)
    return b"".join((head, *numbers))


def unpack(model: SeriesModel, packed: bytes) -> None:
    """Make a model of the same bucket span the one that was packed."""
    residual = model.residual
    below, above = residual.sides
    (
        residual.is_count, residual.signed, model.way, tables, model.run, model.values,
        model.first, model.last, model.old_until, model.shift, model.size, model.run_sum, model.old_level,
        residual.steady, residual.mean, residual.variance, residual.excess, below.seen, above.seen,
    ) = _HEAD.unpack_from(packed)  # fmt: skip
    (
        model.levels.numbers, model.levels.seen, model.trend.sums, model.sustained.numbers,
        below.scales, below.tails.weights, above.scales, above.tails.weights,
    ) = (array("d", packed[cut]) for cut in _CUTS)  # fmt: skip
    end = _ENDS[-1] + _LARGEST
    below.largest, above.largest = array("f", packed[_ENDS[-1] : end]), array("f", packed[end : end + _LARGEST])
    _unpack_tables(model, tables, packed, end + _LARGEST)


def _unpack_tables(model: SeriesModel, number: int, packed: bytes, begin: int) -> None:
    by_day, by_week, scale = grids(model.span)
    model.daily = model.weekly = model.stretch = None
    if number:
        model.daily, begin = _table(Daily, by_day, packed, begin)
    if number > 1:
        model.weekly, begin = _table(Weekly, by_week, packed, begin)
        model.stretch, _ = _table(Stretch, scale, packed, begin)


def _table(kind: type[Kind], grid: Grid, packed: bytes, begin: int) -> tuple[Kind, int]:
    """A table of seasons, and where it ends."""
    middle = begin + 4 * grid.slots
    end = middle + grid.slots * (1 if grid.counter == "B" else 2)
    return kind(grid, array("f", packed[begin:middle]), array(grid.counter, packed[middle:end])), end
