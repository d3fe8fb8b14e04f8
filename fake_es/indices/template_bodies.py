"""The bodies of templates (``IndexTemplateMetadata``, ``ComposableIndexTemplate``, ``ComponentTemplate``)."""

from __future__ import annotations

from typing import Any

from fake_es.indices import index_settings, messages
from fake_es.indices.aliases import alias_options
from fake_es.indices.errors import InvalidIndexTemplate
from fake_es.indices.flat_settings import flat, nested
from fake_es.indices.types import TYPELESS, split_mappings
from fake_es.mapping.errors import MapperParsing
from fake_es.mapping.mapping import Mapping
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, NotImplementedHere, ParseError
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import ANY, BOOLEAN, LONG, OBJECT, STRINGS, Field, ObjectParser

Tree = dict[str, Any]

_LEGACY = ("index_patterns", "template", "order", "version", "settings", "mappings", "aliases")
_INNER = ObjectParser(
    "template",
    [
        *(Field(name, OBJECT) for name in ("settings", "mappings", "aliases", "data_stream_options")),
        *(Field(name, ANY) for name in ("lifecycle",)),
    ],
)
_COMMON = [
    Field("template", OBJECT),
    Field("version", LONG),
    Field("_meta", OBJECT),
    Field("deprecated", BOOLEAN, since=(8, 12)),
]
_COMPOSABLE = ObjectParser(
    "index_template",
    [
        *_COMMON,
        Field("index_patterns", STRINGS),
        Field("composed_of", STRINGS),
        Field("priority", LONG),
        Field("data_stream", ANY),
        Field("allow_auto_create", BOOLEAN),
        Field("ignore_missing_component_templates", STRINGS, since=(8, 7)),
    ],
    required=["index_patterns"],
)
_COMPONENT = ObjectParser("component_template", _COMMON, required=["template"])


def read_legacy(call: Call) -> Tree:
    """Parse a legacy template.

    :raises ElasticsearchError: it is wrong, or an index could not be created from it.
    """
    tree = call.json_body().tree()
    if not isinstance(tree, dict):
        raise ParseError(messages.KEY_NOT_OBJECT.format(key="template"))
    for key in tree:
        if key not in _LEGACY:
            raise ParseError(messages.TEMPLATE_UNKNOWN_KEY.format(key=key))
    patterns = tree.get("index_patterns", tree.get("template"))
    patterns = [patterns] if isinstance(patterns, str) else patterns
    if not isinstance(patterns, list) or not patterns:
        raise ActionRequestValidation(messages.NO_PATTERNS)
    order = tree.get("order", 0)
    typed = call.version < TYPELESS or call.query.get("include_type_name") in ("", "true")
    type_name, mappings = split_mappings(tree.get("mappings", {}), typed)
    inner = _checked({"settings": tree.get("settings"), "mappings": mappings, "aliases": tree.get("aliases")}, call.version)
    template: Tree = {"order": whole_of(order), **({"version": tree["version"]} if "version" in tree else {})}
    return template | {"index_patterns": [str(pattern) for pattern in patterns], **inner, "type": type_name}


def legacy_json(template: Tree, release: tuple[int, ...], *, typed: bool) -> Tree:
    """A legacy template in a response."""
    tree = {name: value for name, value in template.items() if name != "type"}
    if typed and tree.get("mappings"):
        tree["mappings"] = {template.get("type") or "_doc": tree["mappings"]}
    if release < (6, 0):
        tree["template"] = ",".join(tree.pop("index_patterns"))
    return {**tree, "settings": nested(flat(tree.get("settings"))) if tree.get("settings") else {}}


def _checked(inner: Tree, release: tuple[int, ...]) -> Tree:
    """Check ``settings``, ``mappings`` and ``aliases`` of a template, and bring them to the form of responses."""
    settings = inner.get("settings") or {}
    aliases, mappings = inner.get("aliases") or {}, inner.get("mappings") or {}
    for name, part in (("settings", settings), ("aliases", aliases), ("mappings", mappings)):
        if not isinstance(part, dict):
            raise ParseError(messages.KEY_NOT_OBJECT.format(key=name))
    index_settings.check_settings(flat(settings), release)
    Mapping(release, mappings)
    return {
        "settings": nested(flat(settings)),
        "mappings": mappings,
        "aliases": {alias: alias_options(alias, options) for alias, options in aliases.items()},
    }


def read_composable(call: Call) -> Tree:
    """Parse a composable template.

    :raises ElasticsearchError: see ``read_legacy``.
    """
    found = _COMPOSABLE.parse_text(call.json_body())
    if found.get("data_stream") is not None:
        raise NotImplementedHere(messages.NO_DATA_STREAMS)
    if not found["index_patterns"]:
        raise ActionRequestValidation(messages.NO_PATTERNS)
    return _with_template(found, call)


def read_component(call: Call) -> Tree:
    """Parse a component template.

    :raises ElasticsearchError: see ``read_legacy``.
    """
    return _with_template(_COMPONENT.parse_text(call.json_body()), call)


def _with_template(found: Tree, call: Call) -> Tree:
    if "template" not in found:
        return found
    body = call.json_body()
    inner = _INNER.parse(found["template"], body, ("template",))
    if inner.get("lifecycle") or inner.get("data_stream_options"):
        raise NotImplementedHere(messages.NO_DATA_STREAMS)
    try:
        checked = _checked(inner, call.version)
    except MapperParsing as error:
        name = call.path_parameters.get("name", "")
        raise InvalidTemplate(messages.TEMPLATE_INVALID.format(name=name), cause=error) from None
    return found | {"template": {name: checked[name] for name in inner}}


class InvalidTemplate(IllegalArgument):
    """A template from which no index can be created: 400."""


def missing_components(name: str, missing: list[str]) -> InvalidIndexTemplate:
    """The error for a template that uses component templates that do not exist."""
    why = messages.NO_COMPONENTS.format(name=name, names=", ".join(missing))
    return InvalidIndexTemplate(messages.INVALID_TEMPLATE.format(name=name, why=why))
