"""The APIs of legacy, composable and component templates (``RestPutComposableIndexTemplateAction`` and so on)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices import messages
from fake_es.indices.errors import IndexTemplateMissing
from fake_es.indices.expressions import matching
from fake_es.indices.flat_settings import flat, nested
from fake_es.indices.parameters import BOOLEAN, INT, LOCAL, MASTER_TIMEOUT, TEXT, TIMES, strings
from fake_es.indices.template_bodies import legacy_json, missing_components, read_component, read_composable, read_legacy
from fake_es.indices.templates import Templates
from fake_es.indices.types import INCLUDE_TYPE_NAME, routes, wants_types
from fake_es.patterns.wildcards import overlap
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import IllegalArgument, ResourceNotFound
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

_LEGACY, _COMPOSABLE, _COMPONENT = "/_template", "/_index_template", "/_component_template"
_SINCE = (7, 8)
_FLAT = Parameter("flat_settings", BOOLEAN, False)
_CREATE = Parameter("create", BOOLEAN, False)
_CAUSE = Parameter("cause", TEXT)
_DEFAULTS = Parameter("include_defaults", BOOLEAN, False, since=(8, 11))
_GET = (LOCAL, _FLAT, MASTER_TIMEOUT)


def _templates(cluster: Cluster) -> Templates:
    return cluster.part(Templates)


def _named(call: Call, templates: dict[str, Tree]) -> dict[str, Tree]:
    """The templates that the path names, sorted by name; all of them if it has no name."""
    patterns = strings(call.path_parameters.get("name", "*"))
    names = {name for pattern in patterns for name in matching("*" if pattern == "_all" else pattern, templates)}
    return {name: templates[name] for name in sorted(names)}


def _check_new(call: Call, templates: dict[str, Tree], what: str) -> None:
    name = call.path_parameters["name"]
    if call.params["create"] and name in templates:
        raise IllegalArgument(messages.TEMPLATE_EXISTS.format(what=what, name=name))


def _delete(call: Call, templates: dict[str, Tree]) -> None:
    """Delete the templates that the path names.

    :raises IndexTemplateMissing: one of them does not exist.
    """
    for name in strings(call.path_parameters["name"]):
        if name not in templates and "*" not in name:
            raise IndexTemplateMissing(messages.TEMPLATE_MISSING.format(name=name))
    found = _named(call, templates)
    if not found and call.path_parameters["name"] != "*":
        raise IndexTemplateMissing(messages.TEMPLATE_MISSING.format(name=call.path_parameters["name"]))
    for name in found:
        del templates[name]


@operation(
    "indices.put_template",
    routes=routes("PUT,POST", _LEGACY + "/{name}"),
    action="indices:admin/template/put",
    query=[*TIMES, _CREATE, _CAUSE, _FLAT, Parameter("order", INT), INCLUDE_TYPE_NAME],
    body=BodyUse.REQUIRED,
    parse=read_legacy,
)
def put_template(call: Call, cluster: Cluster) -> Any:
    """Store a legacy template."""
    legacy = _templates(cluster).legacy
    _check_new(call, legacy, "index_template")
    order = call.params["order"]
    legacy[call.path_parameters["name"]] = call.request | ({} if order is None else {"order": order})
    return {"acknowledged": True}


@operation(
    "indices.get_template",
    routes=routes("GET", _LEGACY, _LEGACY + "/{name}"),
    action="indices:admin/template/get",
    query=[*_GET, INCLUDE_TYPE_NAME],
)
def get_template(call: Call, cluster: Cluster) -> Any:
    """Legacy templates by name; 404 if the path has a name and nothing matches."""
    typed = wants_types(call, "get index template")
    found = _named(call, _templates(cluster).legacy)
    response = {name: legacy_json(template, call.version, typed=typed) for name, template in found.items()}
    if call.params["flat_settings"]:
        response = {name: template | {"settings": flat(template["settings"])} for name, template in response.items()}
    return Answer(404 if not response and "name" in call.path_parameters else 200, response)


@operation(
    "indices.exists_template",
    routes=routes("HEAD", _LEGACY + "/{name}"),
    action="indices:admin/template/get",
    query=_GET,
)
def exists_template(call: Call, cluster: Cluster) -> Any:
    """Whether a legacy template matches the name."""
    return Answer(200 if _named(call, _templates(cluster).legacy) else 404, "")


@operation(
    "indices.delete_template",
    routes=routes("DELETE", _LEGACY + "/{name}"),
    action="indices:admin/template/delete",
    query=TIMES,
)
def delete_template(call: Call, cluster: Cluster) -> Any:
    """Delete legacy templates."""
    _delete(call, _templates(cluster).legacy)
    return {"acknowledged": True}


@operation(
    "indices.put_index_template",
    routes=routes("PUT,POST", _COMPOSABLE + "/{name}", since=_SINCE),
    action="indices:admin/index_template/put",
    query=[MASTER_TIMEOUT, _CREATE, _CAUSE],
    body=BodyUse.REQUIRED,
    parse=read_composable,
)
def put_index_template(call: Call, cluster: Cluster) -> Any:
    """Store a composable template."""
    templates, name = _templates(cluster), call.path_parameters["name"]
    _check_new(call, templates.composable, "index template")
    _check_components(call, templates)
    _check_priority(call, templates)
    templates.composable[name] = call.request
    return {"acknowledged": True}


def _check_components(call: Call, templates: Templates) -> None:
    ignored = call.request.get("ignore_missing_component_templates", ())
    components = call.request.get("composed_of", ())
    missing = [name for name in components if name not in templates.components and name not in ignored]
    if missing:
        raise missing_components(call.path_parameters["name"], missing)


def _check_priority(call: Call, templates: Templates) -> None:
    """Check that no other template with the same priority could match the same index.

    :raises IllegalArgument: there is one.
    """
    name, priority = call.path_parameters["name"], call.request.get("priority") or 0
    patterns = call.request["index_patterns"]
    others = {
        other: template["index_patterns"]
        for other, template in templates.composable.items()
        if other != name
        and (template.get("priority") or 0) == priority
        and any(overlap(ours, theirs) for ours in patterns for theirs in template["index_patterns"])
    }
    if others:
        listed = ",".join(f"{other} => [{', '.join(theirs)}]" for other, theirs in others.items())
        words = {"name": name, "patterns": ", ".join(patterns), "others": ", ".join(others), "listed": listed}
        raise IllegalArgument(messages.SAME_PRIORITY.format(priority=priority, **words))


@operation(
    "indices.get_index_template",
    routes=routes("GET", _COMPOSABLE, _COMPOSABLE + "/{name}", since=_SINCE),
    action="indices:admin/index_template/get",
    query=[*_GET, _DEFAULTS],
)
def get_index_template(call: Call, cluster: Cluster) -> Any:
    """Composable templates by name."""
    found = _found(call, _templates(cluster).composable, "index template")
    return {"index_templates": [{"name": name, "index_template": _template_json(call, found[name])} for name in found]}


def _found(call: Call, templates: dict[str, Tree], what: str) -> dict[str, Tree]:
    found, name = _named(call, templates), call.path_parameters.get("name")
    if name is not None and not found and "*" not in name:
        raise ResourceNotFound(messages.NO_TEMPLATE.format(what=what, name=name))
    return found


def _template_json(call: Call, template: Tree) -> Tree:
    tree = {**template, "composed_of": template.get("composed_of", [])} if "index_patterns" in template else template
    inner = tree.get("template", {})
    if call.params["flat_settings"] and "settings" in inner:
        return tree | {"template": inner | {"settings": flat(inner["settings"])}}
    return tree


@operation(
    "indices.exists_index_template",
    routes=routes("HEAD", _COMPOSABLE + "/{name}", since=_SINCE),
    action="indices:admin/index_template/get",
    query=_GET,
)
def exists_index_template(call: Call, cluster: Cluster) -> Any:
    """Whether a composable template matches the name."""
    return Answer(200 if _named(call, _templates(cluster).composable) else 404, "")


@operation(
    "indices.delete_index_template",
    routes=routes("DELETE", _COMPOSABLE + "/{name}", since=_SINCE),
    action="indices:admin/index_template/delete",
    query=TIMES,
)
def delete_index_template(call: Call, cluster: Cluster) -> Any:
    """Delete composable templates."""
    _delete(call, _templates(cluster).composable)
    return {"acknowledged": True}


@operation(
    "indices.simulate_index_template",
    routes=routes("POST", _COMPOSABLE + "/_simulate_index/{name}", since=(7, 9)),
    action="indices:admin/index_template/simulate_index",
    query=[MASTER_TIMEOUT, _CREATE, _CAUSE, _DEFAULTS],
    body=BodyUse.OPTIONAL,
    parse=lambda call: read_composable(call) if call.body.strip() else None,
)
def simulate_index_template(call: Call, cluster: Cluster) -> Any:
    """The settings, mappings and aliases that a new index with this name would have."""
    from fake_es.mapping.mapping import Mapping

    templates = _templates(cluster)
    tried = Templates(cluster)
    tried.legacy, tried.components, tried.composable = templates.legacy, templates.components, dict(templates.composable)
    if call.request is not None:
        _check_components(call, templates)
        tried.composable["simulate_index_template"] = call.request
    blueprint = tried.blueprint(call.path_parameters["name"])
    mapping = Mapping(call.version)
    for tree in blueprint.mappings:
        mapping.merge(tree)
    inner = {"settings": nested(blueprint.settings), "mappings": mapping.to_json(), "aliases": blueprint.aliases}
    return {"template": inner, "overlapping": []}


@operation(
    "cluster.put_component_template",
    routes=routes("PUT,POST", _COMPONENT + "/{name}", since=_SINCE),
    action="cluster:admin/component_template/put",
    query=[*TIMES, _CREATE, _CAUSE],
    body=BodyUse.REQUIRED,
    parse=read_component,
)
def put_component_template(call: Call, cluster: Cluster) -> Any:
    """Store a component template."""
    components = _templates(cluster).components
    _check_new(call, components, "component template")
    components[call.path_parameters["name"]] = call.request
    return {"acknowledged": True}


@operation(
    "cluster.get_component_template",
    routes=routes("GET", _COMPONENT, _COMPONENT + "/{name}", since=_SINCE),
    action="cluster:admin/component_template/get",
    query=[*_GET, _DEFAULTS],
)
def get_component_template(call: Call, cluster: Cluster) -> Any:
    """Component templates by name."""
    found = _found(call, _templates(cluster).components, "component template")
    return {"component_templates": [{"name": name, "component_template": _template_json(call, found[name])} for name in found]}


@operation(
    "cluster.exists_component_template",
    routes=routes("HEAD", _COMPONENT + "/{name}", since=_SINCE),
    action="cluster:admin/component_template/get",
    query=[LOCAL, MASTER_TIMEOUT],
)
def exists_component_template(call: Call, cluster: Cluster) -> Any:
    """Whether a component template matches the name."""
    return Answer(200 if _named(call, _templates(cluster).components) else 404, "")


@operation(
    "cluster.delete_component_template",
    routes=routes("DELETE", _COMPONENT + "/{name}", since=_SINCE),
    action="cluster:admin/component_template/delete",
    query=TIMES,
)
def delete_component_template(call: Call, cluster: Cluster) -> Any:
    """Delete component templates that no composable template uses."""
    templates = _templates(cluster)
    found = _found(call, templates.components, "component template")
    users = [name for name, template in templates.composable.items() if found.keys() & set(template.get("composed_of", ()))]
    if users:
        text = messages.COMPONENT_IN_USE.format(names=", ".join(found), users=", ".join(sorted(users)))
        raise IllegalArgument(text)
    for name in found:
        del templates.components[name]
    return {"acknowledged": True}
