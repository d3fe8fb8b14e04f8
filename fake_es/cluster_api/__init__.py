"""The APIs of the cluster as a whole: health, state, nodes, tasks, settings, and what ``GET /`` answers."""
