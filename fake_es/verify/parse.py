"""Parsing of suite files in the dialects of the server and of the clients (``requires: {serverless, stack}``).

The key of a document tells its kind, in any order. Setup and teardown may contain any step.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fake_es.verify import messages
from fake_es.verify.assertions import ASSERTIONS
from fake_es.verify.catches import known_catch
from fake_es.verify.conditions import CONDITIONS, NEED_NO_REASON, is_range
from fake_es.verify.outcome import Place
from fake_es.verify.suite import Check, Condition, Do, Eventually, Section, Step, Store, Suite, Transform, Warnings
from fake_es.verify.yaml_text import Node, SuiteError, read_documents

_NAME_ONLY = frozenset({"is_true", "is_false", "exists", "not_exists"})
_BLOCKS = ("skip", "requires")
_LISTS_OF_MAPPINGS = frozenset({"capabilities", "known_issues"})
_CALL_SETTINGS = frozenset(
    {
        "catch",
        "headers",
        "node_selector",
        "warnings",
        "warnings_regex",
        "allowed_warnings",
        "allowed_warnings_regex",
    }
)


def read_suite(path: Path, name: str | None = None) -> Suite:
    """Parse a suite file; ``name`` is its name in results, by default its path.

    :raises SuiteError: it is not a suite. The text has file and line.
    """
    shown = str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(Place(shown, 1), messages.UNREADABLE.format(problem=error)) from None
    return parse_suite(text, shown, name)


def parse_suite(text: str, path: str, name: str | None = None) -> Suite:
    """Parse the text of a suite file; ``path`` is its path in places.

    :raises SuiteError: it is not a suite. The text has file and line.
    """
    start = Place(path, 1)
    conditions: list[Condition] = []
    for_clients = False
    sections: dict[str, Section] = {}
    for document in read_documents(text, path):
        key, node = document.only_entry()
        if key == "requires" and isinstance(node.value, dict):
            for_clients = True
            conditions += _client_conditions(node)
        elif key in sections:
            raise SuiteError(document.place, messages.DUPLICATE_TEST.format(name=key))
        else:
            sections[key] = _section(document.place, key, node)
    setup = sections.pop("setup", Section(start, "setup"))
    teardown = sections.pop("teardown", Section(start, "teardown"))
    if not sections:
        raise SuiteError(start, messages.EMPTY)
    return Suite(path if name is None else name, setup, teardown, tuple(sections.values()), tuple(conditions), for_clients)


def parse_steps(text: str, place: Place) -> list[Step]:
    """Parse steps without a test; ``place`` is the place of the text.

    :raises SuiteError: the text does not contain steps.
    """
    found: list[Step] = []
    for document in read_documents("\n" * (place.line - 1) + text, place.path):
        found += _inner_steps(document)
    return found


def _client_conditions(block: Node) -> Iterator[Condition]:
    for kind, node in block.entries().items():
        yield Condition(node.place, "client", kind, node.plain())


def _section(place: Place, name: str, node: Node) -> Section:
    conditions: list[Condition] = []
    steps: list[Step] = []
    for item in node.items():
        kind, body = item.only_entry()
        if kind in _BLOCKS:
            if steps:
                raise SuiteError(item.place, messages.LATE_CONDITION.format(block=kind))
            conditions += _conditions(kind, body)
        else:
            steps += _steps(item.place, kind, body)
    # ``requires`` is checked before ``skip``.
    ordered = sorted(conditions, key=lambda each: _BLOCKS.index(each.block), reverse=True)
    return Section(place, name, tuple(ordered), tuple(steps))


def _conditions(block: str, node: Node) -> Iterator[Condition]:
    entries = node.entries()
    reason = entries["reason"].text() if "reason" in entries else ""
    for kind, value in entries.items():
        if kind == "reason":
            continue
        if (block, kind) not in CONDITIONS:
            raise SuiteError(value.place, messages.UNKNOWN_CONDITION.format(name=kind, block=block))
        if not reason and kind not in NEED_NO_REASON:
            raise SuiteError(value.place, messages.REASON_MISSING.format(block=block))
        if kind == "version" and not is_range(value.text()):
            raise SuiteError(value.place, messages.NO_RANGE.format(value=value.text()))
        if kind in _LISTS_OF_MAPPINGS:
            for element in value.items():
                element.entries()
        yield Condition(value.place, block, kind, value.plain(), reason)


def _steps(place: Place, kind: str, node: Node) -> Iterator[Step]:
    if kind == "do":
        yield _do(place, node)
    elif kind == "set":
        for field, kept in node.entries().items():
            yield Store(place, field, kept.text())
    elif kind == "transform_and_set":
        for name, expression in node.entries().items():
            yield Transform(place, name, expression.text())
    elif kind == "eventually":
        yield Eventually(place, tuple(_inner_steps(node)))
    elif kind in _NAME_ONLY:
        yield Check(place, kind, node.text())
    elif kind in ASSERTIONS:
        for field, expected in node.entries().items():
            yield Check(place, kind, field, expected.plain())
    else:
        raise SuiteError(place, messages.UNKNOWN_STEP.format(name=kind))


def _inner_steps(node: Node) -> Iterator[Step]:
    """The steps in a list of steps."""
    for item in node.items():
        kind, body = item.only_entry()
        yield from _steps(item.place, kind, body)


def _do(place: Place, node: Node) -> Do:
    entries = node.entries()
    calls = [name for name in entries if name not in _CALL_SETTINGS]
    if len(calls) != 1:
        raise SuiteError(place, messages.NOT_ONE_CALL.format(count=len(calls)))
    parameters = dict(entries[calls[0]].entries())
    ignored = parameters.pop("ignore", None)
    return Do(
        place,
        calls[0],
        {name: value.plain() for name, value in parameters.items()},
        _catch(entries["catch"]) if "catch" in entries else "",
        {name: value.text() for name, value in entries["headers"].entries().items()} if "headers" in entries else {},
        frozenset(_statuses(ignored)) if ignored is not None else frozenset(),
        Warnings(
            *(_texts(entries, name) for name in ("warnings", "warnings_regex", "allowed_warnings", "allowed_warnings_regex"))
        ),
    )


def _catch(node: Node) -> str:
    value = node.text().strip()
    if not known_catch(value):
        raise SuiteError(node.place, messages.UNKNOWN_CATCH.format(value=value))
    return value


def _statuses(node: Node) -> Iterator[int]:
    for text in node.texts():
        yield from (int(status) for status in text.split(",") if status.strip().isdigit())


def _texts(entries: dict[str, Node], name: str) -> tuple[str, ...]:
    return tuple(entries[name].texts()) if name in entries else ()
