"""From files to tests: pages, suites and examples. The contents of a file tell its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fake_es.verify import messages
from fake_es.verify.docs.page import Page, assemble
from fake_es.verify.docs.running import DocRunner
from fake_es.verify.docs.snippets import Scanned, scan_asciidoc, scan_markdown
from fake_es.verify.docs.spec_examples import SpecExample, paired, read_spec_example, run_spec_example
from fake_es.verify.outcome import Outcome, Place, Result
from fake_es.verify.parse import parse_suite
from fake_es.verify.runner import Runner
from fake_es.verify.yaml_text import SuiteError

_SUFFIXES = frozenset({".asciidoc", ".adoc", ".asc", ".md", ".mdx", ".yml", ".yaml", ".txt"})
_YAML, _MARKDOWNS = frozenset({".yml", ".yaml"}), frozenset({".md", ".mdx"})
_EXAMPLE = re.compile(r"^(method_request|value):", re.MULTILINE)
_SUITE = re.compile(r"""^\s*-\s+\{?["']?do["']?\s*:""", re.MULTILINE)
_SOURCE = re.compile(r'^\["?source', re.MULTILINE)
_FENCE = re.compile(r"^\s*(```|~~~)", re.MULTILINE)
_DASHES = re.compile(r"^-{4,}\s*$", re.MULTILINE)

_Marks = tuple[tuple[str, re.Pattern[str]], ...]
_OF_MARKDOWN: _Marks = (("markdown", _FENCE),)
_OF_PAGES: _Marks = (("asciidoc", _SOURCE), *_OF_MARKDOWN, ("asciidoc", _DASHES))
_OF_YAML: _Marks = (("example", _EXAMPLE), ("suite", _SUITE))

# Runs a test with a runner.
Run = Callable[[DocRunner, Runner], Result]


@dataclass(frozen=True, slots=True)
class Item:
    """One test of a file."""

    place: Place
    name: str
    run: Run


@dataclass(slots=True)
class Source:
    """One file and its tests in order. An error in the file is a test that fails."""

    path: str
    items: list[Item] = field(default_factory=list)


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The named files, and the files in the named folders that have the suffix of a page or suite."""
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.suffix in _SUFFIXES and each.is_file())
        else:
            yield path


def read_sources(paths: Iterable[Path]) -> Iterator[Source]:
    """The tests in files and folders. Files of folders without tests are left out."""
    named = list(paths)
    for file in find_files(named):
        source = read_source(file)
        if source.items or file in named:
            yield source


def read_source(file: Path) -> Source:
    """The tests of one file; none if it is not a page, suite or example."""
    path = file.as_posix()
    try:
        return _parsed(file, _text(file))
    except SuiteError as error:
        return Source(path, [_fault(error.place, error.reason)])


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(Place(file.as_posix(), 1), messages.UNREADABLE.format(problem=error)) from None


def _parsed(file: Path, text: str) -> Source:
    path = file.as_posix()
    kind = kind_of(text, file.suffix)
    if kind == "suite":
        return _suite(text, path)
    if kind == "example":
        example = read_spec_example(text, path)
        return Source(path, [_example_item(example if example.is_request else paired(example, _requests_beside(file)))])
    if kind in _SCANNERS:
        return _page(assemble(_SCANNERS[kind](text, path), path))
    return Source(path)


def _requests_beside(file: Path) -> Iterator[SpecExample]:
    """Examples of requests for the API whose answer this file contains."""
    for other in sorted(file.parent.parent.glob("request/*.yaml")):
        yield read_spec_example(_text(other), other.as_posix())


def kind_of(text: str, suffix: str = "") -> str:
    """``asciidoc``, ``markdown``, ``suite``, ``example`` or empty. If several are possible, the suffix decides."""
    if suffix in _MARKDOWNS:
        marks = _OF_MARKDOWN
    else:
        # A page may quote YAML, so the marks of pages come first. In YAML files the order is reversed.
        marks = _OF_YAML + _OF_PAGES if suffix in _YAML else _OF_PAGES + _OF_YAML
    return next((kind for kind, mark in marks if mark.search(text)), "")


_SCANNERS: dict[str, Callable[[str, str], Scanned]] = {"asciidoc": scan_asciidoc, "markdown": scan_markdown}


def _suite(text: str, path: str) -> Source:
    suite = parse_suite(text, path)
    source = Source(path)
    for section in suite.sections:
        run: Run = lambda docs, runner, section=section: runner.run_section(suite, section)  # type: ignore[misc]  # noqa: E731
        source.items.append(Item(section.place, section.name, run))
    return source


def _page(page: Page) -> Source:
    source = Source(page.path, [_fault(error.place, error.reason) for error in page.errors])
    for test in page.tests:
        run: Run = lambda docs, runner, test=test: docs.run(runner, page, test)  # type: ignore[misc]  # noqa: E731
        source.items.append(Item(test.place, test.name, run))
    return source


def _example_item(example: SpecExample) -> Item:
    return Item(example.place, example.name, lambda docs, runner: run_spec_example(docs, runner, example))


def _fault(place: Place, reason: str) -> Item:
    name = f"{place.path}/page"
    return Item(place, "page", lambda docs, runner: Result(Outcome.FAILED, name, place, reason))
