"""What a refused upload leaves behind: nothing that the next request must wait for."""

from __future__ import annotations

import pytest

from tests.support import http

EVENT = {"type": "scheduled_event", "calendar_id": "c", "description": "without a time"}


@pytest.mark.parametrize("action", ["_close", "_flush", "_data"])
def test_a_process_that_cannot_begin_is_not_busy(action: str) -> None:
    """A client has put an event beside the APIs that the process cannot read."""
    fake = http("9.5")
    fake.put("x")
    fake("PUT", "/_ml/calendars/c", {"job_ids": ["x"]})
    fake("PUT", "/.ml-meta/_doc/event", EVENT)
    assert fake.job("x", "_open").status == 200
    assert fake.job("x", "_data", '{"time":1464739200}').reason == "Field [start_time] cannot be null"
    assert fake.job("x", action, '{"time":1464739200}' if action == "_data" else None).status in (200, 400)
