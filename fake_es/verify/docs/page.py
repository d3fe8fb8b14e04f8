"""From the snippets of a page to its tests: each has a request, the snippets that continue it, and the answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from fake_es.verify import messages
from fake_es.verify.docs.snippets import PageError, Scanned, Snippet
from fake_es.verify.outcome import Place

_SHOWS_DATA = frozenset({"", "js", "json", "javascript", "console-result", "txt", "text"})


@dataclass(slots=True)
class DocTest:
    """A request snippet and the snippets that belong to it; ``parts`` are requests and answers in order.

    ``unmarked`` are blocks after a request that look like its answer but have no directive.
    """

    name: str
    parts: list[Snippet]
    unmarked: list[Snippet] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """The place of the first snippet."""
        return self.parts[0].place

    @property
    def skipped(self) -> str | None:
        """Why the page skips the test; None if it does not."""
        return self.parts[0].value("skip")


@dataclass(slots=True)
class Page:
    """A page: its set-up and teardown for each test, its tests, and its errors."""

    path: str
    setup: Snippet | None = None
    teardown: Snippet | None = None
    tests: list[DocTest] = field(default_factory=list)
    errors: list[PageError] = field(default_factory=list)


def assemble(scanned: Scanned, path: str) -> Page:
    """Combine the snippets of a page to tests."""
    return _Assembly(scanned, path).page


class _Assembly:
    """Adds one snippet after another to a page."""

    def __init__(self, scanned: Scanned, path: str) -> None:
        self.page = Page(path, errors=list(scanned.errors))
        self._previous: Snippet | None = None
        self._is_first = True
        self._continues = ""
        for snippet in scanned.snippets:
            self._take(snippet)
            self._previous = snippet

    def _take(self, snippet: Snippet) -> None:
        if snippet.needs_other_language and snippet.has("CONSOLE", "TEST", "TESTRESPONSE"):
            self._wrong(snippet, messages.USE_JS, language=snippet.language)
        if snippet.has("TESTSETUP"):
            self._set_up(snippet)
        elif snippet.has("TEARDOWN"):
            self._tear_down(snippet)
        elif snippet.is_response:
            self._response(snippet)
        elif snippet.is_test:
            self._request(snippet)
        elif self._looks_like_answer(snippet):
            self.page.tests[-1].unmarked.append(snippet)
            self.page.tests[-1].parts.append(snippet)

    def _set_up(self, snippet: Snippet) -> None:
        if not self._is_first:
            self._wrong(snippet, messages.SETUP_NOT_FIRST)
        self.page.setup = snippet
        self._is_first, self._continues = False, "TESTSETUP"

    def _tear_down(self, snippet: Snippet) -> None:
        if not self._is_first and self._continues != "TESTSETUP":
            self._wrong(snippet, messages.TEARDOWN_NOT_FIRST)
        self.page.teardown = snippet
        self._is_first, self._continues = False, "TEARDOWN"

    def _response(self, snippet: Snippet) -> None:
        if not self.page.tests:
            self._wrong(snippet, messages.NO_PREVIOUS)
            return
        self.page.tests[-1].parts.append(snippet)

    def _request(self, snippet: Snippet) -> None:
        if snippet.value("continued") is None:
            self.page.tests.append(DocTest(self._name(snippet), [snippet]))
        elif self._continues or not self.page.tests:
            wording = messages.CONTINUED_AFTER if self._continues else messages.FIRST_CONTINUED
            self._wrong(snippet, wording, word=self._continues)
        else:
            if snippet.value("skip") is not None:
                self._wrong(snippet, messages.CONTINUED_SKIPPED)
            self.page.tests[-1].parts.append(snippet)
        self._is_first, self._continues = False, ""

    def _name(self, snippet: Snippet) -> str:
        name = snippet.name or f"line_{snippet.place.line}"
        if snippet.name and any(test.name == name for test in self.page.tests):
            self._wrong(snippet, messages.DUPLICATE_SNIPPET, name=name)
            return f"line_{snippet.place.line}"
        return name

    def _looks_like_answer(self, snippet: Snippet) -> bool:
        """Whether a snippet is JSON directly after a request of the present test."""
        follows = self._previous is not None and self.page.tests and self._previous is self.page.tests[-1].parts[-1]
        return bool(follows) and snippet.language in _SHOWS_DATA and snippet.text.lstrip()[:1] in ("{", "[")

    def _wrong(self, snippet: Snippet, wording: str, **details: str) -> None:
        self.page.errors.append(PageError(snippet.place, wording.format(snippet=snippet, **details)))
