"""Answers checked against the published specification of the API (newest release).

Use: ``check("ml.close_job", reply.body)``. The specification lies beside a checkout, not in it: a module that needs it
says ``pytestmark = needs_specification``. What it leaves out, with reasons, is in ``deviations``.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]

from tests.spec.deviations import OPEN_DEFINITIONS, OTHER_ANSWERS, UNNAMED_FIELDS
from tests.support import SHARED

SPECIFICATION = SHARED / "spec" / "elasticsearch-api.json"
needs_specification = pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside the checkout")


@cache
def endpoints() -> dict[str, Any]:
    """What is specified of each API: ``urls``, ``path``, ``query``, ``request``, ``response``."""
    specified: dict[str, Any] = _document()["endpoints"]
    return specified


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(SPECIFICATION.read_text())
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
    """Hold the body of a 2xx answer (with ``part="request"``, of a request) against the specification.

    :raises AssertionError: it does not fit; says where and why.
    :raises KeyError: the specification has no API of that name.
    """
    error = best_match(_validator(api_name, part).iter_errors(body))
    if error is not None:
        raise AssertionError(f"{api_name}: {part} {error.json_path}: {error.message}")
