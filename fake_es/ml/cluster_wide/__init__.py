"""ML of the whole cluster: information, memory, upgrade mode, usage, expired data, tables."""
