"""ML APIs for the whole cluster: information, memory, upgrade mode, usage, expired data, ``_cat`` tables."""
