"""What ML writes: indices and mappings, ids of documents, audit messages, annotations, its part of the cluster state."""
