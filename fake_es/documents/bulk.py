"""The lines of ``_bulk`` (``BulkRequestParser``)."""

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
# Names of a line that mean a field of ``WriteRequest``; the old ones had an underscore in front, or none at all.
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
_TRUTHS = frozenset({"require_alias", "require_stream"})


@dataclass(slots=True)
class Item:
    """One thing to do: ``text`` is the document's line (None for a deletion), ``update`` that of an update, read."""

    action: str
    write: WriteRequest
    text: str | None = None
    update: UpdateRequest | None = None


def read_bulk(text: str, defaults: Mapping[str, Any], release: tuple[int, ...]) -> list[Item]:
    """The items of a body; ``defaults`` are fields of ``WriteRequest`` that path and parameters give.

    :raises ElasticsearchError: a line that is no action, or an item that is wrong in itself.
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
            asked, item.update = item.update, read_update(item.text or "", release)
            if asked is not None and item.update.source is None:
                item.update.source = asked.source
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
        _take(item, name, value, number, release)
    if item.write.op_type == "create" and action == "index":
        item.action = "create"
    return item


def _take(item: Item, name: str, value: Any, number: int, release: tuple[int, ...]) -> None:
    """One field of an action."""
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
    if field in _TRUTHS:
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
    """What the answer says of an item that was refused."""
    write = item.write
    kind = {"_type": DOC if release >= TYPELESS else write.type_name} if release < GONE else {}
    shown = {"_index": write.index, **kind, "_id": write.id, "status": error.status, "error": error.entry(causes=True)}
    return {item.action: shown}
