"""Dynamic mapping: defines a new field by its first value or by a dynamic template."""

from __future__ import annotations

import re
from typing import Any

from fake_es.mapping import messages
from fake_es.mapping.dates import date_format
from fake_es.mapping.errors import MapperParsing
from fake_es.patterns.java_regex import JavaPattern, PatternSyntax, TooSlow
from fake_es.patterns.wildcards import simple_match
from fake_es.wire.errors import NotImplementedHere

Tree = dict[str, Any]

_DATES = ("strict_date_optional_time", "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd")
_TEXT: Tree = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}}
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def check_templates(templates: Any) -> None:
    """Check ``dynamic_templates`` of a mapping.

    :raises MapperParsing: they are wrong.
    :raises NotImplementedHere: one of them defines runtime fields.
    """
    if not isinstance(templates, list):
        raise MapperParsing(messages.TEMPLATES_NOT_LISTED)
    for template in templates:
        if not isinstance(template, dict) or len(template) != 1:
            raise MapperParsing(messages.TEMPLATE_WITHOUT_NAME)
        ((name, rule),) = template.items()
        if not isinstance(rule, dict) or not isinstance(rule.get("mapping", rule.get("runtime")), dict):
            raise MapperParsing(messages.TEMPLATE_WITHOUT_MAPPING.format(name=name))
        if "runtime" in rule:
            raise NotImplementedHere(f"dynamic template [{name}]: fake_es keeps no runtime fields in mappings")
        if rule.get("match_pattern") == "regex":
            _check_regexes(name, rule)


def _check_regexes(name: str, rule: Tree) -> None:
    for option in ("match", "unmatch", "path_match", "path_unmatch"):
        for pattern in _listed(rule.get(option, [])):
            if not _is_regex(pattern):
                raise MapperParsing(messages.TEMPLATE_REGEX.format(name=name, pattern=pattern))


def _is_regex(pattern: Any) -> bool:
    try:
        JavaPattern(str(pattern))
    except PatternSyntax:
        return False
    return True


def definition_of(root: Tree, path: str, value: Any) -> Tree | None:
    """The definition of a new field with this value; None for a null. ``root`` are the parameters of the whole mapping."""
    if value is None:
        return None
    kind, plain = _by_value(root, value)
    for template in root.get("dynamic_templates", ()):
        for rule in template.values():
            if _applies(rule, path, kind):
                filled: Tree = _filled(rule.get("mapping", {}), path, plain)
                return {"type": plain["type"]} | filled
    return plain


def _by_value(root: Tree, value: Any) -> tuple[str, Tree]:
    """The type of a value as ``match_mapping_type`` names it, and the definition without a template."""
    if isinstance(value, bool):
        return "boolean", {"type": "boolean"}
    if isinstance(value, int):
        return "long", {"type": "long"}
    if isinstance(value, float):
        return "double", {"type": "float"}
    if isinstance(value, dict):
        return "object", {"type": "object"}
    return _by_text(root, value)


def _by_text(root: Tree, text: str) -> tuple[str, Tree]:
    if _NUMBER.fullmatch(text):
        if root.get("numeric_detection") in (True, "true"):
            return ("double", {"type": "float"}) if "." in text else ("long", {"type": "long"})
    elif text[:1].isdigit() and root.get("date_detection", True) not in (False, "false"):
        for form in root.get("dynamic_date_formats", _DATES):
            if _is_date(form, text):
                if form == _DATES[0]:
                    return "date", {"type": "date"}
                return "date", {"type": "date", "format": f"{form}||epoch_millis" if form in _DATES else form}
    return "string", _TEXT


def _is_date(form: str, text: str) -> bool:
    try:
        date_format(form).parse(text)
    except ValueError:
        return False
    return True


def _applies(rule: Tree, path: str, kind: str) -> bool:
    wanted = rule.get("match_mapping_type", "*")
    if kind not in _listed(wanted) and wanted != "*":
        return False
    regular = rule.get("match_pattern") == "regex"
    subjects = {"match": path.rpartition(".")[2], "path_match": path}
    for option, subject in subjects.items():
        un = option.replace("match", "unmatch")
        if option in rule and not any(_fits(pattern, subject, regular) for pattern in _listed(rule[option])):
            return False
        if un in rule and any(_fits(pattern, subject, regular) for pattern in _listed(rule[un])):
            return False
    return True


def _fits(pattern: str, subject: str, regular: bool) -> bool:
    if not regular:
        return simple_match(subject, pattern)
    try:
        return JavaPattern(pattern).matches(subject)
    except TooSlow as error:
        raise MapperParsing(str(error)) from None


def _listed(value: Any) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list) else [value])]


def _filled(mapping: Any, path: str, plain: Tree) -> Any:
    """The mapping of a template with ``{name}`` and ``{dynamic_type}`` replaced."""
    if isinstance(mapping, dict):
        return {key: _filled(value, path, plain) for key, value in mapping.items()}
    if isinstance(mapping, str):
        return mapping.replace("{name}", path.rpartition(".")[2]).replace("{dynamic_type}", str(plain["type"]))
    return mapping
