"""The cluster as a whole: its settings, state, health, node and tasks."""
