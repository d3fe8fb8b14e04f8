"""Types of documents, which there were up to 7.x: in paths, mappings and answers."""

from __future__ import annotations

from typing import Any

from fake_es.indices import messages
from fake_es.indices.document import Document
from fake_es.indices.errors import InvalidTypeName
from fake_es.indices.index import Index
from fake_es.indices.parameters import BOOLEAN
from fake_es.mapping.errors import expected_map
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.operation import Route
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

DOC = "_doc"
# From here on a path may have ``_doc`` in place of a type.
DOC_SINCE = (6, 2)
TYPELESS = (7, 0)
GONE = (8, 0)
INCLUDE_TYPE_NAME = Parameter("include_type_name", BOOLEAN, since=(6, 7), until=GONE)


def typed_routes(methods: str, *templates: str, until: tuple[int, ...] = GONE) -> list[Route]:
    """Routes with a type in them; ``methods`` has commas between."""
    return [Route(method, template, until=until) for template in templates for method in methods.split(",")]


def routes(methods: str, *templates: str, since: tuple[int, ...] = (5, 4)) -> list[Route]:
    """Routes of all methods to all templates; ``methods`` has commas between."""
    return [Route(method, template, since=since) for template in templates for method in methods.split(",")]


def path_type(call: Call) -> str:
    """The type that a path names, or ``_doc``.

    :raises InvalidTypeName: before 6.2 none may begin with an underscore.
    """
    name = call.path_parameters.get("type", DOC)
    if name.startswith("_") and call.version < DOC_SINCE and "type" in call.path_parameters:
        raise InvalidTypeName(name)
    return name


def claim_type(index: Index, name: str, release: tuple[int, ...]) -> None:
    """Let documents of a type into an index: from 6.0 only those of the first one's.

    :raises IllegalArgument: it has documents of another.
    """
    if name == index.type_name or (release < (6, 0) and len(index)):
        return
    blank = not len(index) and index.type_name == DOC
    if blank and (release < TYPELESS or not index.mapping.to_json()):
        index.type_name = name
    elif name != DOC or release < (6, 7):
        types = ", ".join((index.type_name, name))
        raise IllegalArgument(messages.MANY_TYPES.format(index=index.name, types=types))


def is_of_type(document: Document, name: str, release: tuple[int, ...]) -> bool:
    """Whether a document is found under a type."""
    return name in (document.type, "_all") or (name == DOC and release >= (6, 7))


def type_entry(document: Document, release: tuple[int, ...]) -> Tree:
    """``_type`` as answers show it."""
    return {"_type": document.type} if release < GONE else {}


def wants_types(call: Call, what: str) -> bool:
    """Whether mappings stand under the names of types; ``what`` is the kind of request, for warnings."""
    if call.version >= GONE:
        return False
    asked = call.params.get("include_type_name")
    if call.version >= TYPELESS:
        if asked is not None:
            call.warn(messages.TYPES_DEPRECATED.format(what=what))
        return bool(asked)
    return asked is not False


def under_type(index: Index, mapping: Tree, typed: bool) -> Tree:
    """A mapping as GET shows it."""
    return {index.type_name: mapping} if typed and mapping else mapping


def split_mappings(mappings: Any, typed: bool) -> tuple[str | None, Tree]:
    """Name of the type and the mapping itself, of ``mappings`` in a body.

    :raises IllegalArgument: it names a type where none is expected.
    :raises MapperParsing: it is no mapping.
    """
    if not isinstance(mappings, dict):
        raise IllegalArgument(messages.MAPPINGS_NOT_OBJECT)
    if not typed:
        if list(mappings) == [DOC]:
            raise IllegalArgument(messages.NESTED_TYPE)
        return None, mappings
    merged: Tree = {}
    for name, tree in mappings.items():
        _lay_over(merged, name, tree)
    return next(iter(mappings), None), merged


def _lay_over(merged: Tree, name: str, tree: Any) -> None:
    """Take the mapping of a type in: those of several make one."""
    inner = tree if isinstance(tree, dict) else {} if tree is None else None
    fields = None if inner is None else inner.get("properties", {})
    if inner is None or not isinstance(fields, dict):
        raise expected_map("properties", name)
    properties = merged.get("properties", {}) | fields
    merged |= inner | ({"properties": properties} if properties else {})
