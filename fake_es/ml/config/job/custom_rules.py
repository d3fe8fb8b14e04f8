"""Rules of detectors: ``custom_rules`` from 6.4 (``DetectionRule``), with other names and fields before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.ml.config.job import functions, messages
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import (
    ANY,
    DOUBLE,
    LONG,
    STRING,
    STRINGS,
    Body,
    Field,
    Kind,
    ObjectParser,
    nested,
    nested_list,
    reading,
)


def rules_field(version: tuple[int, ...]) -> str:
    """The field of a detector with its rules (``Detector``)."""
    return "custom_rules" if version >= (6, 4) else "rules" if version >= (6, 3) else "detector_rules"


def _one_of(enum: str, *values: str) -> Kind:
    """One of these words in any case; ``enum`` is the server's name of their type."""
    return reading(STRING, lambda value, body: _constant(value, enum, values))


def _constant(text: str, enum: str, values: Sequence[str]) -> str:
    lowered = text.lower()
    if lowered not in values:
        raise IllegalArgument(f"No enum constant org.elasticsearch.xpack.core.ml.job.config.{enum}.{text.upper()}")
    return lowered


_FILTER = ObjectParser(
    "filter_ref",
    (Field("filter_id", STRING), Field("filter_type", _one_of("FilterRef.FilterType", "include", "exclude"))),
    required=["filter_id"],
)


def _scope(value: Any, body: Body, path: Path) -> dict[str, Any]:
    scope = {}
    for name, reference in value.items():
        found = _FILTER.parse(reference, body, (*path, name))
        scope[name] = {"filter_id": found["filter_id"], "filter_type": found.get("filter_type", "include")}
    return scope


_SHIFT, _SHIFT_SINCE = "force_time_shift", (8, 16)
_ACTIONS = ("skip_result", "skip_model_update", _SHIFT)


def _actions(value: list[str], body: Body) -> list[str]:
    """Each action once, in the order of ``RuleAction``."""
    known = _ACTIONS if body.version >= _SHIFT_SINCE else _ACTIONS[:-1]
    given = {_constant(action, "RuleAction", known) for action in value}
    return [action for action in known if action in given]


_CONDITION = ObjectParser(
    "rule_condition",
    (
        Field("applies_to", _one_of("RuleCondition.AppliesTo", "actual", "typical", "diff_from_typical", "time")),
        Field("operator", _one_of("Operator", "gt", "gte", "lt", "lte")),
        Field("value", DOUBLE),
    ),
    required=["applies_to", "operator", "value"],
)

_SHIFT_PARAMS = ObjectParser(
    "force_time_shift_params", (Field("time_shift_amount", LONG),), required=["time_shift_amount"], lenient=True
)
_PARAMS = ObjectParser("params", (Field(_SHIFT, nested(_SHIFT_PARAMS)),))

RULE = ObjectParser(
    "detection_rule",
    (
        Field("actions", reading(STRINGS, _actions)),
        Field("scope", Kind(frozenset({"START_OBJECT"}), _scope)),
        Field("conditions", nested_list(_CONDITION)),
        Field("params", nested(_PARAMS), since=_SHIFT_SINCE),
    ),
)


def build_rule(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """Complete a rule with the default action.

    :raises StatusException: 400, it has neither scope nor conditions, or its parameters do not belong to its actions.
    """
    if not found.get("scope") and not found.get("conditions"):
        raise bad_request(messages.RULE_EMPTY)
    rule: dict[str, Any] = {"actions": found.get("actions", ["skip_result"])}
    shifts, has_params = _SHIFT in rule["actions"], _SHIFT in found.get("params", {})
    if shifts and not has_params:
        raise bad_request(messages.SHIFT_WITHOUT_PARAMS)
    if has_params and not shifts:
        raise bad_request(messages.PARAMS_WITHOUT_SHIFT)
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
        Field("conditions_connective", _one_of("Connective", "or", "and")),
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
