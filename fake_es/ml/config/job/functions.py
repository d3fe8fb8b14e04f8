"""The functions of detectors and the fields that each needs (``DetectorFunction``, ``Detector``)."""

from __future__ import annotations

from fake_es.version import has_change


def _with_sides(*names: str) -> frozenset[str]:
    """These functions together with their ``low_`` and ``high_`` forms."""
    return frozenset(side + name for name in names for side in ("", "low_", "high_"))


COUNTS = _with_sides("count", "non_zero_count")
NEEDS_NOTHING = COUNTS | {"time_of_day", "time_of_week"}
NEEDS_FIELD = _with_sides("distinct_count", "info_content", "mean", "avg", "median", "sum", "non_null_sum", "varp") | {
    "metric", "min", "max", "lat_long",
}  # fmt: skip
NEEDS_BY = frozenset({"rare", "freq_rare"})
NEEDS_OVER = frozenset({"freq_rare"})
_FORBIDS_OVER = _with_sides("non_zero_count")
# The process never took these with an over field; the server refuses them since pull request 139946.
_FORBIDS_OVER_TOO = _with_sides("non_null_sum")
_FORBIDS_OVER_TOO_SINCE = ((8, 19, 10), (9, 2, 4), (9, 3))
ONLY_TIME_CONDITIONS = frozenset({"lat_long", "metric", "rare", "freq_rare"})
ALL = NEEDS_NOTHING | NEEDS_FIELD | NEEDS_BY | NEEDS_OVER

SHORT = {
    "c": "count", "low_c": "low_count", "high_c": "high_count",
    "nzc": "non_zero_count", "low_nzc": "low_non_zero_count", "high_nzc": "high_non_zero_count",
    "dc": "distinct_count", "low_dc": "low_distinct_count", "high_dc": "high_distinct_count",
}  # fmt: skip


def forbids_over(function: str, version: tuple[int, ...]) -> bool:
    """Whether the release refuses ``over_field_name`` with a function."""
    if function in _FORBIDS_OVER_TOO:
        return has_change(version, *_FORBIDS_OVER_TOO_SINCE)
    return function in _FORBIDS_OVER
