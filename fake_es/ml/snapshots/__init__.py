"""Model snapshots: stored states of a job's model, to which a job can be reverted."""
