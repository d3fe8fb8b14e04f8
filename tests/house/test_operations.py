"""The table of modules with operations: what stands in it is true, and loads no more than a request needs."""

from __future__ import annotations

import pytest

from fake_es.operations import MODULES, SECURITY_MODULES, leading_paths, operations_of, route_table
from fake_es.version import parse_version
from tests.house.test_imports import BODY, loaded_after

TABLE = MODULES | SECURITY_MODULES


def segments(path: str) -> tuple[str, ...]:
    return tuple("{}" if part.startswith("{") else part for part in path.split("/") if part)


@pytest.mark.parametrize("module", TABLE)
def test_the_routes_of_a_module_lie_where_the_table_says(module: str) -> None:
    routes = [segments(route.template) for each in operations_of(module) for route in each.routes]
    leading = [segments(path) for path in leading_paths(TABLE[module])]
    assert routes
    assert [route for route in routes if not any(route[: len(path)] == path for path in leading)] == []
    named = [segments(path) for path in TABLE[module].split()]
    assert [path for path in named if not any(route[: len(path)] == path for route in routes)] == []


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "7.17", "8.19", "9"])
def test_no_two_operations_have_the_same_route(release: str) -> None:
    """Which of them was meant would depend on which was loaded first."""
    sources = route_table(parse_version(release), True).sources
    known = [
        (route.method, segments(route.template))
        for source in sources
        for each in source.load()
        for route in each.routes
        if route.known_in(parse_version(release))
    ]
    assert sorted(route for route in set(known) if known.count(route) > 1) == []


def loaded_by(method: str, path: str, body: bytes = b"") -> set[str]:
    script = (
        "from fake_es import FakeElasticsearch\n"
        f"FakeElasticsearch().handle({method!r}, {path!r}, {{'content-type': 'application/json'}}, {body!r})"
    )
    return {name.removeprefix("fake_es.") for name in loaded_after(script) if name.startswith("fake_es.")}


def beginning(names: set[str], *rooms: str) -> list[str]:
    return sorted(name for name in names if name.startswith(rooms))


JOB_LIFE = f"""
from fake_es import FakeElasticsearch
fake = FakeElasticsearch()
for request in ("PUT", "GET", "GET /_stats", "POST /_open", "POST /_close", "DELETE"):
    method, _, path = request.partition(" ")
    body = {BODY!r} if method == "PUT" else b""
    answer = fake.handle(method, "/_ml/anomaly_detectors/x" + path, {{"content-type": "application/json"}}, body)
    assert answer.status == 200, answer
"""


def test_the_life_of_a_job_without_data_loads_neither_datafeeds_nor_numbers_nor_what_else_there_is() -> None:
    loaded = {name.removeprefix("fake_es.") for name in loaded_after(JOB_LIFE)}
    assert beginning(loaded, "ml.datafeeds.put", "ml.datafeeds.life", "ml.datafeeds.extraction", "ml.engine.engine") == []
    assert beginning(loaded, "search.aggregations.", "ingest.", "cat.", "control") == []
    assert [name for name in loaded if name.endswith("_api") and name != "cluster_api"] == []


def test_the_first_request_of_a_client_loads_no_machine_learning() -> None:
    assert beginning(
        loaded_by("GET", "/"), "ml", "licence", "documents.", "indices.", "search.", "cluster_api.", "control"
    ) == ["cluster_api.root"]
