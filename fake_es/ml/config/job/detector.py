"""Detectors: ``Detector.Builder`` and ``DefaultDetectorDescription`` in the server."""

from __future__ import annotations

import re
from typing import Any

from fake_es.ml.config.job import functions, messages
from fake_es.ml.config.job.custom_rules import OLD_RULE, RULE, build_old_rule, build_rule, check_rules, rules_field
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.object_parser import BOOLEAN, INT, STRING, Body, Field, ObjectParser, nested_list, reading

_NAMES = ("field_name", "by_field_name", "over_field_name", "partition_field_name")
_SERIES = frozenset(_NAMES[:3])
_NEEDED = (
    ("field_name", functions.NEEDS_FIELD),
    ("by_field_name", functions.NEEDS_BY),
    ("over_field_name", functions.NEEDS_OVER),
)
_FREQUENT = frozenset({"all", "none", "by", "over"})


def _function(name: str, body: Body) -> str:
    full = functions.SHORT.get(name, name)
    if full not in functions.ALL:
        raise IllegalArgument(messages.UNKNOWN_FUNCTION.format(function=name))
    return full


def _exclude_frequent(value: str, body: Body) -> str:
    if value.lower() not in _FREQUENT:
        constant = "org.elasticsearch.xpack.core.ml.job.config.Detector.ExcludeFrequent"
        raise IllegalArgument(f"No enum constant {constant}.{value.upper()}")
    return value.lower()


DETECTOR = ObjectParser(
    "detector",
    (
        Field("detector_description", STRING),
        Field("function", reading(STRING, _function)),
        *(Field(name, STRING) for name in _NAMES),
        Field("use_null", BOOLEAN),
        Field("exclude_frequent", reading(STRING, _exclude_frequent)),
        Field("custom_rules", nested_list(RULE, build_rule), since=(6, 4)),
        Field("rules", nested_list(OLD_RULE, build_old_rule), since=(6, 3), until=(6, 4)),
        Field("detector_rules", nested_list(OLD_RULE, build_old_rule), until=(6, 3)),
        Field("detector_index", INT, since=(5, 5)),
    ),
)


def build_detector(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """Check and complete a detector. Its index is added later, by its place in the list.

    :raises ElasticsearchError: 400, its fields do not fit its function or contradict each other.
    """
    function = found.get("function", "metric")
    names = {name: found[name] for name in _NAMES if found.get(name)}
    _check_needs(function, names, body.version)
    for name in names.values():
        check_field_name(name)
    _check_differences(names)
    rules = found.get(rules_field(body.version)) or []
    if rules:
        check_rules(rules, function, [names[name] for name in _NAMES[1:] if name in names])
    return _shown(found, function, names, rules, body.version)


def _shown(
    found: dict[str, Any], function: str, names: dict[str, str], rules: list[Any], version: tuple[int, ...]
) -> dict[str, Any]:
    use_null, frequent = found.get("use_null", False), found.get("exclude_frequent")
    description = found.get("detector_description") or describe(function, names, use_null, frequent)
    shown: dict[str, Any] = {"detector_description": description, "function": function, **names}
    if use_null:
        shown["use_null"] = True
    if frequent is not None:
        shown["exclude_frequent"] = frequent
    # Before 6.4 the list is shown even if it is empty.
    if rules or version < (6, 4):
        shown[rules_field(version)] = rules
    return shown


def _check_needs(function: str, names: dict[str, str], version: tuple[int, ...]) -> None:
    if _SERIES.isdisjoint(names) and function not in functions.NEEDS_NOTHING:
        raise bad_request(messages.NO_FIELD_AT_ALL.at(version))
    if "field_name" in names and function not in functions.NEEDS_FIELD:
        raise bad_request(messages.FIELD_FORBIDDEN.format(field="field_name", function=function))
    for field, those in _NEEDED:
        if function in those and field not in names:
            raise bad_request(messages.FIELD_NEEDED.format(field=field, function=function))
    if "over_field_name" in names and functions.forbids_over(function, version):
        raise bad_request(messages.FIELD_FORBIDDEN.format(field="over_field_name", function=function))


def check_field_name(name: str) -> None:
    """Refuse a field name with characters that the analysis does not allow.

    :raises StatusException: 400.
    """
    if _FORBIDDEN.search(name):
        raise bad_request(messages.FIELD_CHARACTERS.format(name=name))
    if name == ".":
        raise bad_request(messages.FIELD_IS_CONTROL.format(name=name))


_FORBIDDEN = re.compile(r'["\\\x00-\x1f\x7f]')
_PAIRS = (
    ("partition_field_name", "by_field_name"),
    ("partition_field_name", "over_field_name"),
    ("by_field_name", "over_field_name"),
)


def _check_differences(names: dict[str, str]) -> None:
    for first, second in _PAIRS:
        if first in names and names[first] == names.get(second):
            raise bad_request(messages.FIELDS_EQUAL.format(first=first, second=second, name=names[first]))
    for field in ("by_field_name", "over_field_name"):
        if names.get(field) in ("count", "by", "over"):
            raise bad_request(messages.VALUE_FORBIDDEN.format(name=names[field], field=field))


def describe(function: str, names: dict[str, str], use_null: bool, frequent: str | None) -> str:
    """The default description of a detector, such as ``mean(responsetime) by airline``."""
    text = function
    if "field_name" in names:
        text += f"({_quoted(names['field_name'])})"
    if "by_field_name" in names:
        text += f" by {_quoted(names['by_field_name'])}"
    if "over_field_name" in names:
        text += f" over {_quoted(names['over_field_name'])}"
    if use_null:
        text += " usenull=true"
    if "partition_field_name" in names:
        text += f" partitionfield={_quoted(names['partition_field_name'])}"
    return text if frequent is None else f"{text} excludefrequent={frequent}"


def _quoted(name: str) -> str:
    return f'"{name}"' if re.search(r"\W", name, re.ASCII) else name
