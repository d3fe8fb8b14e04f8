"""Changes of a snippet's text before it runs: ``s/pattern/replacement/``, ``non_json`` and triple quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from fake_es.verify import messages
from fake_es.verify.docs.directives import Modifier
from fake_es.verify.java_text import compile_pattern
from fake_es.verify.outcome import Failed
from fake_es.version import Version

_REFERENCE = re.compile(r"\\(.)|\$(\d)|\\$", re.DOTALL)
_PROTECTED = re.compile(r"\$(?=body|_path)")
# ``non_json``: the pattern of the server, which allows blanks. Its own blanks are ignored.
_TOLERANT = (
    Modifier("s", r"\A", "/"), Modifier("s", r"\n\Z", r"\\s*/"), Modifier("s", r"( +)", r"$1\\s+"),
    Modifier("s", r"\n", r"\\s*\n "),
)  # fmt: skip


def substituted(text: str, modifiers: Iterable[Modifier], version: Version) -> str:
    """Insert the attributes of the release into a text, then make each substitution in order.

    :raises Failed: a pattern is invalid.
    """
    for name, value in _attributes(version).items():
        text = text.replace(name, value)
    for modifier in modifiers:
        for each in _TOLERANT if modifier.name == "non_json" else (modifier,):
            text = _replaced(text, each)
    return text


def _attributes(version: Version) -> dict[str, str]:
    """Attributes of the documentation that its build replaces."""
    return {
        "{version}": str(version),
        "{version_qualified}": str(version),
        "{lucene_version}": version.lucene,
        "{build_flavor}": "default",
        "{build_type}": "tar",
    }


def _replaced(text: str, modifier: Modifier) -> str:
    pattern = compile_pattern(modifier.value)
    replacement = _PROTECTED.sub(r"\\$", modifier.replacement).replace(r"\n", "\n")
    try:
        return pattern.sub(lambda found: _filled(replacement, found), text)
    except IndexError as error:
        raise Failed(messages.BAD_SUBSTITUTION.format(pattern=modifier.value, problem=error)) from None


def _filled(replacement: str, found: re.Match[str]) -> str:
    """Evaluate a replacement of Java: ``$1`` is a group, ``\\x`` is x."""

    def part(reference: re.Match[str]) -> str:
        if reference[2] is not None:
            return found.group(int(reference[2])) or ""
        return reference[1] or ""

    return _REFERENCE.sub(part, replacement)


def without_block_quotes(text: str) -> str:
    '''Replace every ``"""..."""`` in a text with a JSON string.

    :raises Failed: one has no end.
    '''
    pieces = text.split('"""')
    if len(pieces) % 2 == 0:
        position = sum(len(piece) for piece in pieces[:-1]) + 3 * (len(pieces) - 2)
        raise Failed(messages.BLOCK_QUOTE.format(position=position, text=text))
    for index in range(1, len(pieces), 2):
        pieces[index] = '"' + pieces[index].replace('"', '\\"').replace("\n", "\\n") + '"'
    return "".join(pieces)


def is_json_lines(text: str) -> str | None:
    """The error in a body of JSON objects one after another; None without error."""
    decoder, position = json.JSONDecoder(), 0
    while rest := text[position:].lstrip():
        try:
            _, length = decoder.raw_decode(rest)
        except (ValueError, RecursionError) as error:
            return str(error)
        position = len(text) - len(rest) + length
    return None
