"""Values and patterns in the forms of Java, in which the server's runner is written."""

from __future__ import annotations

import re
from typing import Any

from fake_es.verify import messages
from fake_es.verify.outcome import Failed


def java_text(value: Any) -> str:
    """``String.valueOf`` of parsed JSON: ``{root_cause=[{type=t}], status=404}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={java_text(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(java_text(each) for each in value) + "]"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def pattern_between_slashes(text: Any) -> str | None:
    """The pattern in ``/.../``; None if ``text`` has another form."""
    stripped = text.strip() if isinstance(text, str) else ""
    return stripped[1:-1] if len(stripped) > 2 and stripped[0] == stripped[-1] == "/" else None


def compile_pattern(pattern: str, *, comments: bool = False) -> re.Pattern[str]:
    """Compile a Java pattern. With ``comments`` blanks are ignored, also in ``[...]`` (``Pattern.COMMENTS``).

    :raises Failed: the pattern is invalid.
    """
    try:
        if comments:
            return re.compile(_without_blanks_in_classes(pattern), re.ASCII | re.VERBOSE)
        return re.compile(pattern, re.ASCII)
    except re.error as error:
        raise Failed(messages.BROKEN_PATTERN.format(pattern=pattern, problem=error)) from None


def _without_blanks_in_classes(pattern: str) -> str:
    parts = re.findall(r"\\.|\[|\]|[^\\\[\]]+|\\", pattern, re.DOTALL)
    depth, kept = 0, []
    for part in parts:
        depth = max(0, depth + (part == "[") - (part == "]"))
        kept.append(re.sub(r"\s+", "", part) if depth and not part.startswith("\\") else part)
    return "".join(kept)
