"""The page that says which APIs are emulated, written from the operation table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from fake_es.operations import all_operations
from fake_es.version import NEWEST
from fake_es.wire.operation import NEVER, Operation, Route

_INTRODUCTION = """\
# Which APIs are emulated

This page is written by `fake-es operations --markdown`; the suite checks that it is up to date.
"501" is the answer of an API that Elasticsearch has and this double has not: it names the API and changes nothing.
An API that is not listed is unknown here: its path is answered as a release that does not have it would answer.

{yes} of {all} APIs are emulated. Paths are those of {newest}; before 7.0 `/_ml` was `/_xpack/ml` and `/_security` was
`/_xpack/security`, which 7.x still answers. The APIs of security exist where security is on.
"""


def coverage_page() -> str:
    """The page as Markdown: a table for each group of APIs, such as ``ml``."""
    operations = sorted((each for each in all_operations() if not each.name.startswith("fake.")), key=place_of)
    yes = sum(each.supported for each in operations)
    parts = [_INTRODUCTION.format(yes=yes, all=len(operations), newest=f"{NEWEST.major}.x")]
    for group, members in groupby(operations, key=group_of):
        parts.append("\n".join([f"## {group}", "", "| API | Requests | Since | Emulated |", "| --- | --- | --- | --- |"]))
        parts[-1] += "".join(f"\n{line}" for line in map(_line, members)) + "\n"
    return "\n".join(parts)


def group_of(operation: Operation) -> str:
    """The group that an API is listed in, such as ``ml``."""
    group, dot, _ = operation.name.partition(".")
    return group if dot else "core"


def place_of(operation: Operation) -> tuple[bool, str, str]:
    """Machine learning comes first, for that is what all of this is about."""
    return group_of(operation) != "ml", group_of(operation), operation.name


def _line(operation: Operation) -> str:
    requests = "<br>".join(f"`{methods} {path}`" for path, methods in _requests(operation))
    since = min(route.since for route in operation.routes)
    mark = "yes" if operation.supported else "501"
    return f"| {operation.name} | {requests} | {since[0]}.{since[1]} | {mark} |"


def _requests(operation: Operation) -> Iterator[tuple[str, str]]:
    """Paths with their methods, of the newest release or, for what that has no longer, of the last that had it."""
    last = max(route.until for route in operation.routes)
    routes: list[Route] = [route for route in operation.routes if route.until == last or route.until == NEVER]
    for path in dict.fromkeys(route.template for route in routes):
        yield path, ",".join(sorted(route.method for route in routes if route.template == path))
