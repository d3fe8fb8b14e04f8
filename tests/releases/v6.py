"""6.0 to 6.8."""

from __future__ import annotations

from tests.releases.change import NO_SUCH_INDEX, PRESENT, Answer, Ask, Change

CHANGES: list[Change] = [
    Change(
        name="ml info",
        release="6.3.0",
        source="RestMlInfoAction",
        area="info",
        says="`GET {ml}/info` shows the defaults and limits.",
        ask=Ask("GET {ml}/info"),
        before=NO_SUCH_INDEX,
        after=Answer(has={"defaults.anomaly_detectors.model_memory_limit": "1gb", "limits": PRESENT}),
    ),
]
