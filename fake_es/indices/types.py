"""Types of documents, which exist up to 7.x: in paths, mappings and responses."""

from __future__ import annotations

from typing import Any

from fake_es.indices import messages
from fake_es.indices.document import Document
from fake_es.indices.errors import InvalidTypeName
from fake_es.indices.index import Index
from fake_es.indices.parameters import BOOLEAN
from fake_es.indices.type_fields import TypeFields
from fake_es.mapping.errors import expected_map
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.operation import Route
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

DOC = "_doc"
# Paths may have ``_doc`` in place of a type.
DOC_SINCE = (6, 2)
# APIs without types exist.
TYPELESS = (7, 0)
# APIs with types are removed.
GONE = (8, 0)
INCLUDE_TYPE_NAME = Parameter("include_type_name", BOOLEAN, since=(6, 7), until=GONE)


def typed_routes(methods: str, *templates: str, until: tuple[int, ...] = GONE) -> list[Route]:
    """Routes with a type in their path; ``methods`` are separated by commas."""
    return [Route(method, template, until=until) for template in templates for method in methods.split(",")]


def routes(methods: str, *templates: str, since: tuple[int, ...] = (5, 4)) -> list[Route]:
    """Routes of all methods to all templates; ``methods`` are separated by commas."""
    return [Route(method, template, since=since) for template in templates for method in methods.split(",")]


def path_type(call: Call) -> str:
    """The type in the path of a call; ``_doc`` if there is none."""
    return call.path_parameters.get("type", DOC)


def check_type_name(name: str, release: tuple[int, ...]) -> None:
    """Refuse an invalid name of a type: from 6.2 only ``_doc`` may begin with an underscore, before no name may.

    :raises InvalidTypeName: it begins with one.
    """
    if name.startswith("_") and (name != DOC or release < DOC_SINCE):
        raise InvalidTypeName(name)


def claim_type(index: Index, name: str, release: tuple[int, ...]) -> None:
    """Allow documents of a type in an index. From 6.0 an index has only one type, that of its first document or mapping.

    :raises IllegalArgument: the index has another type.
    """
    if name == index.type_name:
        return
    blank = not len(index) and index.type_name == DOC
    if blank and (release < TYPELESS or not index.mapping.to_json()):
        index.type_name = name
    elif release < (6, 0):
        index.add_type(name)
    elif name != DOC or release < (6, 7):
        types = ", ".join((index.type_name, name))
        raise IllegalArgument(messages.MANY_TYPES.format(index=index.name, types=types))


def is_of_type(document: Document, name: str, release: tuple[int, ...]) -> bool:
    """Whether a request for this type finds a document."""
    return name in (document.type, "_all") or (name == DOC and release >= (6, 7))


def type_entry(document: Document, release: tuple[int, ...]) -> Tree:
    """``_type`` in responses, up to 7.x."""
    return {"_type": document.type} if release < GONE else {}


def wants_types(call: Call, what: str) -> bool:
    """Whether a request or response has mappings under the names of types; ``what`` names the request in warnings."""
    if call.version >= GONE:
        return False
    asked = call.params.get("include_type_name")
    if call.version >= TYPELESS:
        if asked is not None:
            call.warn(messages.TYPES_DEPRECATED.format(what=what))
        return bool(asked)
    return asked is not False


def under_type(index: Index, mapping: Tree, typed: bool) -> Tree:
    """A mapping in a response: under the name of its type if ``typed``. Of several types each has its part of it."""
    if typed and index.types is not None:
        return {name: index.types.mapping_of(name, mapping) for name in index.types.names}
    return {index.type_name: mapping} if typed and mapping else mapping


def check_types(index: str, mappings: Tree, release: tuple[int, ...]) -> None:
    """Refuse several types in the ``mappings`` of a new index.

    :raises IllegalArgument: from 6.0, there are several.
    """
    if release >= (6, 0) and len(mappings) > 1:
        raise IllegalArgument(messages.MANY_TYPES.format(index=index, types=", ".join(mappings)))


def take_types(index: Index, mappings: Tree) -> None:
    """Give a new index the types of ``mappings`` in a body, which ``split_mappings`` has read."""
    names = list(mappings)
    index.type_name = names[0]
    if len(names) > 1:
        index.types = TypeFields(names[0], mappings[names[0]] or {})
        for name in names[1:]:
            index.types.add(name, mappings[name] or {})


def split_mappings(mappings: Any, typed: bool) -> tuple[str | None, Tree]:
    """The name of the first type and the mapping of all, from ``mappings`` of a body.

    :raises IllegalArgument: there is a type although ``typed`` is false, or it is not an object.
    :raises MapperParsing: the mapping is not an object.
    """
    if not isinstance(mappings, dict):
        raise IllegalArgument(messages.MAPPINGS_NOT_OBJECT)
    if not typed:
        if list(mappings) == [DOC]:
            raise IllegalArgument(messages.NESTED_TYPE)
        return None, mappings
    merged: Tree = {}
    for name, tree in mappings.items():
        _merge_type(merged, name, tree)
    return next(iter(mappings), None), merged


def _merge_type(merged: Tree, name: str, tree: Any) -> None:
    """Add the mapping of one type to ``merged``."""
    inner = tree if isinstance(tree, dict) else {} if tree is None else None
    fields = None if inner is None else inner.get("properties", {})
    if inner is None or not isinstance(fields, dict):
        raise expected_map("properties", name)
    properties = merged.get("properties", {}) | fields
    merged |= inner | ({"properties": properties} if properties else {})
