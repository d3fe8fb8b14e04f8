"""The folder of ready-made scenes: jobs, data, users and named set-ups."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def scenes() -> Path:
    """The folder of scenes: ``fake_es/fixtures`` in an installed package, ``fixtures`` in a checkout."""
    installed = _PACKAGE / "fixtures"
    return installed if installed.is_dir() else _PACKAGE.parent / "fixtures"
