"""Model snapshots: what a job has learnt, kept so that it can be gone back to."""
