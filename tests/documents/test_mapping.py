"""Mappings: what they show, how they grow, what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.mapping.checking import check_document
from fake_es.mapping.mapping import Mapping
from fake_es.wire.errors import ElasticsearchError, NotImplementedHere
from tests.documents.support import Store

TEXT = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}}


def sources(mapping: Mapping, name: str) -> tuple[str, ...]:
    """The paths in a document where the values of a field stand."""
    field = mapping.field(name)
    assert field is not None
    return field.sources


def mapped(source: dict[str, Any], **parameters: Any) -> Any:
    """Properties that a mapping with these parameters has after one document."""
    mapping = Mapping((8, 19), parameters)
    check_document(mapping, source, "1")
    return mapping.to_json().get("properties", {})


@pytest.mark.parametrize(
    ("value", "definition"),
    [
        (1, {"type": "long"}),
        (1.5, {"type": "float"}),
        (True, {"type": "boolean"}),
        ("a word", TEXT),
        ("2024-03-22", {"type": "date"}),
        ("2024-03-22T10:00:00.5Z", {"type": "date"}),
        ("2024/03/22", {"type": "date", "format": "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis"}),
        ("2024", TEXT),
        ("12", TEXT),
        ([None, 3], {"type": "long"}),
        ({"b": "x"}, {"properties": {"b": TEXT}}),
        ([{"b": 1}, {"c": 2}], {"properties": {"b": {"type": "long"}, "c": {"type": "long"}}}),
    ],
)
def test_a_new_field_is_mapped_by_its_value(value: Any, definition: dict[str, Any]) -> None:
    assert mapped({"a": value}) == {"a": definition}


@pytest.mark.parametrize("value", [None, [], [None]])
def test_nothing_is_mapped_by_nothing(value: Any) -> None:
    assert mapped({"a": value}) == {}


def test_dots_in_names_are_objects() -> None:
    assert mapped({"a.b": 1, "a": {"c.d": 2}}) == {
        "a": {"properties": {"b": {"type": "long"}, "c": {"properties": {"d": {"type": "long"}}}}}
    }


def test_detection_is_switched() -> None:
    assert mapped({"a": "2024-03-22"}, date_detection=False) == {"a": TEXT}
    assert mapped({"a": "12", "b": "1.5"}, numeric_detection=True) == {"a": {"type": "long"}, "b": {"type": "float"}}
    assert mapped({"a": "22.03.2024"}, dynamic_date_formats=["dd.MM.yyyy"]) == {"a": {"type": "date", "format": "dd.MM.yyyy"}}


def test_templates_map_what_they_match() -> None:
    templates = [
        {"ids": {"match": "*_id", "unmatch": "no_*", "mapping": {"type": "keyword", "meta": {"of": "{name}"}}}},
        {"inner": {"path_match": "o.*", "match_mapping_type": "long", "mapping": {"type": "{dynamic_type}", "index": False}}},
        {"texts": {"match_mapping_type": "string", "mapping": {"norms": False}}},
        {"numbered": {"match_pattern": "regex", "match": r"^n\d+$", "mapping": {"type": "double"}}},
    ]
    found = mapped({"job_id": 1, "no_id": 1, "o": {"x": 1, "y": "z"}, "n12": 3, "nx": 3}, dynamic_templates=templates)
    assert found == {
        "job_id": {"type": "keyword", "meta": {"of": "job_id"}},
        "no_id": {"type": "long"},
        "o": {"properties": {"x": {"type": "long", "index": False}, "y": {"type": "text", "norms": False}}},
        "n12": {"type": "double"},
        "nx": {"type": "long"},
    }


def test_dynamic_false_takes_and_forgets() -> None:
    store = Store("8.19")
    store.indices.create("books", mappings={"dynamic": False, "properties": {"o": {"dynamic": True, "type": "object"}}})
    store.put({"a": 1, "o": {"b": 2}})
    assert store.indices.index("books").mapping.to_json() == {
        "dynamic": False, "properties": {"o": {"dynamic": True, "properties": {"b": {"type": "long"}}}}
    }  # fmt: skip
    assert store.ids({"term": {"a": 1}}) == []
    assert store.ids({"term": {"o.b": 2}}) == ["0"]


def test_an_object_that_is_not_enabled_is_not_looked_at() -> None:
    assert mapped({"a": {"b": 1}}, properties={"a": {"type": "object", "enabled": False}}) == {
        "a": {"type": "object", "enabled": False}
    }
    assert mapped({"a": 1}, enabled=False) == {}


def refusal(source: dict[str, Any], version: tuple[int, ...] = (8, 19), **parameters: Any) -> ElasticsearchError:
    """What is said of a document."""
    mapping = Mapping(version, parameters)
    before = mapping.to_json()
    with pytest.raises(ElasticsearchError) as caught:
        check_document(mapping, source, "1")
    assert mapping.to_json() == before
    return caught.value


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ((5, 4), "failed to parse [n]"),
        ((6, 8), "failed to parse field [n] of type [long]"),
        ((7, 2), "failed to parse field [n] of type [long] in document with id '1'"),
        ((7, 17), "failed to parse field [n] of type [long] in document with id '1'. Preview of field's value: 'x'"),
        ((8, 19), "[1:12] failed to parse field [n] of type [long] in document with id '1'. Preview of field's value: 'x'"),
    ],
)
def test_a_value_that_does_not_fit(version: tuple[int, ...], reason: str) -> None:
    found = refusal({"a": 1, "n": "x"}, version, properties={"n": {"type": "long"}})
    assert found.reason == reason
    assert found.type == ("document_parsing_exception" if version >= (8, 8) else "mapper_parsing_exception")
    assert found.status == 400
    assert found.cause is not None
    assert found.cause.entry() == {"type": "number_format_exception", "reason": 'For input string: "x"'}


@pytest.mark.parametrize(
    ("definition", "value", "cause"),
    [
        ({"type": "byte"}, 128, "Value [128] is out of range for a byte"),
        ({"type": "long", "coerce": False}, 1.5, "1.5 cannot be converted to Integer without data loss"),
        ({"type": "double"}, True, "Current token (VALUE_BOOLEAN) not numeric, can not use numeric value accessors"),
        ({"type": "long"}, "", "empty String"),
        ({"type": "half_float"}, 1e9, "[half_float] supports only finite values, but got [1000000000.0]"),
        ({"type": "boolean"}, "no", "Failed to parse value [no] as only [true] or [false] are allowed."),
        ({"type": "date"}, "x", "failed to parse date field [x] with format [strict_date_optional_time||epoch_millis]"),
        ({"type": "date", "format": "yyyy"}, "x", "failed to parse date field [x] with format [yyyy]"),
        ({"type": "keyword"}, {"a": 1}, "Can't get text on a START_OBJECT"),
        ({"type": "text"}, {"a": 1}, "Can't get text on a START_OBJECT"),
        ({"type": "date"}, True, "Can't get text on a VALUE_TRUE"),
        ({"type": "ip"}, "here", "'here' is not an IP string literal."),
        ({"type": "geo_point"}, [1], "field must be either lat/lon or geohash"),
    ],
)
def test_why_a_value_does_not_fit(definition: dict[str, Any], value: Any, cause: str) -> None:
    found = refusal({"f": value}, properties={"f": definition})
    assert found.cause is not None
    assert found.cause.reason == cause


def test_places_in_refusals() -> None:
    mapping = Mapping((8, 19), {"properties": {"a": {"properties": {"n": {"type": "long"}}}}})
    text = '{\n "a": [\n  {"n": [1, "x"]}]}'
    with pytest.raises(ElasticsearchError) as caught:
        check_document(mapping, {"a": [{"n": [1, "x"]}]}, "1", text)
    assert str(caught.value.reason).startswith("[3:13] failed to parse field [a.n]")


def test_objects_and_values_do_not_mix() -> None:
    reason = "[1:6] object mapping for [o] tried to parse field [o] as object, but found a concrete value"
    assert refusal({"o": 3}, properties={"o": {"properties": {}, "type": "object"}}).reason == reason
    assert refusal({"a": [{"b": 1}, 2]}).reason == (
        "[1:15] object mapping for [a] tried to parse field [a] as object, but found a concrete value"
    )


def test_a_strict_mapping() -> None:
    found = refusal({"o": {"b": 1}}, dynamic="strict", properties={"o": {"type": "object"}})
    assert found.type == "strict_dynamic_mapping_exception"
    assert found.reason == "[1:11] mapping set to strict, dynamic introduction of [b] within [o] is not allowed"


def test_an_alias_takes_no_values() -> None:
    found = refusal({"b": 1}, properties={"a": {"type": "long"}, "b": {"type": "alias", "path": "a"}})
    assert found.reason == "[1:6] Cannot write to a field alias [b]."


@pytest.mark.parametrize("name", ["", ".", "a.", ".a", "a..b"])
def test_names_that_are_none(name: str) -> None:
    assert "field name cannot be an empty string" in str(refusal({name: 1}).reason)


def test_limits() -> None:
    mapping = Mapping((8, 19), limit=3)
    with pytest.raises(ElasticsearchError, match=r"Limit of total fields \[3\] has been exceeded while adding new fields"):
        check_document(mapping, {"a": 1, "b": 2, "c": 3, "d": 4}, "1")
    deep: dict[str, Any] = {"x": 1}
    for _ in range(21):
        deep = {"a": deep}
    assert str(refusal(deep).reason).startswith("Limit of mapping depth [20] has been exceeded")


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        ({"properties": {"a": {"type": "foo"}}}, "The mapper type [foo] declared on field [a] does not exist."),
        ({"properties": {"a": {"type": "text", "foo": 1}}}, "unknown parameter [foo] on mapper [a] of type [text]"),
        ({"properties": {"a": {}}}, "No type specified for field [a]"),
        ({"properties": {"a": 1}}, "Expected map for property [fields] on field [a]"),
        ({"properties": 1}, "Expected map for property [properties] on field [_doc]"),
        ({"properties": {"a": {"type": "text", "fields": {"b": {}}}}}, "No type specified for field [b]"),
        ({"properties": {"a": {"type": "text", "fields": 1}}}, "Expected map for property [fields] on field [a]"),
        ({"properties": {"a": {"type": "alias"}}}, "The [path] property must be specified for field [a]."),
        ({"properties": {"a": {"type": "date", "format": "QQQ"}}}, "Invalid format: [QQQ]"),
        ({"properties": {"a": {"type": "scaled_float"}}}, "Field [scaling_factor] is required"),
        ({"properties": {"": {"type": "long"}}}, "field name cannot be an empty string"),
        ({"foo": 1}, "Root mapping definition has unsupported parameters:  [foo : 1]"),
        ({"dynamic_templates": {}}, "Dynamic template syntax error. An array of named objects is expected."),
        ({"dynamic_templates": [{}]}, "A dynamic template must be defined with a name"),
        ({"dynamic_templates": [{"a": {}}]}, "template [a] must have either mapping or runtime set"),
        (
            {"dynamic_templates": [{"a": {"match_pattern": "regex", "match": "(", "mapping": {}}}]},
            "Pattern [(] of type [regex] is invalid. Cannot create dynamic template [a].",
        ),
    ],
)
def test_mappings_that_are_refused(tree: dict[str, Any], reason: str) -> None:
    with pytest.raises(ElasticsearchError) as caught:
        Mapping((8, 19), tree)
    assert str(caught.value.reason).startswith(f"Failed to parse mapping: {reason}")
    assert caught.value.type == "mapper_parsing_exception"


def test_older_words_for_them() -> None:
    with pytest.raises(ElasticsearchError) as caught:
        Mapping((6, 8)).merge({"properties": {"a": {"type": "flattened"}}}, "doc")
    assert caught.value.reason == "Failed to parse mapping [doc]: No handler for type [flattened] declared on field [a]"


@pytest.mark.parametrize(
    "tree",
    [
        {"runtime": {"a": {"type": "long"}}},
        {"dynamic": "runtime"},
        {"properties": {"a": {"type": "long", "script": "emit(1)"}}},
    ],
)
def test_what_is_not_here_is_named(tree: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedHere):
        Mapping((8, 19), tree)


def test_merging() -> None:
    mapping = Mapping((8, 19), {"properties": {"a": {"type": "text"}, "o": {"properties": {"x": {"type": "long"}}}}})
    mapping.merge({"_meta": {"v": 2}, "properties": {"a": {"type": "text", "fields": {"raw": {"type": "keyword"}}}}})
    mapping.merge({"properties": {"o": {"properties": {"y": {"type": "date"}}}, "a": {"type": "text"}}})
    assert mapping.to_json() == {
        "_meta": {"v": 2},
        "properties": {
            "a": {"type": "text", "fields": {"raw": {"type": "keyword"}}},
            "o": {"properties": {"x": {"type": "long"}, "y": {"type": "date"}}},
        },
    }
    assert mapping.names() == ["a", "a.raw", "o.x", "o.y"]


def test_objects_of_any_kind_take_further_fields() -> None:
    for kind in ("object", "nested", "passthrough"):
        mapping = Mapping((8, 19), {"properties": {"o": {"type": kind, "properties": {"x": {"type": "long"}}}}})
        mapping.merge({"properties": {"o": {"type": kind, "properties": {"y": {"type": "long"}}}}})
        assert mapping.names() == ["o.x", "o.y"]


def test_what_a_copy_of_a_mapping_adds_is_its_own() -> None:
    one = Mapping((8, 19), {"properties": {"all": {"type": "keyword"}, "o": {"properties": {"x": {"type": "long"}}}}})
    other = one.copied()
    other.merge({"properties": {"a": {"type": "keyword", "copy_to": "all"}, "o": {"properties": {"y": {"type": "long"}}}}})
    check_document(other, {"o": {"z": 1}}, "1")
    assert (one.names(), other.names()) == (["all", "o.x"], ["a", "all", "o.x", "o.y", "o.z"])
    assert (sources(one, "all"), sources(other, "all")) == (("all",), ("all", "a"))


def test_what_is_copied_follows_each_update() -> None:
    mapping = Mapping((8, 19), {"properties": {"all": {"type": "keyword"}}})
    for update in ({"a": {"type": "keyword", "copy_to": "all"}}, {"b": {"type": "long", "copy_to": ["all"]}}):
        mapping.merge({"properties": update})
    mapping.merge({"properties": {"all": {"type": "keyword", "fields": {"raw": {"type": "keyword"}}}}})
    assert sources(mapping, "all") == ("all", "a", "b")
    mapping.merge({"properties": {"a": {"type": "keyword", "copy_to": "all.raw"}}})
    assert (sources(mapping, "all"), sources(mapping, "all.raw")) == (("all", "b"), ("all", "a"))


def test_what_is_copied_finds_a_target_that_comes_later() -> None:
    mapping = Mapping((8, 19), {"properties": {"a": {"type": "keyword", "copy_to": ["all", "b.raw"]}}})
    mapping.merge({"properties": {"c": {"type": "keyword"}}})
    mapping.merge({"properties": {"all": {"type": "keyword"}}})
    mapping.merge({"properties": {"b": {"type": "text", "fields": {"raw": {"type": "keyword"}}}}})
    assert (sources(mapping, "all"), sources(mapping, "b.raw")) == (("all", "a"), ("b", "a"))


@pytest.mark.parametrize(
    ("version", "definition", "reason"),
    [
        ((7, 2), {"type": "keyword"}, "mapper [a] of different type, current_type [text], merged_type [keyword]"),
        ((8, 19), {"type": "keyword"}, "mapper [a] cannot be changed from type [text] to [keyword]"),
        (
            (8, 19),
            {"type": "text", "analyzer": "simple"},
            "Mapper for [a] conflicts with existing mapper:\n\tCannot update parameter [analyzer] from [default] to [simple]",
        ),
    ],
)
def test_what_cannot_be_merged(version: tuple[int, ...], definition: dict[str, Any], reason: str) -> None:
    mapping = Mapping(version, {"properties": {"a": {"type": "text"}}})
    with pytest.raises(ElasticsearchError) as caught:
        mapping.merge({"properties": {"b": {"type": "long"}, "a": definition}})
    assert (caught.value.type, caught.value.reason) == ("illegal_argument_exception", reason)
    assert mapping.names() == ["a"]


def test_types_of_fields() -> None:
    mapping = Mapping(
        (8, 19),
        {
            "properties": {
                "a": {"type": "text", "fields": {"raw": {"type": "keyword"}}},
                "n": {"type": "nested", "properties": {"x": {"type": "long"}}},
                "f": {"type": "flattened"},
                "same": {"type": "alias", "path": "a.raw"},
            }
        },
    )
    names = ("a", "a.raw", "n", "n.x", "f", "f.k.l", "same", "_id", "nothing", "a.nothing")
    assert [mapping.type_of(name) for name in names] == [
        "text", "keyword", "nested", "long", "flattened", "flattened", "keyword", "_id", None, None
    ]  # fmt: skip
    assert (mapping.nested_path("n.x"), mapping.nested_path("a")) == ("n", None)
