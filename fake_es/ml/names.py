"""Names of the indices that ML writes to, and ids of the documents it writes there."""

from __future__ import annotations


def notifications_index(version: tuple[int, ...]) -> str:
    """Where audit messages go."""
    if version < (7, 7):
        return ".ml-notifications"
    return ".ml-notifications-000001" if version < (7, 16) else ".ml-notifications-000002"


def state_index(version: tuple[int, ...]) -> str:
    """Where models are kept."""
    return ".ml-state" if version < (7, 2) else ".ml-state-000001"


def bucket_id(job_id: str, timestamp: int, span: int) -> str:
    """Of a bucket: ``timestamp`` in epoch milliseconds, ``span`` in seconds."""
    return f"{job_id}_bucket_{timestamp}_{span}"


def data_counts_id(job_id: str) -> str:
    """Of a job's data counts."""
    return f"{job_id}_data_counts"


def timing_stats_id(job_id: str) -> str:
    """Of a job's timing statistics."""
    return f"{job_id}_timing_stats"


def size_stats_id(job_id: str, log_time: int) -> str:
    """Of a job's model size as it was at ``log_time`` (epoch milliseconds)."""
    return f"{job_id}_model_size_stats_{log_time}"


def snapshot_id(job_id: str, snapshot: str) -> str:
    """Of the description of a model snapshot."""
    return f"{job_id}_model_snapshot_{snapshot}"


def model_state_id(job_id: str, snapshot: str) -> str:
    """Of the model itself."""
    return f"{job_id}_model_state_{snapshot}#1"
