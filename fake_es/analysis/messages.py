"""Texts of the room, each written once."""

from __future__ import annotations

ANALYZE_ELEMENT = "[{name}] array element should only contain {what} [{token}]"
NO_TEXT_TO_ANALYZE = "text is missing"
ANALYZE_ELSEWHERE = "[{what}] in _analyze is not emulated by fake_es"
NO_GLOBAL_ANALYZER = "failed to find global analyzer [{name}]"
