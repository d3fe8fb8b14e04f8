"""Rules of detectors: ``custom_rules`` from 6.4 (``DetectionRule``), ``detector_rules`` with other fields before."""

from __future__ import annotations

from typing import Any

from fake_es.ml.config.job import functions, messages
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.java import java_text
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import (
    ANY,
    DOUBLE,
    OBJECT,
    STRING,
    Body,
    Field,
    Kind,
    ObjectParser,
    nested,
    nested_list,
    reading,
)


def _one_of(field: str, *values: str) -> Kind:
    def check(value: str, body: Body) -> str:
        lowered = value.lower()
        if lowered not in values:
            raise IllegalArgument(f"No enum constant for [{field}]: {value}")
        return lowered

    return reading(STRING, check)


_FILTER = ObjectParser(
    "filter_ref",
    (Field("filter_id", STRING), Field("filter_type", _one_of("filter_type", "include", "exclude"))),
    required=["filter_id"],
)


def _scope(value: Any, body: Body, path: Path) -> dict[str, Any]:
    scope = {}
    for name, reference in value.items():
        found = _FILTER.parse(reference, body, (*path, name))
        scope[name] = {"filter_id": found["filter_id"], "filter_type": found.get("filter_type", "include")}
    return scope


_ACTIONS = frozenset({"skip_result", "skip_model_update", "force_time_shift"})


def _action(value: Any, body: Body, path: Path) -> list[Any]:
    for action in value:
        if not isinstance(action, str) or action.lower() not in _ACTIONS:
            raise IllegalArgument(f"No enum constant for [actions]: {java_text(action)}")
    return [action.lower() for action in value]


_CONDITION = ObjectParser(
    "rule_condition",
    (
        Field("applies_to", _one_of("applies_to", "actual", "typical", "diff_from_typical", "time")),
        Field("operator", _one_of("operator", "gt", "gte", "lt", "lte")),
        Field("value", DOUBLE),
    ),
    required=["applies_to", "operator", "value"],
)

RULE = ObjectParser(
    "custom_rules",
    (
        Field("actions", Kind(frozenset({"START_ARRAY"}), _action)),
        Field("scope", Kind(frozenset({"START_OBJECT"}), _scope)),
        Field("conditions", nested_list(_CONDITION)),
        Field("params", OBJECT, since=(8, 16)),
    ),
)


def build_rule(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """Complete a rule with the default action.

    :raises StatusException: 400, it has neither scope nor conditions.
    """
    if not found.get("scope") and not found.get("conditions"):
        raise bad_request(messages.RULE_EMPTY)
    rule: dict[str, Any] = {"actions": found.get("actions") or ["skip_result"]}
    return rule | {name: found[name] for name in ("scope", "conditions", "params") if found.get(name)}


_OLD_TEST = ObjectParser("condition", (Field("operator", STRING), Field("value", STRING)), required=["operator", "value"])
_OLD_CONDITION = ObjectParser(
    "rule_condition",
    (
        Field("condition_type", STRING),
        Field("field_name", STRING),
        Field("field_value", STRING),
        Field("condition", nested(_OLD_TEST)),
        Field("value_filter", STRING),
        Field("filter_id", STRING),
    ),
)
OLD_RULE = ObjectParser(
    "detector_rule",
    (
        Field("rule_action", STRING),
        Field("actions", ANY),
        Field("target_field_name", STRING),
        Field("target_field_value", STRING),
        Field("conditions_connective", _one_of("conditions_connective", "or", "and")),
        Field("rule_conditions", nested_list(_OLD_CONDITION)),
        Field("conditions", nested_list(_OLD_CONDITION)),
    ),
)


def build_old_rule(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """Complete a rule of 5.4 to 6.3.

    :raises StatusException: 400, it has no condition.
    """
    if not found.get("rule_conditions") and not found.get("conditions"):
        raise bad_request(messages.RULE_EMPTY_OLD)
    return {"conditions_connective": "or", **found}


def check_rules(rules: list[dict[str, Any]], function: str, fields: list[str]) -> None:
    """Refuse rules that do not fit their detector.

    :raises StatusException: 400, a condition does not fit the function, or a scope names a field that is not in ``fields``.
    """
    for rule in rules:
        conditions = rule.get("conditions") or ()
        if function in functions.ONLY_TIME_CONDITIONS and any(
            entry.get("applies_to", "time") != "time" for entry in conditions
        ):
            raise bad_request(messages.RULE_ONLY_TIME.format(function=function))
        for name in rule.get("scope", ()):
            if not fields:
                raise bad_request(messages.RULE_NO_SCOPE.format(field=name))
            if name not in fields:
                raise bad_request(messages.RULE_BAD_SCOPE.format(field=name, fields=f"[{', '.join(fields)}]"))
