"""Bodies of requests that create or change API keys (``CreateApiKeyRequestBuilder``, ``BaseUpdateApiKeyRequest``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.security import messages
from fake_es.security.role_body import failures_of, read_role
from fake_es.security.roles import Role
from fake_es.wire import object_parser
from fake_es.wire.durations import parse_time_value
from fake_es.wire.object_parser import OBJECT, STRING, STRINGS, Body, Field, ObjectParser, reading


def _read_roles(tree: dict[str, Any], body: Body) -> dict[str, Role]:
    return {name: read_role(name, description) for name, description in tree.items()}


def _lasts(text: str, body: Body) -> int:
    return parse_time_value(text, "expiration", body.version).ms


_CHANGES = (
    Field("role_descriptors", reading(OBJECT, _read_roles)),
    Field("metadata", OBJECT, since=(7, 13)),
    Field("expiration", reading(STRING, _lasts)),
)
CREATE = ObjectParser("api_key_request", (Field("name", STRING), *_CHANGES))
UPDATE = ObjectParser("update_api_key_request_payload", _CHANGES)
BULK_UPDATE = ObjectParser("bulk_update_api_key_request", (Field("ids", STRINGS), *_CHANGES), required=("ids",))
CLONE = ObjectParser(
    "clone_api_key_request",
    (
        Field("api_key", STRING),
        Field("name", STRING),
        Field("metadata", OBJECT),
        Field("expiration", reading(object_parser.STRING_OR_NULL, lambda text, body: text and _lasts(text, body))),
    ),
    required=("api_key", "name"),
)


def failures_in(found: dict[str, Any], version: tuple[int, ...]) -> list[str]:
    """The validation errors in the roles and the metadata of a body, in order."""
    # The server checks the roles since pull request 82049 of Elasticsearch.
    roles = found.get("role_descriptors", {}).values() if version >= (8, 1) else ()
    failures = [failure for role in roles for failure in failures_of(role, version)]
    if any(key.startswith("_") for key in found.get("metadata", ())):
        failures.append(messages.RESERVED_KEY_METADATA)
    return failures


def name_failures(name: str | None) -> Sequence[str]:
    """The validation errors in the name of a new key."""
    if not name:
        return [messages.KEY_NAME["missing"]]
    failures = [messages.KEY_NAME["long"]] if len(name) > 256 else []
    failures += [messages.KEY_NAME["blank"]] if name != name.strip() else []
    return failures + ([messages.KEY_NAME["underscore"]] if name.startswith("_") else [])
