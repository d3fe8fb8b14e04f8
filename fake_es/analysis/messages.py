"""Texts of the room, each written once."""

from __future__ import annotations

ANALYZE_ELEMENT = "[{name}] array element should only contain {what} [{token}]"
TOO_MANY_TOKENS = (
    "The number of tokens produced by calling _analyze has exceeded the allowed maximum of [{most}]."
    " This limit can be set by changing the [index.analyze.max_token_count] index level setting."
)
NO_TEXT_TO_ANALYZE = "text is missing"
ANALYZE_ELSEWHERE = "[{what}] in _analyze is not emulated by fake_es"
NO_GLOBAL_ANALYZER = "failed to find global analyzer [{name}]"
