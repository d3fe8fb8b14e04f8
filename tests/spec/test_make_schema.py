"""The specification that ``make spec`` makes: from a small model, and, where both are at hand, as the one beside a checkout."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.shared import SPECIFICATION, needs
from tests.spec import make_schema
from tests.spec.validator import MADE


def of(name: str, *generics: Any, namespace: str = "x") -> dict[str, Any]:
    """A use of a type."""
    return {"kind": "instance_of", "type": {"name": name, "namespace": namespace}, "generics": list(generics)}


def builtin(name: str) -> dict[str, Any]:
    """A use of a type that every model has."""
    return of(name, namespace="_builtins")


def field(name: str, value: dict[str, Any], *, required: bool = False, **more: Any) -> dict[str, Any]:
    """A field of an object, or a parameter."""
    return {"name": name, "type": value, "required": required, **more}


def declared(kind: str, name: str, *generics: str, **more: Any) -> dict[str, Any]:
    """A declaration of a type."""
    found = {"kind": kind, "name": {"name": name, "namespace": "x"}, **more}
    if generics:
        found["generics"] = [{"name": each, "namespace": f"x.{name}"} for each in generics]
    return found


def model(response: dict[str, Any], *types: dict[str, Any], body: dict[str, Any] | None = None) -> dict[str, Any]:
    """A model with one API, ``x.get``, whose response is this value."""
    parameter = field("size", builtin("number"), serverDefault=10)
    request = {
        "path": [field("id", builtin("string"), required=True)],
        "query": [parameter],
        "body": body or {"kind": "no_body"},
    }
    return {
        "endpoints": [
            {
                "name": "x.get",
                "urls": [{"path": "/_x/{id}", "methods": ["GET"], "deprecation": {}}],
                "privileges": {"cluster": ["monitor"]},
                "request": {"name": "Request", "namespace": "x"},
                "response": {"name": "Response", "namespace": "x"},
            }
        ],
        "types": [
            declared("request", "Request", **request),
            declared("response", "Response", "TDocument", body={"kind": "value", "value": response}),
            *types,
        ],
    }


def fits(body: Any, response: dict[str, Any], *types: dict[str, Any]) -> bool:
    """Whether a body is an answer of the API."""
    made = make_schema.specification(model(response, *types))
    return bool(Draft202012Validator({**made["endpoints"]["x.get"]["response"], "$defs": made["$defs"]}).is_valid(body))


def test_what_is_said_of_an_api() -> None:
    body = {"kind": "properties", "properties": [field("a", builtin("string"), required=True)]}
    made = make_schema.specification(model(builtin("boolean"), body=body))
    assert made["endpoints"]["x.get"] == {
        "urls": [{"path": "/_x/{id}", "methods": ["GET"]}],
        "privileges": {"cluster": ["monitor"]},
        "path": ["id"],
        "query": {"size": {"required": False, "default": 10}},
        "request": {
            "type": "object",
            "properties": {"a": {"type": "string"}},
            "required": ["a"],
            "additionalProperties": False,
        },
        "response": {"type": "boolean"},
    }
    assert make_schema.specification(model(builtin("boolean")))["endpoints"]["x.get"]["request"] is None


@pytest.mark.parametrize(
    ("value", "good", "bad"),
    [
        ({"kind": "array_of", "value": builtin("string")}, [[], ["a"]], [[1], "a"]),
        ({"kind": "union_of", "items": [builtin("null"), builtin("number")]}, [None, 1.5], ["1"]),
        ({"kind": "dictionary_of", "key": builtin("string"), "value": builtin("number")}, [{}, {"a": 1}], [{"a": "1"}, []]),
        ({"kind": "literal_value", "value": "a"}, ["a"], ["b", None]),
        ({"kind": "user_defined_value"}, [None, {"a": [1]}], []),
        (of("TDocument", namespace="x.Response"), [None, {"a": [1]}], []),
    ],
)
def test_values(value: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    assert all(fits(each, value) for each in good)
    assert not any(fits(each, value) for each in bad)


def test_enumerations() -> None:
    members = [{"name": "on", "aliases": ["yes"]}, {"name": "off"}]
    closed = declared("enum", "Switch", members=members)
    assert [fits(each, of("Switch"), closed) for each in ("on", "yes", "no", True)] == [True, True, False, False]
    assert fits("no", of("Switch"), declared("enum", "Switch", members=members, isOpen=True))
    truth = declared("enum", "Truth", members=[{"name": "true"}, {"name": "false"}, {"name": "strict"}])
    assert all(fits(each, of("Truth"), truth) for each in (True, False, "true", "strict"))


def test_objects_have_what_they_inherit_and_nothing_else() -> None:
    base = declared("interface", "Base", properties=[field("a", builtin("string"), required=True)])
    fields = [field("b", builtin("number"), required=True, aliases=["bee"]), field("c", builtin("boolean"))]
    heir = declared("interface", "Heir", properties=fields, inherits=of("Base"))
    for good in ({"a": "x"}, {"a": "x", "b": 1}, {"a": "x", "bee": 1, "c": True}):
        assert fits(good, of("Heir"), base, heir)
    for bad in ({}, {"b": 1}, {"a": 1}, {"a": "x", "d": 1}):
        assert not fits(bad, of("Heir"), base, heir)


@pytest.mark.parametrize("name", ["AdditionalProperties", "AdditionalProperty"])
def test_objects_with_other_fields_beside_their_own(name: str) -> None:
    open_one = declared("interface", "Open", properties=[], behaviors=[{"type": {"name": name, "namespace": "_spec_utils"}}])
    heir = declared("interface", "Heir", properties=[], inherits=of("Open"))
    assert fits({"anything": 1}, of("Heir"), open_one, heir)


def test_generic_types_are_what_they_are_used_with() -> None:
    page = declared(
        "interface", "Page", "T", properties=[field("items", {"kind": "array_of", "value": of("T", namespace="x.Page")})]
    )
    numbers = declared("interface", "Numbers", properties=[], inherits=of("Page", builtin("number")))
    alias = declared("type_alias", "Names", type=of("Page", builtin("string")))
    assert fits({"items": [1]}, of("Numbers"), page, numbers)
    assert not fits({"items": ["a"]}, of("Numbers"), page, numbers)
    assert fits({"items": ["a"]}, of("Names"), page, alias)
    assert not fits({"items": [1]}, of("Names"), page, alias)


def test_a_type_may_contain_itself() -> None:
    tree = declared("interface", "Tree", properties=[field("child", of("Tree"))])
    assert fits({"child": {"child": {}}}, of("Tree"), tree)
    assert not fits({"child": {"child": 1}}, of("Tree"), tree)


@pytest.mark.parametrize("value", [{"kind": "riddle"}, of("Riddle")])
def test_what_is_not_known_is_not_passed_over(value: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="of the kind riddle"):
        make_schema.specification(model(value, declared("riddle", "Riddle")))


def test_it_is_read_from_the_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.dumps(model(builtin("boolean"))).encode()
    package, target = tmp_path / "x.tgz", tmp_path / "made.json"
    with tarfile.open(package, "w:gz") as archive:
        member = tarfile.TarInfo("package/dist/schema.json")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    make_schema.main(str(package), str(target))
    assert capsys.readouterr().out == f"{target}: 1 APIs, 0 types\n"
    assert json.loads(target.read_text())["endpoints"].keys() == {"x.get"}
    assert sorted(tmp_path.iterdir()) == [target, package]


def plain(schema: Any) -> Any:
    """A schema with its required fields in one order."""
    if isinstance(schema, dict):
        found = {name: plain(value) for name, value in schema.items()}
        if isinstance(found.get("required"), list):
            found["required"] = sorted(set(found["required"]))
        return {name: value for name, value in found.items() if (name, value) != ("required", [])}
    return [plain(each) for each in schema] if isinstance(schema, list) else schema


@needs(SPECIFICATION)
@pytest.mark.skipif(not MADE.exists(), reason="no specification was made: `make spec` makes it")
@pytest.mark.parametrize("part", ["endpoints", "$defs"])
def test_what_is_made_is_what_lies_beside_a_checkout(part: str) -> None:
    beside, made = (json.loads(path.read_text())[part] for path in (SPECIFICATION, MADE))
    for name, schema in beside.items():
        assert plain(made[name]) == plain(schema), name
