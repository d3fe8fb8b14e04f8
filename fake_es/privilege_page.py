"""Writes docs/privileges.md, the page of the privileges that APIs need, from the table of operations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from fake_es.coverage import group_of, place_of
from fake_es.operations import all_operations
from fake_es.security import index_privileges, privileges
from fake_es.security.denials import CONTROL, is_cluster_action
from fake_es.version import NEWEST
from fake_es.wire.operation import Operation

_COLUMNS = ("monitor_ml", "manage_ml", "monitor", "manage", "all")
_INTRODUCTION = """\
# Who may call which API

`fake-es operations --privileges` writes this page. The suite checks that it is up to date. It also compares every API with a
separate list, for each kind of caller in five releases.

With security on, a caller needs a privilege that grants the transport action of the API. The columns are cluster privileges of
a role. The last column has all privileges that grant the action, from the least access to the most, as a refusal names them.
They are those of {newest}; older releases have fewer.

Actions on indices (`indices:...`) need a privilege on the indices. It must be granted on each index that the request names. A
wildcard stands for the indices that the privilege is granted on.

"licence" marks APIs that also need a licence with machine learning. "own account": users need no privilege for requests about
their own account.
"""
_HEAD = f"| API | Action | {' | '.join(f'`{name}`' for name in _COLUMNS)} | Granted by |"
_RULE = "| --- | --- |" + " :-: |" * len(_COLUMNS) + " --- |"


def privilege_page() -> str:
    """The page as Markdown: a table for each group of APIs that are emulated."""
    parts = [_INTRODUCTION.format(newest=f"{NEWEST.major}.{NEWEST.minor}")]
    for group, members in groupby(sorted(filter(_is_shown, all_operations()), key=place_of), key=group_of):
        parts.append("\n".join([f"## {group}", "", _HEAD, _RULE, *map(_line, members)]) + "\n")
    return "\n".join(parts)


def _is_shown(operation: Operation) -> bool:
    return operation.supported and operation.action != CONTROL


def _line(operation: Operation) -> str:
    name = f"{operation.name} (licence)" if operation.feature is not None else operation.name
    return f"| {name} | `{operation.action}` | {' | '.join(_cells(operation))} |"


def _cells(operation: Operation) -> Iterator[str]:
    action = str(operation.action)
    of_cluster = is_cluster_action(action)
    granting = privileges.granting(action, NEWEST) if of_cluster else index_privileges.granting(action, NEWEST)
    for name in _COLUMNS:
        yield "yes" if of_cluster and name in granting else ""
    own = "own account; " if operation.same_user else ""
    yield own + ", ".join(f"`{name}`" for name in granting)
