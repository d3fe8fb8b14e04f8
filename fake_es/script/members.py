"""Fields and methods of values that scripts can use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fake_es.script.instants import INSTANT, WEEKDAY, Instant, Weekday, property_of
from fake_es.script.values import DocValues, Failure, joined, replaced

_Member = Callable[..., Any]

_DOC: Mapping[str, _Member] = {
    "value": lambda values: values.value,
    "getValue": lambda values: values.value,
    "values": lambda values: list(values.values),
    "empty": lambda values: not values.values,
    "isEmpty": lambda values: not values.values,
    "length": lambda values: len(values.values),
    "size": lambda values: len(values.values),
    "get": lambda values, index: values.values[index],
    "contains": lambda values, item: item in values.values,
}
_TEXT: Mapping[str, _Member] = {
    "length": len,
    "isEmpty": lambda text: not text,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
    "substring": lambda text, start, end=None: text[start:end],
    "contains": lambda text, part: part in text,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "indexOf": str.find,
    "lastIndexOf": str.rfind,
    "replace": replaced,
    "concat": joined,
    "equals": lambda text, other: text == other,
    "equalsIgnoreCase": lambda text, other: text.lower() == other.lower(),
    "toString": str,
}
_LIST: Mapping[str, _Member] = {
    "length": len,
    "size": len,
    "isEmpty": lambda items: not items,
    "get": lambda items, index: items[index],
    "contains": lambda items, item: item in items,
}
_MAP: Mapping[str, _Member] = {
    "containsKey": lambda entries, key: key in entries,
    "get": lambda entries, key: entries.get(key),
    "getOrDefault": lambda entries, key, other: entries.get(key, other),
    "size": len,
    "isEmpty": lambda entries: not entries,
}
KNOWN = _DOC.keys() | _TEXT.keys() | _LIST.keys() | _MAP.keys() | INSTANT.keys() | WEEKDAY.keys()


def field_of(owner: Any, name: str) -> Any:
    """``owner.name``.

    :raises Failure: ``owner`` has no such field.
    """
    if isinstance(owner, Mapping):
        return owner.get(name)
    if isinstance(owner, DocValues) and name in _DOC:
        return _DOC[name](owner)
    if isinstance(owner, list) and name == "length":
        return len(owner)
    getter = property_of(INSTANT if isinstance(owner, Instant) else WEEKDAY, name)
    if isinstance(owner, (Instant, Weekday)) and getter is not None:
        return getter(owner)
    raise _missing(owner, name, "field")


def call_of(owner: Any, name: str, arguments: list[Any]) -> Any:
    """``owner.name(arguments)``.

    :raises Failure: ``owner`` has no such method, or the method fails.
    """
    table = next((table for kind, table in _TABLES if isinstance(owner, kind)), {})
    if name not in table:
        raise _missing(owner, name, "method")
    try:
        return table[name](owner, *arguments)
    except (TypeError, IndexError, AttributeError) as error:
        raise Failure("illegal_argument_exception", str(error)) from None


def item_of(owner: Any, key: Any) -> Any:
    """``owner[key]``.

    :raises Failure: ``owner`` is not a container, or the index is out of bounds.
    """
    if isinstance(owner, Mapping):
        return owner.get(key)
    items = owner.values if isinstance(owner, DocValues) else owner
    if not isinstance(items, (list, tuple)) or not isinstance(key, int):
        raise _missing(owner, str(key), "field")
    if not 0 <= key < len(items):
        raise Failure("index_out_of_bounds_exception", f"Index {key} out of bounds for length {len(items)}")
    return items[key]


def _missing(owner: Any, name: str, what: str) -> Failure:
    if owner is None:
        return Failure("null_pointer_exception", f"cannot access method/field [{name}] from a null def reference")
    return Failure("illegal_argument_exception", f"dynamic {what} [{type(owner).__name__}, {name}] not found")


_TABLES: tuple[tuple[type, Mapping[str, _Member]], ...] = (
    (DocValues, _DOC),
    (str, _TEXT),
    (list, _LIST),
    (Mapping, _MAP),
    (Instant, INSTANT),
    (Weekday, WEEKDAY),
)
