"""What is mutated, and which tests must notice it. The one list of files: a room that moves is renamed here."""

from __future__ import annotations

from typing import NamedTuple


class Room(NamedTuple):
    """Files that are mutated, and the tests that are run against each mutant; paths from the root of the repository."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


_FED = "fake_es/ml/datafeeds"
_DATAFEEDS = (
    "tests/api/test_chunks.py",
    "tests/api/test_boundaries.py",
    "tests/api/test_delayed_data.py",
    "tests/api/test_datafeed_run.py",
    "tests/api/test_datafeed_restart.py",
    "tests/api/test_datafeed_failures.py",
    "tests/api/test_datafeed_stop.py",
    "tests/api/test_upgrade_mode.py",
    "tests/api/test_planned_failures.py",
)

ROOMS: dict[str, Room] = {
    "timetable": Room(("fake_es/timetable.py",), ("tests/unit/test_clock.py", "tests/api/test_planned_failures.py")),
    "durations": Room(("fake_es/wire/durations.py",), ("tests/api/test_durations.py", "tests/api/test_close_job.py")),
    "paging": Room(
        ("fake_es/ml/common/paging.py", "fake_es/ml/results/result_query.py"),
        (
            "tests/api/test_buckets.py",
            "tests/api/test_records.py",
            "tests/api/test_influencers.py",
            "tests/api/test_categories.py",
            "tests/api/test_boundaries.py",
            "tests/api/test_model_snapshots.py",
        ),
    ),
    "clock": Room(
        ("fake_es/clock.py", "fake_es/delays.py"),
        (
            "tests/unit/test_clock.py",
            "tests/api/test_durations.py",
            "tests/api/test_timeouts.py",
            "tests/api/test_control.py",
            "tests/api/test_close_job.py",
        ),
    ),
    "chunks": Room((f"{_FED}/extraction/chunks.py", f"{_FED}/extraction/scroll.py"), _DATAFEEDS),
    "feeding": Room((f"{_FED}/feeding.py", f"{_FED}/run.py", f"{_FED}/ending.py", f"{_FED}/delayed_data.py"), _DATAFEEDS),
    "timeouts": Room(
        (
            "fake_es/cluster.py",
            "fake_es/ml/jobs/open_job.py",
            "fake_es/ml/jobs/close_job.py",
            f"{_FED}/start_datafeed.py",
            f"{_FED}/stop_datafeed.py",
        ),
        (
            "tests/api/test_timeouts.py",
            "tests/unit/test_clock.py",
            "tests/api/test_close_job.py",
            "tests/api/test_close_interrupted.py",
            "tests/api/test_open_job.py",
            "tests/api/test_datafeed_run.py",
            "tests/api/test_datafeed_failures.py",
            "tests/api/test_datafeed_stop.py",
            "tests/api/test_upgrade_mode.py",
            "tests/api/test_planned_failures.py",
        ),
    ),
    "buckets": Room(
        (
            "fake_es/ml/engine/data_gatherer.py",
            "fake_es/ml/engine/buckets.py",
            "fake_es/ml/engine/engine.py",
            "fake_es/ml/engine/bucket_context.py",
        ),
        (
            "tests/api/test_boundaries.py",
            "tests/engine/test_counting.py",
            "tests/engine/test_gathering.py",
            "tests/engine/test_functions.py",
            "tests/engine/test_results.py",
            "tests/engine/test_rules.py",
            "tests/engine/test_shifted_time.py",
            "tests/engine/test_memory.py",
            "tests/api/test_post_data.py",
            "tests/api/test_calendars.py",
            "tests/api/test_categories.py",
            "tests/api/test_forecast.py",
        ),
    ),
    "privileges": Room(
        (
            "fake_es/security/privileges.py",
            "fake_es/security/index_privileges.py",
            "fake_es/security/index_rights.py",
        ),
        (
            "tests/api/test_has_privileges.py",
            "tests/api/test_privilege_releases.py",
            "tests/api/test_unknown_privileges.py",
            "tests/api/test_security.py",
            "tests/api/test_security_api.py",
            "tests/api/test_authorization_indices.py",
            "tests/api/test_built_in_roles.py",
            "tests/api/test_documents_rights.py",
        ),
    ),
    "names": Room(
        ("fake_es/security/index_access.py", "fake_es/security/index_names.py"),
        (
            "tests/api/test_index_access.py",
            "tests/api/test_dated_names.py",
            "tests/api/test_authorization_indices.py",
            "tests/api/test_security.py",
        ),
    ),
}
