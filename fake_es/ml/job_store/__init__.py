"""The jobs of a cluster with their tasks, and the documents in their results indices."""
