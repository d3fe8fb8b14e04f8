"""Code blocks of a page with their directives, in AsciiDoc, Markdown and MDX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fake_es.verify import messages
from fake_es.verify.docs.directives import BadDirective, Modifier, read_modifiers
from fake_es.verify.outcome import Place


class Directive(NamedTuple):
    """A line such as ``// TEST[skip:todo]``: its word, its modifiers, its place and the line itself."""

    place: Place
    word: str
    modifiers: tuple[Modifier, ...] = ()
    line: str = ""


@dataclass(slots=True)
class Snippet:
    """One code block; ``place`` is the line of its beginning, ``end`` that of its end."""

    place: Place
    language: str
    name: str = ""
    end: int = 0
    lines: list[str] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    # The licence of the page, from ``[testenv="basic"]``.
    licence: str = ""

    def __str__(self) -> str:
        return f"{self.place.path}[{self.place.line}:{self.end}]({self.language or 'no language'})"

    @property
    def text(self) -> str:
        """The lines of the block with their line ends."""
        return "".join(self.lines)

    @property
    def first_line(self) -> Place:
        """The place of the first line of its text."""
        return Place(self.place.path, self.place.line + 1)

    def has(self, *words: str) -> bool:
        """Whether it has one of these directives."""
        return any(directive.word in words for directive in self.directives)

    def modifiers(self, *names: str) -> Iterator[Modifier]:
        """Modifiers with these names, in order."""
        for directive in self.directives:
            yield from (each for each in directive.modifiers if each.name in names)

    def value(self, name: str) -> str | None:
        """Value of the first modifier with this name; None without one."""
        return next((each.value for each in self.modifiers(name)), None)

    @property
    def needs_other_language(self) -> bool:
        """Whether its language is not allowed for tests of AsciiDoc pages."""
        return self.language in ("json", "javascript") and not self.place.path.endswith((".md", ".mdx"))

    @property
    def is_response(self) -> bool:
        """Whether it is an answer that must be compared."""
        return self.language == "console-result" or self.has("TESTRESPONSE")

    @property
    def is_test(self) -> bool:
        """Whether its requests must be sent."""
        return not self.is_response and (self.language == "console" or self.has("CONSOLE", "TEST"))


class PageError(NamedTuple):
    """An error in a page."""

    place: Place
    reason: str


class Scanned(NamedTuple):
    """The snippets of a page, in order, and its errors."""

    snippets: list[Snippet]
    errors: list[PageError]


_WORDS = r"(?P<word>TESTRESPONSE|TESTSETUP|TEARDOWN|TEST|CONSOLE|NOTCONSOLE)(?:\[(?P<content>.+)\])?"
_ASCIIDOC_DIRECTIVE = re.compile(rf"//\s*{_WORDS}\s*")
_MARKDOWN_DIRECTIVE = re.compile(rf"\s*(?:(?:%|//)\s*{_WORDS}|\{{/\*\s*{_WORDS.replace('?P<', '?P<mdx_')}\s*\*/\}})\s*")
_DASHES = re.compile(r"-{4,}\s*")
_SOURCE = re.compile(r'\["?source(?:[.%][^",\s]+)*"?,\s*"?(?P<language>[-\w]+)"?(?P<options>,.*)?].*')
_NAME = re.compile(r',\s*id="?([-\w]+)"?')
_TESTENV = re.compile(r'\[testenv="(\w+)"\]\s*')
_FENCE = re.compile(r"(?P<indent>\s*)(?P<fence>`{3,}|~{3,})\s*\{?(?P<language>[-\w]*)\}?.*")
_CALLOUT = re.compile(r"<\d+>")
_FOOTNOTE = re.compile(r"\[\^\d+\]")
_CONSOLE = {"CONSOLE", "NOTCONSOLE"}


class _Scanner:
    """Scans the lines of a page. At most one snippet is open, or closed and followed by its directives."""

    directive = _ASCIIDOC_DIRECTIVE

    def __init__(self, path: str) -> None:
        self._path = path
        self.found = Scanned([], [])
        self._current: Snippet | None = None
        self._is_open = False
        self._licence = ""

    def scan(self, text: str) -> Scanned:
        """Scan a whole page."""
        for number, line in enumerate(text.splitlines(), 1):
            place = Place(self._path, number)
            if not (self._delimits(place, line) or self._directs(place, line)):
                self._other(line)
        self._finish(len(text.splitlines()))
        return self.found

    def _delimits(self, place: Place, line: str) -> bool:
        raise NotImplementedError

    def _directs(self, place: Place, line: str) -> bool:
        found = self.directive.fullmatch(line)
        if found is None:
            return False
        groups = {name.removeprefix("mdx_"): text for name, text in found.groupdict().items() if text is not None}
        self._take(place, groups["word"], groups.get("content", ""), line)
        return True

    def _take(self, place: Place, word: str, content: str, line: str) -> None:
        snippet = self._current
        if snippet is None:
            self._wrong(place, messages.UNPAIRED.format(word=word))
            return
        if word in _CONSOLE and snippet.has(*_CONSOLE - {word}):
            self._wrong(place, messages.BOTH_CONSOLE)
        try:
            modifiers = tuple(read_modifiers(word, content)) if word in ("TEST", "TESTRESPONSE") else ()
        except BadDirective as error:
            self._wrong(place, str(error))
            modifiers = ()
        snippet.directives.append(Directive(place, word, modifiers, line))

    def _other(self, line: str) -> None:
        if self._current is None:
            return
        if self._is_open:
            self._current.lines.append(_cleaned(line) + "\n")
        elif line != "+":
            self._finish(0)

    def _open(self, place: Place, language: str, name: str = "") -> None:
        self._finish(0)
        self._current = Snippet(place, language, name, licence=self._licence)
        self._is_open = True

    def _close(self, line: int) -> None:
        if self._current is not None:
            self._current.end = line
        self._is_open = False

    def _finish(self, last_line: int) -> None:
        if self._current is not None:
            self._current.end = self._current.end or last_line
            self.found.snippets.append(self._current)
        self._current = None
        self._is_open = False

    def _wrong(self, place: Place, reason: str) -> None:
        self.found.errors.append(PageError(place, reason))


class _Asciidoc(_Scanner):
    """Blocks between lines of dashes, with the language in the line before."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._source: tuple[int, str, str] = (0, "", "")

    def _delimits(self, place: Place, line: str) -> bool:
        if _DASHES.fullmatch(line):
            if self._is_open:
                self._close(place.line)
            else:
                number, language, name = self._source
                self._open(place, *((language, name) if number == place.line - 1 else ("", "")))
            return True
        source = None if self._is_open else _SOURCE.fullmatch(line)
        if source is not None:
            self._finish(0)
            named = _NAME.search(source["options"] or "")
            self._source = place.line, source["language"], named[1] if named else ""
            return True
        testenv = _TESTENV.fullmatch(line)
        if testenv is not None:
            self._licence = testenv[1]
        return False


class _Markdown(_Scanner):
    """Fenced blocks, with the language after the fence."""

    directive = _MARKDOWN_DIRECTIVE

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._fence = ""
        self._indent = 0

    def _delimits(self, place: Place, line: str) -> bool:
        if self._is_open:
            if not self._closes(line.strip()):
                return False
            self._close(place.line)
            return True
        fence = _FENCE.fullmatch(line)
        if fence is None:
            return False
        self._fence, self._indent = fence["fence"], len(fence["indent"])
        self._open(place, fence["language"])
        return True

    def _closes(self, line: str) -> bool:
        return len(line) >= len(self._fence) and not line.strip(self._fence[0])

    def _other(self, line: str) -> None:
        super()._other(line[self._indent :] if not line[: self._indent].strip() else line)


def _cleaned(line: str) -> str:
    return _FOOTNOTE.sub("", _CALLOUT.sub("", line)).rstrip()


def scan_asciidoc(text: str, path: str) -> Scanned:
    """Snippets of an AsciiDoc page, including blocks in comments."""
    return _Asciidoc(path).scan(text)


def scan_markdown(text: str, path: str) -> Scanned:
    """Snippets of a Markdown or MDX page. Directives are ``% TEST``, ``// TEST`` or ``{/* TEST */}``."""
    return _Markdown(path).scan(text)
