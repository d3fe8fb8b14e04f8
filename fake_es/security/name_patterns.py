"""Patterns of names in roles and role mappings (``Automatons``, ``StringMatcher``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fake_es.patterns.wildcards import wildcard
from fake_es.security import messages
from fake_es.version import has_change
from fake_es.wire.errors import IllegalArgument, SecurityError, TooComplexToDeterminize
from fake_es.wire.regexps import lucene_regexp

Release = tuple[int, ...]

# Pull request 91575 of Elasticsearch.
_WRAPPED = (8, 6)
# Pull request 139023 and its backports. The numbers of the patch releases are not verified.
_CHECKED_FROM = ((9, 3), (9, 2, 4), (9, 1, 10), (8, 19, 10))


def name_pattern(pattern: str, version: Release) -> Callable[[str], bool]:
    """A matcher of whole names: a Lucene regular expression between slashes, or a pattern with ``*``, ``?`` and ``\\``.

    :raises IllegalArgument: the expression is invalid, or has no closing slash.
    :raises TooComplexToDeterminize: its automaton would be too large.
    """
    if not pattern.startswith("/"):
        return wildcard(pattern, single=True, escapes=True)
    if len(pattern) == 1 or not pattern.endswith("/"):
        raise IllegalArgument(messages.PATTERN_WITHOUT_SLASH.format(pattern=pattern))
    return lucene_regexp(pattern[1:-1], version).fits


def granted_names(pattern: str, version: Release) -> Callable[[str], bool]:
    """``name_pattern`` for a role in use. Older releases store roles with invalid patterns: these fail when used.

    :raises SecurityError: 400, the pattern is too complex, or (from 8.6) invalid.
    :raises IllegalArgument: up to 8.5, the pattern is invalid.
    """
    try:
        return name_pattern(pattern, version)
    except TooComplexToDeterminize as error:
        raise SecurityError(messages.PATTERNS_TOO_COMPLEX.format(patterns=pattern), status=400, cause=error) from None
    except IllegalArgument as error:
        if version < _WRAPPED:
            raise
        raise SecurityError(messages.PATTERNS_INVALID.format(patterns=pattern), status=400, cause=error) from None


def failures(patterns: Iterable[str], version: Release) -> list[str]:
    """The validation errors for invalid patterns of a new role; empty in releases that do not check them."""
    if not has_change(version, *_CHECKED_FROM):
        return []
    return [messages.BAD_NAME_PATTERN.format(pattern=pattern) for pattern in patterns if not _is_readable(pattern, version)]


def _is_readable(pattern: str, version: Release) -> bool:
    try:
        name_pattern(pattern, version)
    except TooComplexToDeterminize:
        return True
    except IllegalArgument:
        return False
    return True
