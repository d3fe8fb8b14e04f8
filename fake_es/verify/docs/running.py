"""Runs the tests of pages, and tries those that the page skips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import chain, pairwise
from typing import Any, NamedTuple

from fake_es.verify import messages
from fake_es.verify.docs.answer_setups import requests_for_answer
from fake_es.verify.docs.inference import likely_setups
from fake_es.verify.docs.page import DocTest, Page
from fake_es.verify.docs.promotion import Compared, advice, beginning_with, expecting, is_left_out, promoted, without_catch
from fake_es.verify.docs.setups import Setups
from fake_es.verify.docs.snippets import Snippet
from fake_es.verify.docs.steps import StepMaker, Unreadable
from fake_es.verify.examples import read_example
from fake_es.verify.outcome import Differs, Outcome, Place, Result, UnexpectedWarnings, WrongStatus
from fake_es.verify.runner import Runner
from fake_es.verify.suite import Example, Section, Send, Step, Suite
from fake_es.verify.yaml_text import SuiteError

# Statuses for a resource that does not exist or is in the wrong state.
_NEEDS_SETUP = frozenset({404, 409})
# Errors of invalid requests, which do not depend on the data (``RestController``, ``BaseRestHandler``).
_INVALID_REQUEST = re.compile(
    r"[Nn]o handler found for uri|Incorrect HTTP method|Unexpected http method|contains unrecognized parameter"
)


class Skipping(Enum):
    """What to do with snippets that a page skips."""

    KEEP = "keep"
    TRY = "try"
    FAIL = "fail"


class Attempt(NamedTuple):
    """A test with additional set-ups, and its steps.

    ``has_answer_setup`` tells whether it begins with requests that create everything that its answer shows.
    """

    test: DocTest
    setups: tuple[str, ...]
    steps: tuple[Step, ...]
    has_answer_setup: bool = False


class DocRunner:
    """Runs pages with a runner of suites. The runner's ``example_observer`` must be the method ``note``."""

    def __init__(self, setups: Setups, skipping: Skipping) -> None:
        self.setups = setups
        self.skipping = skipping
        self._compared: list[Compared] = []

    def note(self, example: Example, expected: Any, actual: Any) -> None:
        """Note an example that was compared successfully."""
        self._compared.append(Compared(example.place, expected, actual))

    def run(self, runner: Runner, page: Page, test: DocTest) -> Result:
        """Run one test of a page."""
        name = f"{page.path}/{test.name}"
        if test.skipped is not None and self.skipping is Skipping.KEEP:
            reason = messages.SKIPPED_SNIPPET.format(reason=test.skipped)
            return Result(Outcome.SKIPPED, name, test.place, reason)
        if test.skipped is not None and self.skipping is Skipping.FAIL:
            reason = messages.SKIPPED_IS_FAILURE.format(reason=test.skipped)
            return Result(Outcome.FAILED, name, test.place, reason)
        try:
            return _Trial(self, runner, page, test).result(name)
        except SuiteError as error:
            # A set-up cannot be parsed.
            return Result(Outcome.FAILED, name, error.place, error.reason)

    def attempt(self, runner: Runner, suite: Suite, section: Section) -> tuple[Result, list[Compared]]:
        """Run a section once. Return its result and the examples that were compared successfully."""
        self._compared = []
        return runner.run_section(suite, section), self._compared


class _Trial:
    """One test of a page, which is tried in several ways until it passes."""

    def __init__(self, docs: DocRunner, runner: Runner, page: Page, test: DocTest) -> None:
        self._docs = docs
        self._runner = runner
        self._page = page
        self._test = test
        self._maker = StepMaker(runner.version, docs.setups)

    def result(self, name: str) -> Result:
        """The result of the first way that passes, or of the way that came furthest."""
        plain = None
        try:
            if self._test.skipped is None:
                plain, _ = self._run(self._maker.of_test(self._test, self._page_setups()))
        except Unreadable as error:
            return Result(Outcome.FAILED, name, error.place, error.reason)
        if plain is not None and (plain.outcome is not Outcome.PASSED or not self._is_to_be_tried):
            return plain
        try:
            return self._tried(name, plain)
        except Unreadable as error:
            return plain or self._still_skipped(name, error.place, messages.CANNOT_BE_TRIED, error.reason)

    @property
    def _is_to_be_tried(self) -> bool:
        return self._docs.skipping is Skipping.TRY and is_left_out(self._test)

    def _page_setups(self) -> list[str]:
        """The set-ups from ``pages.json`` for a page that names none itself."""
        names_some = self._page.setup is not None or any(part.value("setup") for part in self._test.parts)
        return [] if names_some else self._docs.setups.of_page(self._page.path)

    def _run(self, steps: tuple[Step, ...]) -> tuple[Result, list[Compared]]:
        section = Section(self._test.place, self._test.name, steps=steps)
        setup, teardown = self._around(self._page.setup, "setup"), self._around(self._page.teardown, "teardown")
        return self._docs.attempt(self._runner, Suite(self._page.path, setup, teardown, (section,)), section)

    def _around(self, snippet: Snippet | None, kind: str) -> Section:
        place = snippet.place if snippet else Place(self._page.path, 1)
        return Section(place, kind, steps=tuple(self._maker.of_requests(snippet)) if snippet else ())

    def _tried(self, name: str, plain: Result | None) -> Result:
        best, furthest = plain, (-1 << 30, False, 0)
        for attempt, result, compared in self._tries():
            if result.outcome is Outcome.PASSED:
                found = tuple(advice(self._test, attempt.test, attempt.setups, compared))
                return result._replace(outcome=Outcome.PROMOTED if found else Outcome.PASSED, advice=found)
            reached = _reached(attempt, result)
            if plain is None and reached > furthest:
                best, furthest = result, reached
        assert best is not None
        return self._still_skipped(name, best.place, messages.NEEDS_SETUP, best.reason) if _wants_other_setup(best) else best

    def _still_skipped(self, name: str, place: Place, wording: str, failure: str) -> Result:
        return Result(Outcome.SKIPPED, name, place, wording.format(reason=self._test.skipped, failure=failure))

    def _tries(self) -> Iterator[tuple[Attempt, Result, list[Compared]]]:
        """Ways to run the test, and their results. If only warnings made one fail, it is tried again with them."""
        meant = promoted(self._test, self._docs.setups)
        # If only the skipped test expects an error, the reason may be a missing set-up.
        for attempt in chain(self._attempts(meant), self._attempts(without_catch(meant)) if self._is_caught(meant) else ()):
            result, compared = self._run(attempt.steps)
            if isinstance(result.failure, UnexpectedWarnings):
                test = expecting(attempt.test, result.failure.warnings)
                if test is not attempt.test:
                    attempt = self._attempt(test, attempt.setups)._replace(has_answer_setup=attempt.has_answer_setup)
                    result, compared = self._run(attempt.steps)
            yield attempt, result, compared
            if self._is_final(result):
                return

    def _is_final(self, result: Result) -> bool:
        """Whether a request of the page itself is invalid, so that other set-ups do not help."""
        refused = isinstance(result.failure, WrongStatus) and _INVALID_REQUEST.search(result.reason) is not None
        return refused and result.place.path == self._page.path

    def _is_caught(self, meant: DocTest) -> bool:
        return meant.parts[0].value("catch") is not None and self._test.parts[0].value("catch") is None

    def _attempts(self, test: DocTest) -> Iterator[Attempt]:
        """Attempts in this order: the set-ups of the page, of ``pages.json``, by the paths of its requests, by its answer."""
        bare = self._attempt(test, ())
        tried: list[tuple[str, ...]] = [()]
        if not self._page_setups():
            yield bare
        for setups in (tuple(self._page_setups()), *self._likely(bare)):
            if setups not in tried:
                tried.append(setups)
                yield bare._replace(setups=setups, steps=(*self._maker.of_setups(setups, test), *bare.steps))
        prepared = beginning_with(test, self._answer_setup(bare))
        if prepared is not test:
            yield self._attempt(prepared, ())._replace(has_answer_setup=True)

    def _answer_setup(self, attempt: Attempt) -> str:
        """Requests that create everything that the first answer shows."""
        for before, step in pairwise(attempt.steps):
            if isinstance(before, Send) and isinstance(step, Example):
                return requests_for_answer(before, read_example(step.text, elisions=True), self._runner.version)
        return ""

    def _likely(self, attempt: Attempt) -> Iterator[tuple[str, ...]]:
        version, setups = self._runner.version, self._docs.setups
        return likely_setups(attempt.steps, lambda path: setups.making(path, version))

    def _attempt(self, test: DocTest, setups: tuple[str, ...]) -> Attempt:
        first_time = self._test.skipped is not None
        return Attempt(test, setups, self._maker.of_test(test, setups, trying=True, first_time=first_time))


def _wants_other_setup(result: Result) -> bool:
    """Whether the failure of a test may be due to a missing set-up."""
    failure = result.failure
    if isinstance(failure, WrongStatus):
        return failure.status in _NEEDS_SETUP
    return isinstance(failure, Differs) and failure.only_values


def _reached(attempt: Attempt, result: Result) -> tuple[int, bool, int]:
    """How far a run came, for comparison: by the number of steps left, then by the number of differences in an answer.

    A run that created everything that its answer shows comes first, because its differences are the most informative.
    """
    # A substitution may add lines with the place of an existing step. Of such steps the last one counts.
    places = [step.place for step in reversed(attempt.steps)]
    left = places.index(result.place) + 1 if result.place in places else 0
    return -left, attempt.has_answer_setup, -result.failure.count if isinstance(result.failure, Differs) else 0
