"""Reports of a run: a summary and a table as text, JUnit XML, and JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from fake_es.verify.outcome import Outcome, Result

# Characters that XML 1.0 does not allow.
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FileResult(NamedTuple):
    """The result of one test, with its file and name."""

    path: str
    name: str
    result: Result


def by_page(results: Iterable[FileResult]) -> dict[str, list[FileResult]]:
    """Results by file, in order."""
    pages: dict[str, list[FileResult]] = {}
    for each in results:
        pages.setdefault(each.path, []).append(each)
    return pages


def counts(results: Iterable[FileResult]) -> Counter[Outcome]:
    """Number of tests by outcome."""
    return Counter(each.result.outcome for each in results)


def table(results: list[FileResult]) -> Iterator[str]:
    """The lines of a table: for each page the number of tests by outcome, then the sums."""
    yield "  ".join([*(f"{outcome.value:>8}" for outcome in Outcome), "page"])
    for path, tests in by_page(results).items():
        yield _row(counts(tests), path)
    yield _row(counts(results), "all")


def _row(counted: Counter[Outcome], name: str) -> str:
    return "  ".join([*(f"{counted[outcome]:>8}" for outcome in Outcome), name])


def summary(results: Iterable[Result]) -> Iterator[str]:
    """The lines of a summary: each failure, the number of skipped tests by reason, the number of tests by outcome."""
    results = list(results)
    yield from (str(result) for result in results if result.outcome is Outcome.FAILED)
    reasons = Counter(result.reason for result in results if result.outcome is Outcome.SKIPPED)
    yield from (f"skipped {count}: {reason}" for reason, count in sorted(reasons.items()))
    outcomes = Counter(result.outcome for result in results)
    shown = [outcome for outcome in Outcome if outcome is not Outcome.PROMOTED or outcomes[outcome]]
    yield ", ".join(f"{outcomes[outcome]} {outcome.value}" for outcome in shown)


def write_json(file: Path, version: str, results: list[FileResult]) -> None:
    """Write a run as a JSON object with ``version``, ``summary`` and ``tests``.

    :raises OSError: the file cannot be written.
    """
    counted = counts(results)
    document = {
        "version": version,
        "summary": {outcome.value: counted[outcome] for outcome in Outcome},
        "tests": [_entry(each) for each in results],
    }
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _entry(results: FileResult) -> dict[str, Any]:
    result = results.result
    return {
        "page": results.path,
        "name": results.name,
        "outcome": result.outcome.value,
        "line": result.place.line,
        "file": result.place.path,
        "reason": result.reason,
        "advice": [{"line": each.place.line, "old": each.old, "new": each.new} for each in result.advice],
        "seconds": round(result.seconds, 6),
    }


def write_junit(file: Path, results: list[FileResult]) -> None:
    """Write a run as JUnit XML, with a suite per page. Promoted tests count as passed.

    :raises OSError: the file cannot be written.
    """
    root = ElementTree.Element("testsuites")
    for path, tests in by_page(results).items():
        suite = ElementTree.SubElement(root, "testsuite", _numbers(path, tests))
        for each in tests:
            _add_case(suite, each)
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)


def _numbers(path: str, tests: list[FileResult]) -> dict[str, str]:
    counted = counts(tests)
    return {
        "name": _speakable(path),
        "tests": str(len(tests)),
        "failures": str(counted[Outcome.FAILED]),
        "errors": "0",
        "skipped": str(counted[Outcome.SKIPPED]),
        "time": f"{sum(each.result.seconds for each in tests):.3f}",
    }


def _add_case(suite: ElementTree.Element, results: FileResult) -> None:
    result = results.result
    names = {"classname": _speakable(results.path), "name": _speakable(results.name), "time": f"{result.seconds:.3f}"}
    case = ElementTree.SubElement(suite, "testcase", names | {"file": result.place.path, "line": str(result.place.line)})
    text = _speakable(result.reason)
    if result.outcome is Outcome.FAILED:
        ElementTree.SubElement(case, "failure", {"message": text.partition("\n")[0]}).text = f"{result.place}: {text}"
    elif result.outcome is Outcome.SKIPPED:
        ElementTree.SubElement(case, "skipped", {"message": text})
    elif result.advice:
        ElementTree.SubElement(case, "system-out").text = _speakable("\n".join(map(str, result.advice)))


def _speakable(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
