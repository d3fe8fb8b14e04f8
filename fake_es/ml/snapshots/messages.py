"""Texts of refusals and audit messages about model snapshots.

Sources: ``Messages``, ``TransportRevertModelSnapshotAction`` and similar classes.
"""

from __future__ import annotations

NO_SUCH_SNAPSHOT = "No model snapshot with id [{snapshot}] exists for job [{id}]"
# The server has no such text: its process fails.
BROKEN_MODEL = "The model of snapshot [{snapshot}] of job [{id}] cannot be restored"
DESCRIPTION_USED = "Model snapshot description '{description}' has already been used for job '{id}'"
DELETE_ACTIVE = "Model snapshot '{snapshot}' is the active snapshot for job '{id}', so cannot be deleted"

REVERT_NOT_CLOSED = "Can only revert to a model snapshot when the job is closed."
REVERT_UPGRADING = "Cannot revert job [{id}] to snapshot [{snapshot}] as it is being upgraded"
REVERT_BLOCKED = "cannot revert job [{id}] to snapshot [{snapshot}] while it is blocked with [{reason}]"

UPGRADE_OTHER = "Cannot upgrade job [{id}] snapshot [{snapshot}] as there is currently a snapshot for this job being upgraded"
UPGRADE_COMPATIBLE = (
    "Cannot upgrade job [{id}] snapshot [{snapshot}] as it is already compatible with current version {version}"
)
UPGRADE_PRIMARY = (
    "Cannot upgrade snapshot [{snapshot}] for job [{id}] as it is the current primary job snapshot and the job's state is"
    " [{state}]. Please close the job before upgrading the snapshot."
)
UPGRADE_TIMED_OUT = "snapshot upgrader request [{id}] [{snapshot}] timed out after [{timeout}]"
NO_UPGRADE = "no snapshot upgrade is running for snapshot_id [{snapshots}]"

AUDIT_STORED = "Job model snapshot with id [{snapshot}] stored"
AUDIT_DELETED = "Model snapshot [{snapshot}] with description '{description}' deleted"
AUDIT_REVERTED = "Job model snapshot reverted to '{description}'"
