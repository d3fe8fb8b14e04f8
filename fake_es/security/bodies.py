"""Bodies of the security APIs. The server parses them without ``ObjectParser``, so that their errors have other texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.wire.call import Call
from fake_es.wire.errors import ParseError

_WANTED = {
    "text": "expected field [{field}] to be of type string, but found [{found}] instead",
    "texts": "expected field [{field}] to be an array of strings, but found [{found}] instead",
    "flag": "expected field [{field}] to be of type boolean, but found [{found}] instead",
    "object": "expected field [{field}] to be of type object, but found [{found}] instead",
    "objects": "expected field [{field}] to be an array of objects, but found [{found}] instead",
}


def read_object(call: Call, what: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a body; ``fields`` maps each field to its kind: text, texts, flag, object or objects.

    :raises ElasticsearchError: 400, ``failed to parse <what>``: not an object, an unknown field or a wrong value.
    """
    return read_fields(call.json_body().tree(), what, fields)


def read_fields(tree: Any, what: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an object inside a body; parameters and errors as with ``read_object``.

    :raises ElasticsearchError: 400.
    """
    if not isinstance(tree, dict):
        raise ParseError(f"failed to parse {what}. expected an object but found [{token_name(tree)}] instead")
    for name, value in tree.items():
        if name not in fields:
            raise ParseError(f"failed to parse {what}. unexpected field [{name}]")
        if not _fits(fields[name], value):
            reason = _WANTED[fields[name]].format(field=name, found=token_name(value))
            raise ParseError(f"failed to parse {what}. {reason}")
    return {
        # A string stands for a list: the server splits it at commas.
        name: [part for part in value.split(",") if part] if fields[name] == "texts" and isinstance(value, str) else value
        for name, value in tree.items()
    }


def _fits(kind: str, value: Any) -> bool:
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "text":
        return value is None or isinstance(value, str)
    if kind == "texts":
        return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))
    if kind == "objects":
        return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return value is None or isinstance(value, dict)


def strings(value: Any) -> list[str]:
    """A string or a list of strings, as a list; any other value gives an empty list."""
    items = [value] if isinstance(value, str) else value
    return items if isinstance(items, list) and all(isinstance(item, str) for item in items) else []


def token_name(value: Any) -> str:
    """The server's name for the JSON token of a value."""
    if isinstance(value, (dict, list)):
        return "START_OBJECT" if isinstance(value, dict) else "START_ARRAY"
    names = {bool: "VALUE_BOOLEAN", str: "VALUE_STRING", type(None): "VALUE_NULL"}
    return names.get(type(value), "VALUE_NUMBER")
