"""``model_plot_config`` (``ModelPlotConfig``)."""

from __future__ import annotations

from typing import Any

from fake_es.wire.object_parser import BOOLEAN, STRING_OR_NULL, Body, Field, ObjectParser

MODEL_PLOT = ObjectParser(
    "model_plot_config",
    (
        Field("enabled", BOOLEAN),
        Field("terms", STRING_OR_NULL),
        Field("annotations_enabled", BOOLEAN, since=(7, 9)),
    ),
    required=["enabled"],
)


def build_model_plot(found: dict[str, Any], body: Body) -> dict[str, Any]:
    """The configuration in the form of GET; ``annotations_enabled`` defaults to the value of ``enabled``."""
    shown = {"enabled": found["enabled"]}
    if found.get("terms") is not None:
        shown["terms"] = found["terms"]
    if body.version >= (7, 9):
        shown["annotations_enabled"] = found.get("annotations_enabled", found["enabled"])
    return shown
