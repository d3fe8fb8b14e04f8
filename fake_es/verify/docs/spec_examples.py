"""Examples of Elastic's specification: ``examples/request/*.yaml`` and ``examples/response/*.yaml`` of each API.

A request must be answered with 2xx. A response is compared with the answer to a request of the same API. Only names and
types are compared, because its values are illustrations.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fake_es.verify import messages
from fake_es.verify.docs.inference import likely_setups
from fake_es.verify.docs.requests import NoRequest, PageRequest, read_requests
from fake_es.verify.docs.running import DocRunner
from fake_es.verify.docs.setups import UnknownSetup
from fake_es.verify.outcome import Outcome, Place, Result, WrongStatus
from fake_es.verify.runner import Runner
from fake_es.verify.suite import Closeness, Example, Section, Send, Step, Suite
from fake_es.verify.yaml_text import Node, SuiteError, read_documents

_KEYS = frozenset({"method_request", "value", "summary", "description", "alternatives"})
_NUMBER = re.compile(r"(\d*)$")


@dataclass(frozen=True, slots=True)
class SpecExample:
    """One file: a request, or an answer to one of the requests in ``pairs``."""

    place: Place
    name: str
    request: str = ""
    value: Any = None
    pairs: tuple[SpecExample, ...] = ()

    @property
    def is_request(self) -> bool:
        """Whether it is a request."""
        return bool(self.request)


def read_spec_example(text: str, path: str) -> SpecExample:
    """Parse one file.

    :raises SuiteError: it is not an example.
    """
    documents = read_documents(text, path)
    entries = documents[0].entries() if documents else {}
    unknown = entries.keys() - _KEYS
    if unknown or not entries.keys() & {"method_request", "value"}:
        raise SuiteError(Place(path, 1), messages.NO_SPEC_EXAMPLE.format(names=", ".join(sorted(unknown))))
    value = entries.get("value")
    place = (value or documents[0]).place
    request = entries["method_request"].text() if "method_request" in entries else ""
    return SpecExample(place, Path(path).stem, request, value.plain() if isinstance(value, Node) else None)


def paired(example: SpecExample, requests: Iterable[SpecExample]) -> SpecExample:
    """An answer together with the requests of its API, the one with the same number first."""
    ordered = sorted(requests, key=lambda request: _number(request) != _number(example))
    return replace(example, pairs=tuple(ordered))


def _number(example: SpecExample) -> str:
    found = _NUMBER.search(example.name)
    return found[1] if found else ""


def run_spec_example(docs: DocRunner, runner: Runner, example: SpecExample) -> Result:
    """Run an example without set-ups, then with those of ``pages.json``, then with those that its path suggests."""
    trial = _Trial(docs, runner, example)
    try:
        return trial.result()
    except SuiteError as error:
        return Result(Outcome.FAILED, trial.name, error.place, error.reason)
    except NoRequest as error:
        reason = messages.NO_REQUEST.format(snippet=example.name, text=error.text)
        return Result(Outcome.FAILED, trial.name, example.place, reason)
    except UnknownSetup as error:
        reason = messages.NO_NAMED_SETUP.format(kind="setup", name=error.args[0], snippet=example.name)
        return Result(Outcome.FAILED, trial.name, example.place, reason)


class _Trial:
    """One example, which is tried in several ways until it passes."""

    def __init__(self, docs: DocRunner, runner: Runner, example: SpecExample) -> None:
        self._docs = docs
        self._runner = runner
        self._example = example
        self.name = f"{example.place.path}/{example.name}"

    def result(self) -> Result:
        """The result of the first way that passes. Otherwise of a way with a different answer, or else with an error."""
        best: Result | None = None
        for steps in self._ways():
            empty = Section(self._example.place, "setup")
            section = Section(self._example.place, self._example.name, steps=tuple(steps))
            suite = Suite(self._example.place.path, empty, empty, (section,))
            result, _ = self._docs.attempt(self._runner, suite, section)
            if result.outcome is not Outcome.FAILED:
                return result
            if best is None or (isinstance(best.failure, WrongStatus) and not isinstance(result.failure, WrongStatus)):
                best = result
        return best or Result(Outcome.SKIPPED, self.name, self._example.place, messages.NO_PAIR)

    def _ways(self) -> Iterator[list[Step]]:
        example = self._example
        compared = [] if example.is_request else [self._compared()]
        for request in [example] if example.is_request else [*example.pairs, *self._bound_requests()]:
            sends: list[Step] = list(_sends(request))
            for setups in self._setups(sends):
                first = [step for name in setups for step in self._docs.setups.steps(name, self._runner.version)]
                yield [*first, *sends, *compared]

    def _setups(self, sends: list[Step]) -> list[tuple[str, ...]]:
        bound = [name for name in self._docs.setups.of_page(self._example.place.path) if not _is_request(name)]
        making = lambda path: self._docs.setups.making(path, self._runner.version)  # noqa: E731
        found = [(), *([tuple(bound)] if bound else []), *likely_setups(sends, making)]
        # An answer is best compared with much data; a request needs as little as possible.
        return found if self._example.is_request else found[::-1]

    def _bound_requests(self) -> Iterator[SpecExample]:
        """Requests from ``pages.json`` for an answer whose API has no example of a request."""
        for name in self._docs.setups.of_page(self._example.place.path):
            if _is_request(name):
                yield SpecExample(self._example.place, self._example.name, name)

    def _compared(self) -> Example:
        value = self._example.value
        text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
        return Example(self._example.place, text, Closeness.NAMES_AND_TYPES)


def _is_request(name: str) -> bool:
    return " " in name


def _sends(example: SpecExample) -> Iterator[Send]:
    value = example.value
    body = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
    if " " not in example.request.strip():
        # The path may be in the first line of the value.
        written = next(_requests(f"{example.request} {body.lstrip()}"))
    else:
        written = next(_requests(example.request))
        written = written._replace(body=body.strip() or written.body)
    yield Send(example.place, written.method, written.target, written.body)


def _requests(text: str) -> Iterator[PageRequest]:
    return read_requests(text.rstrip() + "\n")
