"""Declares ``_cat`` APIs: routes, columns, and a function that returns the rows (``AbstractCatAction``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import Names, Operation, Route
from fake_es.wire.parameters import Parameter
from fake_es.wire.tables import Column, Row, help_text, show_table

Rows = Callable[[Call, Cluster], Sequence[Row]]
# The columns, or a function that returns the columns for a call.
Columns = Sequence[Column] | Callable[[Call], Sequence[Column]]

# Parameters of all tables (``AbstractCatAction.RESPONSE_PARAMS``).
_SHARED = (
    *(Parameter(name, parameters.TEXT) for name in ("h", "s", "bytes", "size", "time")),
    *(
        Parameter(name, parameters.BOOLEAN, default)
        for name, default in (("v", False), ("help", False), ("ts", True), ("pri", False))
    ),
)
LOCAL = (Parameter("local", parameters.BOOLEAN, False), Parameter("master_timeout", parameters.TIME))


def cat(
    name: str,
    *,
    routes: Sequence[Route],
    action: str,
    columns: Columns,
    query: Sequence[Parameter] = (),
    names: Names | None = None,
) -> Callable[[Rows], Operation]:
    """Declare the decorated function, which returns the rows, as a ``_cat`` operation."""

    def declare(rows: Rows) -> Operation:
        def handler(call: Call, cluster: Cluster) -> Any:
            known = columns(call) if callable(columns) else columns
            return help_text(call, known) if call.params["help"] else show_table(call, known, rows(call, cluster))

        handler.__doc__ = rows.__doc__
        return Operation(name, tuple(routes), action, handler, (*_SHARED, *query), names=names)

    return declare


def cat_routes(*paths: str, since: tuple[int, ...] = (5, 4)) -> tuple[Route, ...]:
    """``GET`` routes below ``/_cat``."""
    return tuple(Route("GET", "/_cat" + path, since=since) for path in paths)
