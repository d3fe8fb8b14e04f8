"""Processors for fields: set, remove, rename, convert, append, json, dot_expander."""

from __future__ import annotations

import json
import re
from typing import Any

from fake_es.ingest import messages
from fake_es.ingest.config import Config
from fake_es.ingest.document import IngestDocument
from fake_es.ingest.processor import Work, processor
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.json_text import BrokenJson, read_json


@processor("set")
def set_field(config: Config) -> Work:
    """Set a field to a value, to a rendered template, or (from 7.11) to a copy of another field."""
    field = config.text("field")
    source = config.text("copy_from", None) if config.version >= (7, 11) else None
    value = config.any("value") if source is None else None
    override = config.flag("override", default=True)
    skip_empty = config.flag("ignore_empty_value") if config.version >= (7, 9) else False
    if config.version >= (7, 15):
        config.text("media_type", None)

    def work(document: IngestDocument) -> None:
        given = document.render_all(value) if source is None else document.breaker.copy(document.get(document.render(source)))
        path = document.render(field)
        kept = not override and document.has(path) and document.get(path) is not None
        if not kept and not (skip_empty and given in (None, "")):
            document.set(path, given)

    return work


@processor("remove")
def remove(config: Config) -> Work:
    """Remove fields, or (from 7.16) all fields that are not in ``keep``."""
    keep = config.texts("keep", []) if config.version >= (7, 16) else []
    fields = config.texts("field") if not keep else []
    lenient = config.flag("ignore_missing")

    def work(document: IngestDocument) -> None:
        for name in [name for name in document.source if keep and name not in keep]:
            del document.source[name]
        for path in map(document.render, fields):
            if not lenient or document.has(path):
                document.remove(path)

    return work


@processor("rename")
def rename(config: Config) -> Work:
    """Rename a field; the new name must not exist."""
    field, target = config.text("field"), config.text("target_field")
    lenient = config.flag("ignore_missing")
    override = config.flag("override") if config.version >= (8, 8) else False

    def work(document: IngestDocument) -> None:
        path, new = document.render(field), document.render(target)
        if not document.has(path):
            if lenient:
                return
            raise IllegalArgument(messages.MISSING_FIELD.format(path=path))
        if document.has(new) and not override:
            raise IllegalArgument(messages.ALREADY_EXISTS.format(path=new))
        value = document.get(path)
        document.remove(path)
        document.set(new, value)

    return work


@processor("append")
def append(config: Config) -> Work:
    """Append values to a list."""
    field, value = config.text("field"), config.any("value")
    duplicates = config.flag("allow_duplicates", default=True) if config.version >= (7, 9) else True

    def work(document: IngestDocument) -> None:
        filled = document.render_all(value)
        document.append(document.render(field), filled if isinstance(filled, list) else [filled], allow_duplicates=duplicates)

    return work


_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)


def _whole(bits: int) -> Any:
    def convert(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not -(2 ** (bits - 1)) <= int(text) < 2 ** (bits - 1):
            raise ValueError(text)
        return int(text)

    return convert


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise IllegalArgument(messages.NOT_A_BOOLEAN.format(value=text))
    return text.lower() == "true"


def _guessed(text: str) -> Any:
    """Convert by ``auto``: to the first type that fits the text."""
    for convert in (_truth, _whole(32), _whole(64), float):
        try:
            return convert(text)
        except (ValueError, IllegalArgument):  # noqa: PERF203 - four short tries
            continue
    return text


_CONVERSIONS: dict[str, Any] = {
    "integer": _whole(32), "long": _whole(64), "float": float, "double": float, "boolean": _truth, "string": str,
    "auto": _guessed,
}  # fmt: skip


@processor("convert")
def convert(config: Config) -> Work:
    """Convert the value of a field, or each value of a list, to another type."""
    field, kind = config.text("field"), config.text("type")
    target = config.text("target_field", field)
    lenient = config.flag("ignore_missing")
    if kind not in _CONVERSIONS:
        raise config.failure("type", f"type [{kind}] not supported, cannot convert field.")

    def work(document: IngestDocument) -> None:
        path = document.render(field)
        old = document.get(path) if document.has(path) else None
        if old is None:
            if lenient:
                return
            document.get(path)
            raise IllegalArgument(messages.NULL_FIELD.format(path=path, verb=f"be converted to type [{kind}]"))
        new = [_converted(item, kind) for item in old] if isinstance(old, list) else _converted(old, kind)
        document.set(document.render(target), new)

    return work


def _converted(value: Any, kind: str) -> Any:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        return _CONVERSIONS[kind](text)
    except ValueError:
        raise IllegalArgument(messages.CANNOT_CONVERT.format(value=text, type=kind)) from None


@processor("json")
def json_field(config: Config) -> Work:
    """Parse a text as JSON, into a field or (with ``add_to_root``) into the document."""
    field = config.text("field")
    target = config.text("target_field", None)
    to_root = config.flag("add_to_root")
    if to_root and target is not None:
        raise config.failure("target_field", "Cannot set a target field while also setting `add_to_root` to true")

    def work(document: IngestDocument) -> None:
        value = _parsed(document.get(field))
        if not to_root:
            document.set(target or field, value)
        elif isinstance(value, dict):
            document.source.update(value)
        else:
            raise IllegalArgument("cannot add non-map fields to root of document")

    return work


def _parsed(value: Any) -> Any:
    try:
        return read_json(value if isinstance(value, str) else json.dumps(value))
    except BrokenJson as broken:
        raise IllegalArgument(broken.reason) from None


@processor("dot_expander")
def dot_expander(config: Config) -> Work:
    """Convert a field with dots in its name to nested objects; from 7.11 ``*`` stands for all such fields."""
    field, path = config.text("field"), config.text("path", None)
    if "." not in field and not (field == "*" and config.version >= (7, 11)):
        raise config.failure("field", "field does not contain a dot")
    override = config.flag("override") if config.version >= (7, 14) else False

    def work(document: IngestDocument) -> None:
        owner = document.typed(path, dict) if path else document.source
        names = [name for name in owner if "." in name] if field == "*" else [field] if field in owner else []
        for name in names:
            value = owner.pop(name)
            whole = f"{path}.{name}" if path else name
            if document.has(whole) and not override:
                document.append(whole, value if isinstance(value, list) else [value])
            else:
                document.set(whole, value)

    return work
