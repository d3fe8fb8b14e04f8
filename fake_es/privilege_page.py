"""The page that says which privileges each API takes, written from the operation table and the tables of privileges."""

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

This page is written by `fake-es operations --privileges`; the suite checks that it is up to date, and holds every API against a
list of its own for each kind of caller in five releases.

Where security is on, an API is allowed by the name of the transport action behind it. Privileges are those of {newest}, the
least first, as a refusal names them; in another release some are not there yet. The columns are cluster privileges of a role.
Actions on indices are granted by the privileges of a role on each index (the last column names them): names must all be
granted, wildcards mean what is. "licence" marks what also takes a licence with machine learning.
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
    own = "oneself; " if operation.same_user else ""
    yield own + ", ".join(f"`{name}`" for name in granting)
