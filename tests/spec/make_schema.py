"""Makes the specification that answers are held against: JSON Schema of every API, from Elastic's npm package.

    python -m tests.spec.make_schema PACKAGE TARGET

``make spec`` fetches the package ``@elastic/request-converter`` (Apache-2.0) and calls this. The package describes the
APIs in ``dist/schema.json``, in the model of https://github.com/elastic/elasticsearch-specification
(``compiler/src/model/metamodel.ts``). Nothing but the standard library is needed.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Schema = dict[str, Any]
# A type is known by its namespace and its name.
Name = tuple[str, str]
# What the parameters of a generic type stand for.
Arguments = Mapping[Name, Schema]

ANYTHING: Schema = {}
BUILTINS: dict[str, Schema] = {
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "number": {"type": "number"},
    "null": {"type": "null"},
    "binary": ANYTHING,
    "void": ANYTHING,
}
# Marks of an object that has fields beside those that are listed.
OPEN = {"AdditionalProperties", "AdditionalProperty"}


class Schemas:
    """Turns types of the model into JSON Schemas.

    ``definitions`` collects the types that were met on the way, by ``namespace.name``; schemas refer to them there.
    """

    def __init__(self, types: list[dict[str, Any]]) -> None:
        self._types = {_name(each["name"]): each for each in types}
        self.definitions: dict[str, Schema] = {}

    def endpoint(self, endpoint: dict[str, Any]) -> dict[str, Any]:
        """What is specified of an API: its urls, privileges and parameters, schemas of its request and its response.

        A schema is None if there is no body.
        """
        request, response = self._types[_name(endpoint["request"])], self._types[_name(endpoint["response"])]
        return {
            "urls": [{"path": url["path"], "methods": url["methods"]} for url in endpoint["urls"]],
            "privileges": endpoint.get("privileges"),
            "path": [parameter["name"] for parameter in request["path"]],
            "query": {
                parameter["name"]: {"required": parameter["required"], "default": parameter.get("serverDefault")}
                for parameter in request["query"]
            },
            "request": self._body(request),
            "response": self._body(response),
        }

    def _body(self, message: dict[str, Any]) -> Schema | None:
        """Schema of the body of a request or a response. Their type parameters stand for documents: anything."""
        body, arguments = message["body"], {_name(each): ANYTHING for each in message.get("generics", [])}
        match body["kind"]:
            case "no_body":
                return None
            case "value":
                return self._value(body["value"], arguments)
        return self._object(body, arguments)

    def _value(self, value: dict[str, Any], arguments: Arguments) -> Schema:
        """Schema of a value: ``ValueOf`` of the model."""
        match value["kind"]:
            case "array_of":
                return {"type": "array", "items": self._value(value["value"], arguments)}
            case "union_of":
                return {"anyOf": [self._value(each, arguments) for each in value["items"]]}
            case "dictionary_of":
                return {"type": "object", "additionalProperties": self._value(value["value"], arguments)}
            case "literal_value":
                return {"const": value["value"]}
            case "user_defined_value":
                return ANYTHING
            case "instance_of":
                return self._instance(value, arguments)
        raise ValueError(f"no value is of the kind {value['kind']}")

    def _instance(self, value: dict[str, Any], arguments: Arguments) -> Schema:
        """Schema of a named type: a reference, or the type itself if it is generic, for it differs from use to use."""
        name = _name(value["type"])
        if name[0] == "_builtins":
            return BUILTINS[name[1]]
        if name in arguments:
            return arguments[name]
        found = self._types[name]
        if "generics" in found:
            return self._type(found, self._bound(found, value, arguments))
        key = ".".join(name)
        if key not in self.definitions:
            # It may contain itself, so it is entered before it is made.
            definition = self.definitions[key] = {}
            definition.update(self._type(found, {}))
        return {"$ref": f"#/$defs/{key}"}

    def _bound(self, generic: dict[str, Any], use: dict[str, Any], arguments: Arguments) -> Arguments:
        """What the parameters of a generic type stand for where it is used or inherited."""
        given = [self._value(each, arguments) for each in use.get("generics", [])]
        return dict(zip(map(_name, generic.get("generics", [])), given))

    def _type(self, found: dict[str, Any], arguments: Arguments) -> Schema:
        """Schema of a type: ``TypeDefinition`` of the model."""
        match found["kind"]:
            case "enum":
                return _enumeration(found)
            case "type_alias":
                return self._value(found["type"], arguments)
            case "interface":
                return self._object(found, arguments)
        raise ValueError(f"no type is of the kind {found['kind']}")

    def _object(self, found: dict[str, Any], arguments: Arguments) -> Schema:
        """Schema of an object with fields of its own and those that it inherits."""
        if "inherits" in found:
            parent = self._types[_name(found["inherits"]["type"])]
            schema = self._object(parent, self._bound(parent, found["inherits"], arguments))
        else:
            schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
        for field in found["properties"]:
            names = [field["name"], *field.get("aliases", [])]
            schema["properties"] |= dict.fromkeys(names, self._value(field["type"], arguments))
            if field["required"] and len(names) == 1:
                schema["required"].append(field["name"])
        if any(each["type"]["name"] in OPEN for each in found.get("behaviors", [])):
            schema.pop("additionalProperties", None)
        return schema


def _name(name: dict[str, str]) -> Name:
    return name["namespace"], name["name"]


def _enumeration(found: dict[str, Any]) -> Schema:
    """Schema of an enumeration. One that names "true" and "false" takes the booleans as well."""
    if found.get("isOpen"):
        return {"type": "string"}
    names: list[str | bool] = [name for each in found["members"] for name in (each["name"], *each.get("aliases", []))]
    return {"enum": [*names, True, False] if {"true", "false"} <= set(names) else names}


def specification(model: dict[str, Any]) -> dict[str, Any]:
    """All APIs of the model: ``{"endpoints": {name: what is specified of it}, "$defs": {name: schema}}``."""
    schemas = Schemas(model["types"])
    endpoints = {endpoint["name"]: schemas.endpoint(endpoint) for endpoint in model["endpoints"]}
    return {"endpoints": endpoints, "$defs": schemas.definitions}


def main(package: str, target: str) -> None:
    """Read the package, an archive as npm hands it out, and write the specification; no half of it is ever left there."""
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/dist/schema.json")
        assert member is not None, "the package has no schema.json"
        made = specification(json.load(member))
    unfinished = Path(target).with_suffix(".part")
    unfinished.write_text(json.dumps(made, separators=(",", ":")))
    unfinished.replace(target)
    print(f"{target}: {len(made['endpoints'])} APIs, {len(made['$defs'])} types")


if __name__ == "__main__":
    main(*sys.argv[1:])
