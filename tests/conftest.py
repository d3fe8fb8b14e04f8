"""What holds for the whole suite: examples by chance are the same in every run, and no single one is hurried.

``HYPOTHESIS_PROFILE=chance`` in the environment draws them anew.
"""

from __future__ import annotations

import gc
import os
from collections import Counter

import pytest
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line for each reason how many tests were skipped."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"SKIPPED [{count}] {reason}")
