"""The APIs of the cluster: health, state, nodes, tasks, settings, and ``GET /``."""
