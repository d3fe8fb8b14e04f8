"""Bodies in YAML and CBOR: requests are converted to JSON, and answers from JSON.

PyYAML and cbor2 are imported when a body needs them. Smile is refused, because no maintained library reads it.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from fake_es.wire.errors import ParseError, PlainError

_LACKING = "fake_es cannot {verb} [application/{format}]: {remedy}"
_REMEDIES = {"smile": "no library serves it", **dict.fromkeys(("cbor", "yaml"), "pip install fake-es[formats]")}


def check_can_write(format_: str) -> None:
    """Refuse a request whose answer cannot be written in its format, before anything is done.

    :raises PlainError: 406.
    """
    if format_ in ("json", "x-ndjson", "yaml"):
        return
    try:
        if format_ == "smile":
            raise ImportError(format_)
        import cbor2 as _  # noqa: F401
    except ImportError:
        raise _lacking("write", format_) from None


def as_json(body: bytes, format_: str) -> bytes:
    """Convert a body in YAML or CBOR to JSON.

    :raises ParseError: 400, the body is invalid.
    :raises PlainError: 406, the library for the format is not installed.
    """
    try:
        tree = _read_yaml(body) if format_ == "yaml" else _read_cbor(body)
        return json.dumps(tree, ensure_ascii=False, default=_scalar).encode()
    except ImportError:
        raise _lacking("read", format_) from None
    except (ValueError, TypeError, RecursionError) as error:
        raise ParseError(f"Failed to parse content of type [{format_}]: {error}") from None


def _lacking(verb: str, format_: str) -> PlainError:
    return PlainError(_LACKING.format(verb=verb, format=format_, remedy=_REMEDIES[format_]), 406)


def _scalar(value: Any) -> str:
    """Convert a value that JSON does not have: bytes become base 64, as in Jackson."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is no value of a document")


def _read_yaml(body: bytes) -> Any:
    from fake_es.wire.yaml_text import read_yaml

    return read_yaml(body)


def _read_cbor(body: bytes) -> Any:
    import cbor2

    try:
        return cbor2.loads(body)
    except cbor2.CBORDecodeError as error:
        raise ValueError(str(error)) from None


def written(tree: Any, format_: str) -> bytes:
    """Write an answer in YAML or CBOR. A lone surrogate becomes an escape in YAML and a question mark in CBOR."""
    if format_ == "yaml":
        return f"---\n{_yaml(tree, '')}".encode("utf-8", "backslashreplace")
    import cbor2

    try:
        return cbor2.dumps(tree)
    except UnicodeEncodeError:
        return cbor2.dumps(json.loads(json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace")))


def _yaml(value: Any, indent: str) -> str:
    """Lines in the style of Jackson: strings in quotes, items of a list not indented."""
    if isinstance(value, dict) and value:
        return "".join(f"{indent}{_key(key)}:{_below(item, indent)}" for key, item in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{indent}-{_item(item, indent)}" for item in value)
    return f"{indent}{json.dumps(value, ensure_ascii=False)}\n"


def _below(value: Any, indent: str) -> str:
    if not isinstance(value, (dict, list)) or not value:
        return f" {json.dumps(value, ensure_ascii=False)}\n"
    return "\n" + _yaml(value, indent if isinstance(value, list) else indent + "  ")


def _item(value: Any, indent: str) -> str:
    """An item after a dash: the first line of a container follows the dash, the others are below."""
    return " " + _yaml(value, indent + "  ").lstrip(" ")


def _key(key: str) -> str:
    plain = key.isascii() and key.replace("_", "a").replace("-", "a").replace(".", "a").isalnum() and not key[0].isdigit()
    return key if plain else json.dumps(key, ensure_ascii=False)
