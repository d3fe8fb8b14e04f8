"""Where the server, and so the emulator, departs from the published specification: each with its reason, all in one place."""

from __future__ import annotations

from typing import Any

# Fields that the server writes and the specification does not name: definition -> field -> schema.
UNNAMED_FIELDS: dict[str, dict[str, Any]] = {
    # ``Job.doXContentBody`` writes the oldest release that can read the snapshot, once a job has one.
    "ml._types.Job": {"model_snapshot_min_version": {"type": "string"}},
}

# Answers of another shape than the one specified: API -> schema of the other.
OTHER_ANSWERS: dict[str, dict[str, Any]] = {
    # With ``wait_for_completion=false`` the answer names the task (``RestDeleteJobAction``).
    "ml.delete_job": {"type": "object", "properties": {"task": {"type": "string"}}, "required": ["task"]},
}
