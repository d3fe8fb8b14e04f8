"""What ML writes and where: indices with their mappings, ids, messages, annotations, and its part of the cluster state."""
