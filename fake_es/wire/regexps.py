"""Regular expressions of clients in the languages of Lucene and Java, with the errors of the server."""

from __future__ import annotations

from fake_es.patterns import lucene_regexp as lucene
from fake_es.patterns.automata import Automaton
from fake_es.wire.errors import IllegalArgument, TooComplexToDeterminize

# ``RegexpFlag``
_FLAGS = {
    "INTERSECTION": lucene.INTERSECTION, "COMPLEMENT": lucene.COMPLEMENT, "EMPTY": lucene.EMPTY,
    "ANYSTRING": lucene.ANYSTRING, "INTERVAL": lucene.INTERVAL, "NONE": 0, "ALL": lucene.ALL,
}  # fmt: skip
# Lucene 10 has a separate flag for the complement.
_COMPLEMENT_OF_TEN = 0x10000
UNKNOWN_FLAG = "Unknown regexp flag [{flag}]"


def lucene_regexp(
    text: str,
    release: tuple[int, ...],
    flags: int = lucene.ALL,
    *,
    fold: bool = False,
    most_states: int = lucene.MOST_STATES,
) -> Automaton:
    """The automaton of an expression in Lucene's language. The arguments are those of ``patterns.lucene_regexp``.

    :raises IllegalArgument: the expression is invalid.
    :raises TooComplexToDeterminize: its automaton would be too large.
    """
    try:
        return lucene.lucene_regexp(text, release, flags, fold=fold, most_states=most_states)
    except lucene.TooComplexToDeterminize as error:
        raise TooComplexToDeterminize(str(error)) from None
    except lucene.RegExpError as error:
        raise IllegalArgument(str(error)) from None


def check_lucene_regexp(text: str, release: tuple[int, ...]) -> None:
    """Refuse an expression that Lucene cannot parse. This does not check its complexity.

    :raises IllegalArgument: the expression is invalid.
    """
    try:
        lucene_regexp(text, release)
    except TooComplexToDeterminize:
        return


def flags_of_text(text: str) -> int:
    """Flags for a list of operators such as ``INTERSECTION|COMPLEMENT|EMPTY`` (``RegexpFlag.resolveValue``).

    :raises IllegalArgument: an operator is unknown.
    """
    if not text:
        return lucene.ALL
    flags = 0
    for name in filter(None, text.split("|")):
        if name.upper() not in _FLAGS:
            raise IllegalArgument(UNKNOWN_FLAG.format(flag=name))
        if name.upper() == "ALL":
            return lucene.ALL
        flags |= _FLAGS[name.upper()]
    return flags


def flags_of_number(value: int, release: tuple[int, ...]) -> int:
    """Flags for ``flags_value``, the bits of Lucene's flags."""
    if release < (9, 0):
        return value & lucene.ALL
    complement = lucene.COMPLEMENT if value & _COMPLEMENT_OF_TEN else 0
    return value & lucene.ALL & ~lucene.COMPLEMENT | complement


def java_length(text: str) -> int:
    """Length of a text in Java, which stores it as UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
