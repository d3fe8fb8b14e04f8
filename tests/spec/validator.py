"""Answers checked against the published specification of the API (newest release).

Use: ``check("ml.close_job", reply.body)``. The specification is not a part of a checkout. It lies beside it, or ``make spec``
makes it; without it nothing is checked, and a test that would prove nothing then says ``@needs_specification``. What it
leaves out, with reasons, is in ``deviations``.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]

from tests.shared import SPECIFICATION
from tests.spec.deviations import OPEN_DEFINITIONS, OTHER_ANSWERS, UNNAMED_FIELDS, UNSPECIFIED_APIS

MADE = Path(__file__).parent / ".made" / "elasticsearch-api.json"
AT_HAND = next((path for path in (SPECIFICATION, MADE) if path.exists()), None)
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
    return document


@cache
def _validator(api_name: str, part: str) -> Draft202012Validator:
    schema = endpoints()[api_name][part]
    if part == "response" and api_name in OTHER_ANSWERS:
        schema = {"anyOf": [schema, OTHER_ANSWERS[api_name]]}
    # One schema with the definitions beside it: a reference is looked up when it is met, the others are never walked.
    return Draft202012Validator({**schema, "$defs": _document()["$defs"]})


def check(api_name: str, body: Any, *, part: str = "response") -> None:
    """Hold the body of a 2xx answer (with ``part="request"``, of a request) against the specification, if one is at hand.

    :raises AssertionError: it does not fit; says where and why.
    :raises KeyError: the specification has no API of that name.
    """
    if AT_HAND is None:
        return
    error = best_match(_validator(api_name, part).iter_errors(body))
    if error is not None:
        raise AssertionError(f"{api_name}: {part} {error.json_path}: {error.message}")
