"""The jobs of a cluster with their tasks, and what each has left in its results index."""
