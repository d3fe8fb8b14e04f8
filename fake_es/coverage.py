"""Writes docs/coverage.md, the page of emulated APIs, from the table of operations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from fake_es.operations import all_operations
from fake_es.version import NEWEST
from fake_es.wire.operation import NEVER, Operation, Route

_INTRODUCTION = """\
# Which APIs are emulated

`fake-es operations --markdown` writes this page. The suite checks that it is up to date.

{yes} of {all} APIs are emulated. "501" marks an API that Elasticsearch has and fake_es does not emulate. A request to it gets
status 501 with the name of the API, and changes nothing. fake_es knows no other APIs. A request to one of those gets the error
of a release that does not have it.

Paths are those of {newest}. Up to 6.x, `/_ml` is `/_xpack/ml`, and `/_security` is `/_xpack/security`; 7.x answers both. The
APIs of security exist only if security is on.
"""


def coverage_page() -> str:
    """The page as Markdown, with a table for each group of APIs (such as ``ml``)."""
    operations = sorted((each for each in all_operations() if not each.name.startswith("fake.")), key=place_of)
    yes = sum(each.supported for each in operations)
    parts = [_INTRODUCTION.format(yes=yes, all=len(operations), newest=f"{NEWEST.major}.x")]
    for group, members in groupby(operations, key=group_of):
        parts.append("\n".join([f"## {group}", "", "| API | Requests | Since | Emulated |", "| --- | --- | --- | --- |"]))
        parts[-1] += "".join(f"\n{line}" for line in map(_line, members)) + "\n"
    return "\n".join(parts)


def group_of(operation: Operation) -> str:
    """The group of an API on the pages: ``ml`` for ``ml.close_job``, ``core`` for a name without a dot."""
    group, dot, _ = operation.name.partition(".")
    return group if dot else "core"


def place_of(operation: Operation) -> tuple[bool, str, str]:
    """The sort key of an API on the pages: machine learning first, then by group and name."""
    return group_of(operation) != "ml", group_of(operation), operation.name


def _line(operation: Operation) -> str:
    requests = "<br>".join(f"`{methods} {path}`" for path, methods in _requests(operation))
    since = min(route.since for route in operation.routes)
    mark = "yes" if operation.supported else "501"
    return f"| {operation.name} | {requests} | {since[0]}.{since[1]} | {mark} |"


def _requests(operation: Operation) -> Iterator[tuple[str, str]]:
    """Paths with their methods: those of the newest release, or of the last release that had the API."""
    last = max(route.until for route in operation.routes)
    routes: list[Route] = [route for route in operation.routes if route.until == last or route.until == NEVER]
    for path in dict.fromkeys(route.template for route in routes):
        yield path, ",".join(sorted(route.method for route in routes if route.template == path))
