"""What is loaded when, and which room may import from which."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import luqum  # type: ignore[import-untyped]
import pytest

import fake_es

PACKAGE = Path(fake_es.__file__).parent

HEAVY = {"jsonschema", "responses", "pytest", "requests", "numpy", "werkzeug.serving", "elastic_transport", "yaml", "asyncio"}

# From the doors down; a room imports from itself and from those after it.
ROOMS = (
    "__main__", "cli", "privilege_page", "coverage", "verify", "emulator", "doors", "operations", "control", "app",
    "unsupported", "ml", "cat", "cluster_api", "documents", "search", "indices", "ingest", "mapping", "analysis", "script",
    "licence", "security", "cluster_settings", "known_settings", "cluster", "timetable", "delays", "clock", "ids", "scenes",
    "wire", "patterns", "version", "__init__",
)  # fmt: skip


# The same inside `ml`: its rooms from the top down.
ML_ROOMS = (
    "cluster_wide", "datafeeds", "jobs", "snapshots", "forecasts", "results", "calendars", "filters", "job_store", "config",
    "engine", "persistence", "common",
)  # fmt: skip


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


def room_of(module: str) -> str:
    """``ml`` for ``fake_es.ml.jobs``; the package itself holds only names that are loaded when they are used."""
    return module.split(".")[1] if "." in module else "__init__"


def imported(tree: ast.AST) -> Iterator[str]:
    """Modules that are imported anywhere but for annotations."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module == "fake_es")
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            yield from imported(node)


def test_rooms_import_from_those_below_alone() -> None:
    upwards = []
    for path in modules():
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        assert room in ROOMS, f"where does {path.name} belong?"
        for module in imported(ast.parse(path.read_text())):
            target = room_of(module) if module.partition(".")[0] == "fake_es" else ""
            if target in ROOMS and ROOMS.index(target) < ROOMS.index(room) and room != "__init__":
                upwards.append(f"{path.relative_to(PACKAGE)} imports {module}")
    assert upwards == []


def test_the_rooms_of_machine_learning_import_from_those_below_alone() -> None:
    """Imports inside functions count as well."""
    upwards = []
    for path in (PACKAGE / "ml").rglob("*.py"):
        inside = path.relative_to(PACKAGE / "ml").parts
        if inside == ("__init__.py",):
            continue
        assert inside[0] in ML_ROOMS, f"where does {path.name} belong?"
        for module in imported(ast.parse(path.read_text())):
            target = module.split(".")[2] if module.startswith("fake_es.ml.") else inside[0]
            if ML_ROOMS.index(target) < ML_ROOMS.index(inside[0]):
                upwards.append(f"{path.relative_to(PACKAGE)} imports {module}")
    assert upwards == []


def test_no_room_keeps_state_of_its_own() -> None:
    """Nothing rebinds a name of its module, and nothing is read from the environment."""
    for path in modules():
        tree = ast.parse(path.read_text())
        assert not any(isinstance(node, ast.Global) for node in ast.walk(tree)), path
        # Names are looked for, not the module: os does more than read the environment.
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        named |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
        assert named.isdisjoint({"environ", "environb", "getenv", "getenvb"}), path
