"""The licence of a cluster: what it allows, and the APIs about it."""
