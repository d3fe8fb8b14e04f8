"""What lies beside a checkout, in ``../shared``, and not in it: pages, suites and a specification made by others.

This is the one place that knows the path. A test that needs a part of it says ``@needs(CLOSE_JOB_PAGE)``, and is skipped
where the part is absent. With ``FAKE_ES_SHARED_REQUIRED=1`` in the environment, as in CI, absence ends the run.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "shared"

CLOSE_JOB_PAGE = ROOT / "seeds" / "close-job.asciidoc"
CLIENT_SUITES = ROOT / "suites" / "clients-tests"
SPEC_EXAMPLES = ROOT / "suites" / "spec-examples"
SPECIFICATION = ROOT / "spec" / "elasticsearch-api.json"
PARTS = (CLOSE_JOB_PAGE, CLIENT_SUITES, SPEC_EXAMPLES, SPECIFICATION)

REQUIRED = "FAKE_ES_SHARED_REQUIRED"


def needs(part: Path) -> pytest.MarkDecorator:
    """Mark of a test, or of a module as its ``pytestmark``, that is skipped where this part is absent."""
    return pytest.mark.skipif(not part.exists(), reason=f"{part.relative_to(ROOT.parent)} is not beside the checkout")


def require() -> None:
    """Refuse to run without a part that is required.

    :raises pytest.UsageError: a part is absent, and the environment says that it must not be.
    """
    absent = [str(part) for part in PARTS if not part.exists()]
    if absent and os.environ.get(REQUIRED):
        raise pytest.UsageError(f"{REQUIRED} is set, and there is no {', '.join(absent)}")
