"""From the snippets of a test to its steps, which the runner of suites carries out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from fake_es.verify import messages
from fake_es.verify.catches import known_catch
from fake_es.verify.docs.page import DocTest
from fake_es.verify.docs.requests import NoRequest, PageRequest, read_requests
from fake_es.verify.docs.setups import Setups, UnknownSetup
from fake_es.verify.docs.snippets import Snippet
from fake_es.verify.docs.substitutions import is_json_lines, substituted, without_block_quotes
from fake_es.verify.examples import read_example
from fake_es.verify.outcome import Failed, Place
from fake_es.verify.parse import parse_steps
from fake_es.verify.suite import Closeness, Example, Send, Step, Warnings
from fake_es.verify.yaml_text import SuiteError
from fake_es.version import Version


class Unreadable(ValueError):
    """A snippet that cannot be converted to steps, with the place and the reason."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.reason = reason


class StepMaker:
    """Converts the snippets of pages to steps for one release."""

    def __init__(self, version: Version, setups: Setups) -> None:
        self._version = version
        self._setups = setups

    def of_test(
        self, test: DocTest, setups: Iterable[str] = (), *, trying: bool = False, first_time: bool = False
    ) -> tuple[Step, ...]:
        """Steps for the named set-ups, requests and answers of a test.

        :param setups: set-ups in addition to those that the page names.
        :param trying: whether to compare answers that the page skips or does not mark.
        :param first_time: whether the answers were never compared, because the page skips the whole test.
        :raises Unreadable: a snippet cannot be parsed, or a set-up is unknown.
        """
        steps = self.of_setups(setups, test)
        for part in test.parts:
            if part.is_test:
                steps += self.of_requests(part)
            elif part not in test.unmarked and part.value("skip") is None:
                steps.append(self._example(part, Closeness.FIGURES_VARY if first_time else Closeness.EXACT))
            elif trying:
                steps += self._tried_example(part)
        for name in _listed(test.parts, "teardown"):
            steps += self._named(name, test.parts[0], "teardown")
        return tuple(steps)

    def of_setups(self, setups: Iterable[str], test: DocTest) -> list[Step]:
        """Steps of additional set-ups.

        :raises Unreadable: a set-up is unknown.
        """
        return [step for name in setups for step in self._named(name, test.parts[0], "setup")]

    def of_requests(self, snippet: Snippet) -> list[Step]:
        """Steps of the set-ups that a snippet names, and of its requests.

        :raises Unreadable: something is not a request, a body is not JSON, or a set-up is unknown.
        """
        steps = [step for name in _listed([snippet], "setup") for step in self._named(name, snippet, "setup")]
        text = self._text(snippet)
        try:
            written = list(read_requests(text))
        except NoRequest as error:
            reason = messages.NO_REQUEST.format(snippet=snippet, text=error.text)
            raise Unreadable(_line(snippet, error.offset), reason) from None
        last = next((each for each in reversed(written) if not each.yaml), None)
        for each in written:
            steps += self._copied(snippet, each) if each.yaml else [self._send(snippet, each, is_last=each is last)]
        return steps

    def _text(self, snippet: Snippet) -> str:
        try:
            return substituted(snippet.text, snippet.modifiers("s", "non_json"), self._version)
        except Failed as failure:
            raise Unreadable(snippet.place, str(failure)) from None

    def _copied(self, snippet: Snippet, written: PageRequest) -> Iterator[Step]:
        """Steps that a page contains as YAML."""
        place = _line(snippet, written.offset)
        try:
            yield from parse_steps(written.yaml, place)
        except SuiteError as error:
            raise Unreadable(error.place, error.reason) from None

    def _send(self, snippet: Snippet, written: PageRequest, *, is_last: bool) -> Send:
        place = _line(snippet, written.offset)
        try:
            body = without_block_quotes(written.body)
        except Failed as failure:
            raise Unreadable(place, str(failure)) from None
        problem = is_json_lines(body) if body.startswith("{") else None
        if problem is not None:
            raise Unreadable(place, messages.NO_JSON.format(snippet=snippet, problem=problem))
        catch = (snippet.value("catch") or "") if is_last else ""
        if catch and not known_catch(catch):
            raise Unreadable(place, messages.UNKNOWN_CATCH.format(value=catch))
        warnings = Warnings(tuple(each.value for each in snippet.modifiers("warning")))
        checks = snippet.value("skip_shard_failures") is None and not _shows_no_shards(written.target)
        return Send(place, written.method, written.target, body, catch, warnings, checks)

    def _tried_example(self, snippet: Snippet) -> Iterator[Example]:
        """A step for an answer that the page does not compare; nothing if it is not JSON."""
        with suppress(Unreadable):
            yield self._example(snippet, Closeness.FIGURES_VARY)

    def _example(self, snippet: Snippet, closeness: Closeness) -> Example:
        text = self._text(snippet)
        try:
            text = without_block_quotes(text)
            read_example(text, elisions=closeness is not Closeness.EXACT)
        except Failed as failure:
            raise Unreadable(snippet.place, str(failure)) from None
        except (ValueError, RecursionError) as error:
            raise Unreadable(snippet.place, messages.NO_JSON.format(snippet=snippet, problem=error)) from None
        return Example(snippet.first_line, text, closeness)

    def _named(self, name: str, snippet: Snippet, kind: str) -> list[Step]:
        try:
            return self._setups.steps(name, self._version)
        except UnknownSetup:
            raise Unreadable(snippet.place, messages.NO_NAMED_SETUP.format(kind=kind, name=name, snippet=snippet)) from None


def _listed(snippets: Iterable[Snippet], modifier: str) -> Iterator[str]:
    for snippet in snippets:
        for each in snippet.modifiers(modifier):
            yield from each.value.split(",")


def _line(snippet: Snippet, offset: int) -> Place:
    return Place(snippet.place.path, snippet.first_line.line + offset)


def _shows_no_shards(target: str) -> bool:
    return target.startswith(("/_cat", "/_ml/datafeeds/"))
