"""What is loaded when, and which room may import from which."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import luqum  # type: ignore[import-untyped]
import pytest

import fake_es

PACKAGE = Path(fake_es.__file__).parent

HEAVY = {"jsonschema", "responses", "pytest", "requests", "numpy", "werkzeug.serving", "elastic_transport", "yaml", "asyncio"}

# From the doors down; a room imports from itself and from those after it.
ROOMS = (
    "__main__", "cli", "privilege_page", "coverage", "verify", "emulator", "arguments", "doors", "operations", "control", "app",
    "unsupported", "ml", "cat", "cluster_api", "documents", "search", "indices", "ingest", "mapping", "analysis", "script",
    "licence", "security", "cluster_settings", "known_settings", "cluster", "journal", "timetable", "delays", "clock", "ids",
    "scenes", "wire", "patterns", "version", "__init__",
)  # fmt: skip


# The same inside `ml`: its rooms from the top down.
ML_ROOMS = (
    "cluster_wide", "datafeeds", "jobs", "snapshots", "forecasts", "results", "calendars", "filters", "job_store", "config",
    "engine", "persistence", "common",
)  # fmt: skip

# Modules that import each other in a circle, and why they may.
MODULES_IN_CIRCLES = {
    # Queries stand in queries, so their parsers call each other.
    "search.query: compound full_text parse query_string simple_query_string",
}
# Folders that do so, or files beside them.
FOLDERS_IN_CIRCLES = {
    # The folder of a feature has its store, which authentication asks, and its API, which calls authorization.
    "security",
    # As above.
    "search.query",
}


def loaded_after(code: str) -> set[str]:
    """Modules in a fresh interpreter once ``code`` has run."""
    script = f"import sys, json\n{code}\njson.dump(sorted(sys.modules), sys.stdout)"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout))


REQUEST = """
from fake_es import FakeElasticsearch
fake = FakeElasticsearch({arguments})
assert fake.handle("PUT", "/_ml/anomaly_detectors/x", {{"content-type": "application/json"}}, BODY).status in (200, 401)
assert fake.handle("POST", "/_ml/anomaly_detectors/x/_open", {{}}).status in (200, 401)
assert fake.handle("POST", "/_ml/anomaly_detectors/x/_close", {{}}).status in (200, 401)
"""
BODY = b'{"analysis_config":{"detectors":[{"function":"count"}]},"data_description":{}}'


@pytest.mark.parametrize("arguments", ["", "security=True"])
def test_a_request_in_process_loads_nothing_heavy(arguments: str) -> None:
    assert not loaded_after(f"BODY = {BODY!r}" + REQUEST.format(arguments=arguments)) & HEAVY


def test_the_name_alone_loads_next_to_nothing() -> None:
    ours = {name for name in loaded_after("import fake_es") if name.startswith("fake_es")}
    assert ours == {"fake_es"}


def test_serving_loads_the_server_and_no_client() -> None:
    loaded = loaded_after("from fake_es import FakeElasticsearch\nFakeElasticsearch().serve().stop()")
    assert loaded & HEAVY == {"werkzeug.serving"}


def test_the_command_line_is_quick_to_say_what_is_wrong() -> None:
    loaded = loaded_after("from fake_es import cli\ntry: cli.main(['serve', '--fly'])\nexcept SystemExit: pass")
    rooms = ("fake_es.ml", "fake_es.documents", "fake_es.indices", "fake_es.search", "werkzeug")
    assert not {name for name in loaded if name.startswith(rooms)}


def test_the_first_query_string_ever_is_as_quiet_as_the_others(tmp_path: Path) -> None:
    """luqum, as it is right after its installation, makes tables at its first import."""
    made = shutil.ignore_patterns("parsetab.py", "parser.out", "__pycache__")
    shutil.copytree(Path(luqum.__file__).parent, tmp_path / "luqum", ignore=made)
    code = """
from fake_es import FakeElasticsearch
fake = FakeElasticsearch()
fake.handle("PUT", "/i/_doc/1", {"content-type": "application/json"}, b'{"a": "b"}')
assert b'"_id":"1"' in fake.handle("GET", "/i/_search?q=a:b%20AND%20b", {}).body
"""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    assert (tmp_path / "luqum" / "parsetab.py").exists()


def test_what_there_is_not_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = fake_es.nonsense


@pytest.mark.parametrize("name", fake_es.__all__)
def test_public_names_are_there(name: str) -> None:
    assert getattr(fake_es, name) is not None


def modules() -> Iterator[Path]:
    return PACKAGE.rglob("*.py")


Graph = Mapping[str, Iterable[str]]


@cache
def graph() -> Graph:
    """What each module of the package imports of it: at the top, inside functions, and for types alone."""
    named = {".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path for path in modules()}
    homes = {name: module.removeprefix("fake_es.") for name, module in fake_es._HOMES.items()}
    found = {}
    for name, path in named.items():
        # ``from a import b`` means the module ``a.b`` if there is one; the package itself loads its names from elsewhere.
        pairs = {(module, f"{module}.{member}".lstrip(".")) for module, member in imported(ast.parse(path.read_text()))}
        targets = {member if member in named else module or homes.get(member, "__init__") for module, member in pairs}
        found[name] = targets & named.keys() - {name, "__init__"}
    return found


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Modules of the package that are imported anywhere in a module, without ``fake_es``, and what is imported from them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "fake_es":
            module = str(node.module).partition(".")[2]
            yield from ((module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[2], "") for alias in node.names if alias.name.startswith("fake_es."))
        elif not isinstance(node, ast.expr):
            yield from imported(node)


def folders(depth: int) -> Graph:
    """The same graph, of rooms (``depth`` 1) or of the folders and files inside rooms (2), inside their folders (3)."""
    found: dict[str, set[str]] = {}
    for name, targets in graph().items():
        place, *others = (".".join(each.split(".")[:depth]) for each in (name, *targets))
        found.setdefault(place, set()).update(other for other in others if other != place)
    return found


def circles(edges: Graph) -> Iterator[set[str]]:
    """The largest groups of nodes each of which leads to all others (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []

    def visit(node: str) -> Iterator[set[str]]:
        number[node] = lowest[node] = len(number)
        waiting.append(node)
        for other in edges.get(node, ()):
            if other not in number:
                yield from visit(other)
            if other in waiting:
                lowest[node] = min(lowest[node], lowest[other])
        if lowest[node] == number[node]:
            group = set(waiting[waiting.index(node) :])
            del waiting[waiting.index(node) :]
            if len(group) > 1:
                yield group

    for node in edges:
        if node not in number:
            yield from visit(node)


def test_a_circle_is_found() -> None:
    edges = {"a": ["b"], "b": ["c"], "c": ["b", "d"], "d": ["e"], "e": ["d", "f"], "f": []}
    assert sorted(sorted(group) for group in circles(edges)) == [["b", "c"], ["d", "e"]]


def test_rooms_import_from_those_below_alone() -> None:
    upwards = []
    for room, targets in folders(1).items():
        assert room in ROOMS, f"where does {room} belong?"
        upwards += [(room, target) for target in targets if ROOMS.index(target) < ROOMS.index(room) and room != "__init__"]
    # The pytest plugin makes emulators: pytest loads it by its name, and no module imports it.
    assert upwards == [("doors", "emulator")]
    assert [name for name, targets in graph().items() if "doors.pytest_plugin" in targets] == []


def test_the_rooms_of_machine_learning_import_from_those_below_alone() -> None:
    upwards = []
    for room, targets in folders(2).items():
        inside = [name.removeprefix("ml.") for name in (room, *targets) if name.startswith("ml.")]
        assert set(inside) <= set(ML_ROOMS), f"where does {inside} belong?"
        if room.startswith("ml."):
            upwards += [(room, other) for other in inside[1:] if ML_ROOMS.index(other) < ML_ROOMS.index(inside[0])]
    assert upwards == []


def test_inside_a_room_no_modules_import_each_other() -> None:
    """Nor do three of them in a circle. What is here is an order of the modules in each room."""
    found = {f"{_common(group)}: {' '.join(sorted(name.rpartition('.')[2] for name in group))}" for group in circles(graph())}
    assert found == MODULES_IN_CIRCLES


def test_inside_a_room_no_folders_import_each_other() -> None:
    found = {_common(group) for depth in (2, 3) for group in circles(folders(depth))}
    assert found == FOLDERS_IN_CIRCLES


def _common(group: set[str]) -> str:
    """The room or folder that they are in."""
    return " + ".join(sorted({name.rpartition(".")[0] for name in group}))


def test_no_room_keeps_state_of_its_own() -> None:
    """Nothing rebinds a name of its module, and nothing is read from the environment."""
    for path in modules():
        tree = ast.parse(path.read_text())
        assert not any(isinstance(node, ast.Global) for node in ast.walk(tree)), path
        # Names are looked for, not the module: os does more than read the environment.
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        named |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert named.isdisjoint({"environ", "environb", "getenv", "getenvb"}), path
