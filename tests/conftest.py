"""What holds for the whole suite: examples by chance are the same in every run, and no single one is hurried.

``HYPOTHESIS_PROFILE=chance`` in the environment draws them anew.
"""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from _pytest.pytester import SysModulesSnapshot
from hypothesis import settings

from tests import shared

settings.register_profile("steady", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("chance", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure() -> None:
    """Data that the environment requires must be there before anything runs."""
    shared.require()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def pytester(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """The fixture of pytest; its runs in this process leave loaded what they load, except the modules of their own folder.

    Otherwise pytester unloads modules of fake_es that a run was the first to need. They are loaded again later, as another
    set of classes beside those that other modules of fake_es still refer to.
    """

    def lasts(name: str) -> bool:
        file = getattr(sys.modules[name], "__file__", None)
        return file is not None and not Path(file).is_relative_to(made.path)

    # Before the fixture is made: it unloads at its end, too.
    monkeypatch.setattr("_pytest.pytester.SysModulesSnapshot", lambda preserve: SysModulesSnapshot(lasts))
    made: pytest.Pytester = request.getfixturevalue("pytester")
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line for each reason how many tests were skipped."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"SKIPPED [{count}] {reason}")
