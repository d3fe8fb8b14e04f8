"""What the wheel holds and says of itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import fake_es

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("fake_es", "fixtures", "pyproject.toml", "LICENSE", "README.md")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel, built from a copy so that nothing is left behind."""
    place = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, place / name)
    # The backend itself, as pip would call it.
    command = [sys.executable, "-c", "from hatchling import build; build.build_wheel('out')"]
    subprocess.run(command, check=True, cwd=place, capture_output=True)
    (built,) = (place / "out").glob("*.whl")
    with zipfile.ZipFile(built) as opened:
        yield opened


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


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
