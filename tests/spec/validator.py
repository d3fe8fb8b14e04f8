"""Answers checked against the published specification of the API (newest release).

Use: ``check("ml.close_job", reply.body)``. The specification is not a part of a checkout. ``make spec`` makes
it, or a part of it lies beside the checkout; without either nothing is checked, and a test that would prove nothing then
says ``@needs_specification``. What it leaves out, with reasons, is in ``deviations``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError, validators  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]

from tests.shared import SPECIFICATION
from tests.spec.deviations import OPEN_DEFINITIONS, OTHER_ANSWERS, UNNAMED_FIELDS, UNSPECIFIED_APIS

MADE = Path(__file__).parent / ".made" / "elasticsearch-api.json"
AT_HAND = next((path for path in (MADE, SPECIFICATION) if path.exists()), None)
# The part beside a checkout has not all APIs.
IS_PART = AT_HAND == SPECIFICATION
needs_specification = pytest.mark.skipif(AT_HAND is None, reason="no specification is at hand: `make spec` makes it")


@cache
def endpoints() -> dict[str, Any]:
    """What is specified of each API: ``urls``, ``path``, ``query``, ``request``, ``response``; nothing without one."""
    return {name: endpoint for name, endpoint in _document()["endpoints"].items() if name not in UNSPECIFIED_APIS}


@cache
def _document() -> dict[str, Any]:
    if AT_HAND is None:
        return {"endpoints": {}, "$defs": {}}
    document: dict[str, Any] = json.loads(AT_HAND.read_text())
    for name, fields in UNNAMED_FIELDS.items():
        document["$defs"][name]["properties"].update(fields)
    for name in OPEN_DEFINITIONS:
        del document["$defs"][name]["additionalProperties"]
    for definition in document["$defs"].values():
        # Constants first: they tell most options of an ``anyOf`` apart without a look at what they contain.
        if "properties" in definition:
            fields = definition["properties"].items()
            definition["properties"] = dict(sorted(fields, key=lambda field: "const" not in field[1]))
    return document


def _any_of(validator: Any, options: list[Any], instance: Any, schema: Any) -> Iterator[ValidationError]:
    """The keyword ``anyOf``, without a look for the second error in an option that has one already."""
    if all(next(validator.descend(instance, option), None) is not None for option in options):
        yield ValidationError("fits none of the options")


# Says in a fraction of the time whether something fits, and not why it does not: mappings have fifty options for each field.
_Quick = validators.extend(Draft202012Validator, {"anyOf": _any_of})


@cache
def _schema(api_name: str, part: str) -> Any:
    schema = endpoints()[api_name][part]
    if part == "response" and api_name in OTHER_ANSWERS:
        schema = {"anyOf": [schema, OTHER_ANSWERS[api_name]]}
    # One schema with the definitions beside it: a reference is looked up when it is met, the others are never walked.
    return {**schema, "$defs": _document()["$defs"]}


def check(api_name: str, body: Any, *, part: str = "response") -> None:
    """Hold the body of a 2xx answer (with ``part="request"``, of a request) against the specification, if one is at hand.

    :raises AssertionError: it does not fit; says where and why.
    :raises KeyError: the specification has no API of that name.
    """
    if AT_HAND is None:
        return
    schema = _schema(api_name, part)
    if not _Quick(schema).is_valid(body):
        error = best_match(Draft202012Validator(schema).iter_errors(body))
        raise AssertionError(f"{api_name}: {part} {error.json_path}: {error.message}")
