"""A run as files for machines: JUnit's XML, and JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from fake_es.verify.outcome import Outcome, Result

# What XML 1.0 cannot express.
_UNSPEAKABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Told(NamedTuple):
    """One test that was run: the file it is of, its name, and how it came out."""

    path: str
    name: str
    result: Result


def by_page(told: Iterable[Told]) -> dict[str, list[Told]]:
    """Tests by the file they are of, in their order."""
    pages: dict[str, list[Told]] = {}
    for each in told:
        pages.setdefault(each.path, []).append(each)
    return pages


def counts(told: Iterable[Told]) -> Counter[Outcome]:
    """How many tests came out how."""
    return Counter(each.result.outcome for each in told)


def table(told: list[Told]) -> Iterator[str]:
    """Lines of a table: a page a line, its tests by outcome, and the sum of all."""
    yield "  ".join([*(f"{outcome.value:>8}" for outcome in Outcome), "page"])
    for path, tests in by_page(told).items():
        yield _row(counts(tests), path)
    yield _row(counts(told), "all")


def _row(counted: Counter[Outcome], name: str) -> str:
    return "  ".join([*(f"{counted[outcome]:>8}" for outcome in Outcome), name])


def write_json(file: Path, version: str, told: list[Told]) -> None:
    """A run as one JSON object: ``version``, the ``summary``, and the ``tests`` in their order.

    :raises OSError: the file cannot be written.
    """
    counted = counts(told)
    document = {
        "version": version,
        "summary": {outcome.value: counted[outcome] for outcome in Outcome},
        "tests": [_entry(each) for each in told],
    }
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _entry(told: Told) -> dict[str, Any]:
    result = told.result
    return {
        "page": told.path,
        "name": told.name,
        "outcome": result.outcome.value,
        "line": result.place.line,
        "file": result.place.path,
        "reason": result.reason,
        "advice": [{"line": each.place.line, "old": each.old, "new": each.new} for each in result.advice],
        "seconds": round(result.seconds, 6),
    }


def write_junit(file: Path, told: list[Told]) -> None:
    """A run as JUnit's XML, a page a suite; what was promoted has passed.

    :raises OSError: the file cannot be written.
    """
    root = ElementTree.Element("testsuites")
    for path, tests in by_page(told).items():
        suite = ElementTree.SubElement(root, "testsuite", _numbers(path, tests))
        for each in tests:
            _add_case(suite, each)
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _numbers(path: str, tests: list[Told]) -> dict[str, str]:
    counted = counts(tests)
    return {
        "name": _speakable(path),
        "tests": str(len(tests)),
        "failures": str(counted[Outcome.FAILED]),
        "errors": "0",
        "skipped": str(counted[Outcome.SKIPPED]),
        "time": f"{sum(each.result.seconds for each in tests):.3f}",
    }


def _add_case(suite: ElementTree.Element, told: Told) -> None:
    result = told.result
    names = {"classname": _speakable(told.path), "name": _speakable(told.name), "time": f"{result.seconds:.3f}"}
    case = ElementTree.SubElement(suite, "testcase", names | {"file": result.place.path, "line": str(result.place.line)})
    text = _speakable(result.reason)
    if result.outcome is Outcome.FAILED:
        ElementTree.SubElement(case, "failure", {"message": text.partition("\n")[0]}).text = f"{result.place}: {text}"
    elif result.outcome is Outcome.SKIPPED:
        ElementTree.SubElement(case, "skipped", {"message": text})
    elif result.advice:
        ElementTree.SubElement(case, "system-out").text = _speakable("\n".join(map(str, result.advice)))


def _speakable(text: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", text)
