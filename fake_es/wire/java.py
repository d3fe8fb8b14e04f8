"""Texts that Java makes: values in error messages, and the errors of its parsers of numbers and booleans."""

from __future__ import annotations

import math

# ``NumberFormatException``.
FOR_INPUT_STRING = 'For input string: "{text}"'
# ``Booleans.parseBoolean`` of the server.
NOT_BOOLEAN = "Failed to parse value [{value}] as only [true] or [false] are allowed."


def java_text(value: object) -> str:
    """A JSON value as Java prints it, with its maps and lists: ``{a=1, b=[x]}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={java_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(java_text, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return "null" if value is None else str(value)
