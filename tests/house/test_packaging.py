"""What the source distribution and the wheel hold and say of themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import fake_es

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {"fake_es", "fixtures", "tests", "docs", "benchmarks", "demo"}
FILES = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "mkdocs.yml", "pyproject.toml", "PKG-INFO"}

# What somebody does in an empty folder where the wheel is installed.
USE = """
from pathlib import Path
import fake_es
from fake_es.scenes import scenes

here = Path.cwd() / "installed"
assert Path(fake_es.__file__).parent.parent == here, fake_es.__file__
assert scenes() == here / "fake_es" / "fixtures", scenes()
assert (scenes() / "event_rate" / "records.ndjson").stat().st_size > 0
assert fake_es.FakeElasticsearch().handle("GET", "/_ml/info", {}).status == 200
"""


def build(target: str, source: Path, out: Path) -> Path:
    """What the backend builds, called as pip does; ``target`` is ``sdist`` or ``wheel``."""
    command = [sys.executable, "-c", f"from hatchling import build; build.build_{target}({str(out)!r})"]
    subprocess.run(command, check=True, cwd=source, capture_output=True)
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the source distribution unpacks to."""
    place = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build("sdist", ROOT, place / "out")) as opened:
        opened.extractall(place, filter="data")
    return place / f"fake_es-{fake_es.__version__}"


@pytest.fixture(scope="module")
def wheel(sdist: Path) -> Iterator[zipfile.ZipFile]:
    """The wheel, built from the source distribution."""
    with zipfile.ZipFile(build("wheel", sdist, sdist.parent / "wheel")) as opened:
        yield opened


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


def test_the_source_distribution_has_the_project_and_nothing_else(sdist: Path) -> None:
    # hatchling always adds what tells it which files to leave out.
    assert {path.name for path in sdist.iterdir()} - {".gitignore"} == FOLDERS | FILES
    assert not [path for path in sdist.rglob("*") if path.name in ("__pycache__", ".made")]
    for folder in sorted(FOLDERS):
        wanted = {path.relative_to(ROOT) for path in (ROOT / folder).rglob("*.py")}
        assert wanted <= {path.relative_to(sdist) for path in (sdist / folder).rglob("*.py")}


def test_the_wheel_works_in_an_empty_folder(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "installed")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "installed")}
    done = subprocess.run([sys.executable, "-c", USE], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_all_that_is_in_the_package_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    package = {str(path.relative_to(ROOT)) for path in (ROOT / "fake_es").rglob("*") if path.is_file()}
    scenes = {f"fake_es/{path.relative_to(ROOT)}" for path in (ROOT / "fixtures").rglob("*") if path.is_file()}
    wanted = {name for name in package | scenes if "__pycache__" not in name}
    assert wanted <= set(wheel.namelist())
    assert "fake_es/py.typed" in wanted
    assert any(name.startswith("fake_es/fixtures/") for name in wanted)


def test_nothing_else_is(wheel: zipfile.ZipFile) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in wheel.namelist()} == {"fake_es"}


def test_the_licence(wheel: zipfile.ZipFile, metadata: Message) -> None:
    assert metadata["License-Expression"] == "Apache-2.0"
    (name,) = (name for name in wheel.namelist() if name.endswith("/LICENSE"))
    text = wheel.read(name).decode()
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text


def test_what_it_says_of_itself(metadata: Message) -> None:
    assert (metadata["Name"], metadata["Version"]) == ("fake-es", fake_es.__version__)
    assert metadata["Requires-Python"] == ">=3.10"
    unconditional = [line for line in metadata.get_all("Requires-Dist") or [] if "extra ==" not in line]
    assert sorted(unconditional) == ["luqum>=1.0", "regex>=2024.5", "werkzeug>=3.0"]


def test_its_ways_in(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    text = wheel.read(name).decode()
    assert "fake-es = fake_es.cli:main" in text
    assert "fake_es = fake_es.doors.pytest_plugin" in text
