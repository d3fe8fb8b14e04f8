"""Processors that change texts: lowercase, uppercase, trim, split, join, gsub."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.ingest import messages
from fake_es.ingest.config import Config
from fake_es.ingest.document import IngestDocument
from fake_es.ingest.processor import Work, processor
from fake_es.patterns.java_regex import BadReference, JavaPattern, PatternSyntax, TooSlow
from fake_es.script.circuit_breaker import CircuitBreaker
from fake_es.wire.errors import IllegalArgument


def _on_texts(config: Config, change: Callable[[str, CircuitBreaker], Any]) -> Work:
    """Change the text of a field, or each text of a list, in place or into ``target_field``."""
    field = config.text("field")
    lenient = config.flag("ignore_missing")
    target = config.text("target_field", None) if config.version >= (6, 3) else None

    def work(document: IngestDocument) -> None:
        path = document.render(field)
        value = document.get(path) if document.has(path) or not lenient else None
        if value is None:
            if lenient:
                return
            raise IllegalArgument(messages.NULL_FIELD.format(path=path, verb="process it"))
        if isinstance(value, list):
            changed: Any = [change(_text(item, path), document.breaker) for item in value]
        else:
            changed = change(document.typed(path, str), document.breaker)
        document.set(document.render(target or field), changed)

    return work


def _counted(change: Callable[[str], Any]) -> Callable[[str, CircuitBreaker], Any]:
    """A change that does not make the text longer."""

    def counted(text: str, breaker: CircuitBreaker) -> Any:
        breaker.add(len(text))
        return change(text)

    return counted


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise IllegalArgument(f"value [{value}] of type [{type(value).__name__}] in list field [{path}] cannot be cast to"
                              " [java.lang.String]")  # fmt: skip
    return value


@processor("lowercase")
def lowercase(config: Config) -> Work:
    """Convert to lower case."""
    return _on_texts(config, _counted(str.lower))


@processor("uppercase")
def uppercase(config: Config) -> Work:
    """Convert to upper case."""
    return _on_texts(config, _counted(str.upper))


@processor("trim")
def trim(config: Config) -> Work:
    """Remove white space at both ends."""
    return _on_texts(config, _counted(str.strip))


def _pattern(config: Config, name: str) -> JavaPattern:
    text = config.text(name)
    try:
        return JavaPattern(text, config.allowance)
    except PatternSyntax as error:
        raise config.failure(name, f"Invalid regex pattern. {error}") from None


@processor("gsub")
def gsub(config: Config) -> Work:
    """Replace all matches of a regular expression."""
    pattern, replacement = _pattern(config, "pattern"), config.text("replacement")

    def change(text: str, breaker: CircuitBreaker) -> str:
        breaker.add(len(text))
        try:
            return pattern.replaced(text, replacement, breaker.add)
        except (BadReference, TooSlow) as error:
            raise IllegalArgument(str(error)) from None

    return _on_texts(config, change)


@processor("split")
def split(config: Config) -> Work:
    """Split a text at a regular expression; empty parts at the end are removed unless ``preserve_trailing``."""
    field, separator = config.text("field"), _pattern(config, "separator")
    lenient = config.flag("ignore_missing")
    target = config.text("target_field", field)
    trailing = config.flag("preserve_trailing") if config.version >= (7, 6) else False

    def work(document: IngestDocument) -> None:
        if lenient and not document.has(field):
            return
        try:
            parts = separator.split(document.typed(field, str))
        except TooSlow as error:
            raise IllegalArgument(str(error)) from None
        while not trailing and len(parts) > 1 and parts[-1] == "":
            parts.pop()
        document.set(target, parts)

    return work


@processor("join")
def join(config: Config) -> Work:
    """Join the values of a list to one text."""
    field, separator = config.text("field"), config.text("separator")
    target = config.text("target_field", field)

    def work(document: IngestDocument) -> None:
        parts = [_shown(value) for value in document.typed(field, list)]
        document.breaker.add(sum(map(len, parts)) + len(separator) * len(parts))
        document.set(target, separator.join(parts))

    return work


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
