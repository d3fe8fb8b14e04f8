"""The operation table against the specification: urls, methods and query parameters of the newest release."""

from __future__ import annotations

import re
from typing import Any

import pytest

from fake_es.operations import all_operations
from fake_es.version import NEWEST
from fake_es.wire.operation import Operation
from fake_es.wire.parameters import COMMON
from tests.spec import deviations
from tests.spec.validator import IS_PART, endpoints, needs_specification

pytestmark = needs_specification

SUPPORTED = [operation for operation in all_operations() if operation.supported and not operation.name.startswith("fake.")]


def specified(operation: Operation) -> dict[str, Any]:
    """What the specification says of an operation; the test ends for those that it is known to leave out."""
    if operation.name in deviations.UNSPECIFIED_APIS:
        pytest.skip("an API that the specification leaves out")
    found: dict[str, Any] | None = endpoints().get(operation.name)
    if found is None and IS_PART:
        pytest.skip("an API that the part of the specification beside the checkout leaves out: `make spec` makes all of it")
    if found is None:
        pytest.fail(f"the specification has no API {operation.name}: name it in UNSPECIFIED_APIS of tests/spec/deviations.py")
    return found


def unnamed(routes: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Routes without the names of their variables, which no client ever sees."""
    return {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in routes}


@pytest.mark.parametrize("operation", SUPPORTED, ids=lambda operation: operation.name)
def test_the_routes_are_those_specified(operation: Operation) -> None:
    expected = {(method, url["path"]) for url in specified(operation)["urls"] for method in url["methods"]}
    expected |= deviations.OTHER_ROUTES.get(operation.name, set())
    expected -= deviations.MISSING_ROUTES.get(operation.name, set())
    ours = {(route.method, route.template) for route in operation.routes if route.since <= NEWEST < route.until}
    assert unnamed(ours) == unnamed(expected), "a route that differs for a reason stands in tests/spec/deviations.py"


@pytest.mark.parametrize("operation", SUPPORTED, ids=lambda operation: operation.name)
def test_the_query_parameters_are_those_specified(operation: Operation) -> None:
    expected = set(specified(operation)["query"]) | deviations.OTHER_PARAMETERS.get(operation.name, set())
    if "ignore_unavailable" in expected:
        # IndicesOptions.fromRequest reads it for all of them; the specification has it for some.
        expected.add("ignore_throttled")
    expected |= deviations.SHARED_PARAMETERS.get(operation.name.partition(".")[0], set())
    expected -= deviations.MISSING_PARAMETERS.get(operation.name, set()) | COMMON
    ours = {each.name for each in operation.query if each.known_in(NEWEST) and each.only != "body"}
    assert ours == expected, "a parameter that differs for a reason stands in tests/spec/deviations.py"


def test_no_deviation_outlives_its_reason() -> None:
    names = {operation.name for operation in SUPPORTED}
    for table in (deviations.OTHER_ROUTES, deviations.MISSING_ROUTES):
        assert table.keys() <= names
    for operation in SUPPORTED:
        query = set(endpoints().get(operation.name, {}).get("query", ()))
        assert not query & deviations.OTHER_PARAMETERS.get(operation.name, set())
        assert deviations.MISSING_PARAMETERS.get(operation.name, set()) <= query
    assert names >= deviations.UNSPECIFIED_APIS
