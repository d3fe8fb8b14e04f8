"""Snippets that a page skips: with what changes to try them, and how the page could be changed if they pass."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Any, NamedTuple

from fake_es.verify.docs.directives import BadDirective, Modifier, read_modifiers
from fake_es.verify.docs.page import DocTest
from fake_es.verify.docs.setups import Setups
from fake_es.verify.docs.snippets import Directive, Snippet
from fake_es.verify.examples import differences, read_example
from fake_es.verify.outcome import Advice, Place
from fake_es.verify.suite import Closeness
from fake_es.verify.varying import Varying

_LEAVE_NOTHING_OUT = Varying({})


def is_left_out(test: DocTest) -> bool:
    """Whether a page skips a test or one of its answers."""
    return test.skipped is not None or bool(test.unmarked) or any(part.value("skip") is not None for part in test.parts)


def promoted(test: DocTest, setups: Setups) -> DocTest:
    """The test without ``skip``. A reason that is itself a modifier (``skip:setup:NAME``) replaces ``skip``."""
    first, *rest = test.parts
    kept = [
        directive._replace(modifiers=tuple(_without_skip(directive, setups)))
        for directive in first.directives
    ]  # fmt: skip
    return replace(test, parts=[replace(first, directives=kept), *rest])


def _without_skip(directive: Directive, setups: Setups) -> Iterator[Modifier]:
    for modifier in directive.modifiers:
        if modifier.name == "skip":
            yield from _meant(modifier.value, setups)
        else:
            yield modifier


def expecting(test: DocTest, warnings: tuple[str, ...]) -> DocTest:
    """The test whose first snippet also expects these warnings. Return ``test`` itself if no line says TEST."""
    return _with_modifiers(test, [Modifier("warning", text) for text in warnings])


def _with_modifiers(test: DocTest, added: list[Modifier]) -> DocTest:
    first, *rest = test.parts
    kept = list(first.directives)
    index = next((index for index, each in enumerate(kept) if each.word == "TEST"), None)
    if index is None or any(each in kept[index].modifiers for each in added):
        return test
    kept[index] = kept[index]._replace(modifiers=(*kept[index].modifiers, *added))
    return replace(test, parts=[replace(first, directives=kept), *rest])


def beginning_with(test: DocTest, requests: str) -> DocTest:
    """The test with additional requests at its beginning, as a substitution in its first snippet.

    Return ``test`` itself if no line says TEST.
    """
    # Both have a special meaning in replacements, and their escapes differ by release.
    if not requests or "\\" in requests or "$" in requests:
        return test
    return _with_modifiers(test, [Modifier("s", "^", requests.replace("/", "\\/").replace("\n", "\\n"))])


def without_catch(test: DocTest) -> DocTest:
    """The test whose first snippet expects no error."""
    first, *rest = test.parts
    kept = [
        directive._replace(modifiers=tuple(each for each in directive.modifiers if each.name != "catch"))
        for directive in first.directives
    ]
    return replace(test, parts=[replace(first, directives=kept), *rest])


def _meant(reason: str, setups: Setups) -> list[Modifier]:
    """The modifiers in a reason for ``skip``; none if it is plain text or names an unknown set-up."""
    try:
        found = list(read_modifiers("TEST", reason.strip()))
    except BadDirective:
        return []
    named = (name for each in found if each.name == "setup" for name in each.value.split(","))
    allowed = all(each.name in ("setup", "catch", "warning") for each in found)
    return found if allowed and all(map(setups.knows, named)) else []


class Compared(NamedTuple):
    """An example that was compared successfully with an answer."""

    place: Place
    expected: Any
    actual: Any


def advice(test: DocTest, passing: DocTest, setups: tuple[str, ...], compared: list[Compared]) -> Iterator[Advice]:
    """Changes of the page with which it would not skip the test.

    :param passing: the changed test that passed (see ``promoted``).
    :param setups: its additional set-ups.
    :param compared: its examples.
    """
    first = test.parts[0]
    for directive, meant in zip(first.directives, passing.parts[0].directives):
        if directive.modifiers != meant.modifiers:
            yield _instead(first, directive, meant, setups)
    answers = {each.place: each for each in compared}
    for part in test.parts:
        # An example that was never compared may need substitutions.
        is_new = part in test.unmarked or part.value("skip") is not None
        if part.first_line in answers and (is_new or test.skipped is not None):
            yield from _marked(part, answers[part.first_line], _comment(test))


def _instead(snippet: Snippet, directive: Directive, meant: Directive, setups: tuple[str, ...]) -> Advice:
    # A warning needs a separate bracket.
    brackets = [_text(each) for each in meant.modifiers if each.name == "warning"]
    written = [_text(each) for each in meant.modifiers if each.name != "warning"]
    if setups:
        written.insert(0, f"setup:{','.join(setups)}")
    if written:
        brackets.insert(0, " ".join(written))
    opening, closing = directive.line.partition("[")[0], _closing(directive.line)
    lines = [f"{opening}[{each}]{closing}" for each in brackets]
    needless = snippet.language == "console" or snippet.has("CONSOLE")
    return Advice(directive.place, directive.line, "\n".join(lines) or ("" if needless else opening + closing))


def _closing(line: str) -> str:
    return " */}" if line.rstrip().endswith("*/}") else ""


def _text(modifier: Modifier) -> str:
    if modifier.name == "s":
        return f"s/{modifier.value}/{modifier.replacement}/"
    return (
        modifier.name if modifier.name == modifier.value or modifier.name == "non_json" else f"{modifier.name}:{modifier.value}"
    )


def _comment(test: DocTest) -> tuple[str, str]:
    """The text before and after a directive: as in the test itself, or as usual in such a file."""
    lines = [directive.line for part in test.parts for directive in part.directives]
    if lines:
        return lines[0][: _WORD.search(lines[0]).start()], _closing(lines[0])  # type: ignore[union-attr]
    return _COMMENTS.get(PurePath(test.place.path).suffix, ("// ", ""))


_WORD = re.compile(r"[A-Z]")
_COMMENTS = {".md": ("% ", ""), ".mdx": ("{/* ", " */}")}


def _marked(snippet: Snippet, compared: Compared, comment: tuple[str, str]) -> Iterator[Advice]:
    """A directive for comparing an answer; or for skipping it, if no substitutions make it hold in every run."""
    substitutions = _substitutions(snippet, compared)
    skip = next((each for each in snippet.directives if any(modifier.name == "skip" for modifier in each.modifiers)), None)
    if substitutions is None and snippet.is_response and skip is None:
        # Without a directive it would be compared.
        substitutions = ["skip:todo"]
    if substitutions is None or snippet.needs_other_language:
        return
    if skip is not None:
        opening = skip.line.partition("[")[0]
        lines = [f"{opening}[{each}]{_closing(skip.line)}" for each in substitutions]
        needless = snippet.language == "console-result"
        yield Advice(skip.place, skip.line, "\n".join(lines) or ("" if needless else opening.rstrip()))
    elif substitutions or not snippet.is_response:
        end, (opening, closing) = Place(snippet.place.path, snippet.end), comment
        brackets = [f"[{each}]" for each in substitutions] or [""]
        yield Advice(end, "", "\n".join(f"{opening}TESTRESPONSE{each}{closing}" for each in brackets))


def _substitutions(snippet: Snippet, compared: Compared) -> list[str] | None:
    """Substitutions for values that differ in each run; None if substitutions are not sufficient."""
    try:
        read_example(snippet.text, elisions=False)
    except ValueError:
        return None
    found: list[str] = []
    for difference in differences(compared.expected, compared.actual, Closeness.EXACT, _LEAVE_NOTHING_OUT):
        if difference.expected is None or difference.actual is None or difference.expected[:1] in "{[":
            return None
        substitution = _substitution(snippet.text, difference.path, difference.expected)
        if substitution is None:
            return None
        found.append(substitution)
    return list(dict.fromkeys(found))


def _substitution(text: str, path: tuple[str, ...], value: str) -> str | None:
    if not path or path[-1].isdigit():
        return None
    found = re.search(rf"{re.escape(json.dumps(path[-1]))}\s*:\s*{re.escape(value)}", text)
    if found is None:
        return None
    replacement = found[0][: -len(value)] + "$body.$_path"
    return f"s/{_escaped(found[0])}/{replacement.replace('/', chr(92) + '/')}/"


def _escaped(text: str) -> str:
    return re.sub(r"([\\.\[\](){}*+?^$|/])", r"\\\1", text)


def apply_advice(text: str, advices: list[Advice]) -> str:
    """Apply changes to the text of a page."""
    lines = text.split("\n")
    for each in sorted(advices, key=lambda advice: advice.place.line, reverse=True):
        index = each.place.line - 1
        if each.old and lines[index].rstrip("\r") != each.old:
            continue
        new = each.new.split("\n") if each.new else []
        lines[index : index + 1] = new if each.old else [lines[index], *new]
    return "\n".join(lines)
