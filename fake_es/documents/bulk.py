"""Parses the lines of ``_bulk`` (``BulkRequestParser``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fake_es.documents import messages
from fake_es.documents.update import UpdateRequest, read_update
from fake_es.documents.write import WriteRequest
from fake_es.indices.errors import InvalidTypeName
from fake_es.indices.types import DOC, DOC_SINCE, GONE, TYPELESS
from fake_es.search.source_filter import filter_of_tree
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, check_failures
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import Body, token

Tree = dict[str, Any]

_ACTIONS = ("create", "delete", "index", "update")
_WANTED = "field [create], [delete], [index] or [update]"
# Names in an action line, and the field of ``WriteRequest`` that each sets. Some of them are old spellings.
_FIELDS = {
    "_index": "index", "_id": "id", "routing": "routing", "_routing": "routing", "version": "version", "_version": "version",
    "version_type": "version_type", "_version_type": "version_type", "if_seq_no": "if_seq_no",
    "if_primary_term": "if_primary_term", "pipeline": "pipeline", "require_alias": "require_alias",
    "require_data_stream": "require_stream", "op_type": "op_type",
}  # fmt: skip
_OLD = {"_type": "type_name", "_parent": "routing", "parent": "routing"}
_IGNORED = frozenset({
    "retry_on_conflict", "_retry_on_conflict", "dynamic_templates", "list_executed_pipelines", "_timestamp", "_ttl",
    "timestamp", "ttl", "fields",
})  # fmt: skip
_NUMBERS = frozenset({"version", "if_seq_no", "if_primary_term"})
_BOOLEANS = frozenset({"require_alias", "require_stream"})


@dataclass(slots=True)
class Item:
    """One action; ``text`` is the line of its document (None for a deletion), ``update`` that line of an update, parsed."""

    action: str
    write: WriteRequest
    text: str | None = None
    update: UpdateRequest | None = None


def read_bulk(text: str, defaults: Mapping[str, Any], release: tuple[int, ...]) -> list[Item]:
    """Parse the body of ``_bulk``; ``defaults`` are the fields of ``WriteRequest`` set by path and parameters.

    :raises ElasticsearchError: a line is not an action, or an item is not valid.
    """
    if text and not text.endswith("\n"):
        raise IllegalArgument(messages.NO_NEWLINE)
    items = list(_items(text, defaults, release))
    failures = [] if items else [messages.NO_REQUESTS]
    for item in items:
        if not item.write.index:
            failures.append(messages.INDEX_MISSING)
        failures += item.write.failures(release)
        if item.write.id is None and item.action in ("delete", "update"):
            failures.append(messages.ID_MISSING)
        if item.update is not None:
            failures += item.update.failures(item.write.if_seq_no)
    check_failures(failures)
    return items


def _items(text: str, defaults: Mapping[str, Any], release: tuple[int, ...]) -> Iterator[Item]:
    lines = iter(enumerate(text.split("\n"), 1))
    for number, line in lines:
        if not line.strip():
            continue
        item = _action(line, number, defaults, release)
        if item.action != "delete":
            _, item.text = next(lines, (0, None))
            if item.text is None:
                return
        if item.action == "update":
            # The action line may have set ``_source`` already; that of the body counts more.
            from_action, item.update = item.update, read_update(item.text or "", release)
            if from_action is not None and item.update.source is None:
                item.update.source = from_action.source
        yield item


def _action(line: str, number: int, defaults: Mapping[str, Any], release: tuple[int, ...]) -> Item:
    tree = Body(line, release).tree()
    if not isinstance(tree, dict):
        raise _expected(number, "START_OBJECT", token(tree))
    if not tree:
        raise _expected(number, "FIELD_NAME", "END_OBJECT")
    action, *more = tree
    fields = tree[action]
    if action not in _ACTIONS:
        raise _expected(number, _WANTED, action)
    if not isinstance(fields, dict):
        raise _expected(number, "START_OBJECT or END_OBJECT", token(fields))
    if more:
        raise _expected(number, "END_OBJECT", "FIELD_NAME")
    item = Item(action, WriteRequest(action, **defaults))
    for name, value in fields.items():
        _set_field(item, name, value, number, release)
    if item.write.op_type == "create" and action == "index":
        item.action = "create"
    return item


def _set_field(item: Item, name: str, value: Any, number: int, release: tuple[int, ...]) -> None:
    """Set one field of an action; ``number`` is that of its line."""
    if name == "_source" and item.action == "update":
        item.update = UpdateRequest(source=filter_of_tree(value))
        return
    if name in _IGNORED:
        return
    field = _FIELDS.get(name) or (_OLD.get(name) if release < GONE else None)
    if field is None or (name.startswith("_") and name not in ("_index", "_id") and release >= GONE):
        raise IllegalArgument(messages.BULK_UNKNOWN.format(line=number, name=name))
    if isinstance(value, (dict, list)):
        raise _expected(number, f"a simple value for field [{name}]", token(value))
    setattr(item.write, field, _read(field, value, release))


def _read(field: str, value: Any, release: tuple[int, ...]) -> Any:
    if value is None:
        return {"type_name": DOC, "version_type": "internal", "op_type": "index", "index": ""}.get(field)
    if field in _NUMBERS:
        return whole_of(value, "long")
    if field in _BOOLEANS:
        return value in (True, "true")
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    if field == "version_type":
        return text.lower()
    if field == "type_name" and text.startswith("_") and release < DOC_SINCE:
        raise InvalidTypeName(text)
    if field == "op_type" and text not in ("index", "create"):
        raise IllegalArgument(messages.NO_OP_TYPE.format(value=text))
    return text


def _expected(line: int, wanted: str, found: str) -> IllegalArgument:
    return IllegalArgument(messages.BULK_EXPECTED.format(line=line, wanted=wanted, found=found))


def failed(item: Item, error: ElasticsearchError, release: tuple[int, ...]) -> Tree:
    """The entry of an item with an error in the response."""
    write = item.write
    kind = {"_type": DOC if release >= TYPELESS else write.type_name} if release < GONE else {}
    entry = {"_index": write.index, **kind, "_id": write.id, "status": error.status, "error": error.entry(causes=True)}
    return {item.action: entry}
