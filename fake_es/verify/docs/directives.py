"""The modifiers in the brackets of ``TEST[...]`` and ``TESTRESPONSE[...]``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from fake_es.verify import messages


class BadDirective(ValueError):
    """Invalid modifiers."""


class Modifier(NamedTuple):
    """One modifier (``catch``, ``skip``, ``setup``, ...) with its value. ``s`` has a pattern and a ``replacement``."""

    name: str
    value: str = ""
    replacement: str = ""


_SUBSTITUTION = r"s/(?P<pattern>(?:\\/|[^/])+)/(?P<replacement>(?:\\/|[^/])*)/"
_OF_TEST = re.compile(
    rf"""(?:catch:\s*(?P<catch>(?:/[^/]+/)|[^ \]]+)|{_SUBSTITUTION}|skip:(?P<skip>[^\]]+)|(?P<continued>continued)"""
    r"""|setup:(?P<setup>[^ \]]+)|teardown:(?P<teardown>[^ \]]+)|warning:(?P<warning>.+)"""
    r"""|(?P<skip_shard_failures>skip_shard_failures))[ ]?"""
)
_OF_RESPONSE = re.compile(rf"(?:{_SUBSTITUTION}|(?P<non_json>non_json|_cat)|skip:(?P<skip>[^\]]+))[ ]?")
_GRAMMARS = {"TEST": _OF_TEST, "TESTRESPONSE": _OF_RESPONSE}


def read_modifiers(word: str, content: str) -> Iterator[Modifier]:
    """The modifiers in a bracket, in order.

    :raises BadDirective: the bracket contains something else.
    """
    position = 0
    while position < len(content):
        found = _GRAMMARS[word].match(content, position)
        if found is None:
            text = messages.EXTRA_CONTENT.format(word=word, content=content, rest=content[position:])
            raise BadDirective(text)
        groups = {name: text for name, text in found.groupdict().items() if text is not None}
        if "pattern" in groups:
            yield Modifier("s", groups["pattern"], groups["replacement"])
        else:
            yield Modifier(*next(iter(groups.items())))
        position = found.end()
