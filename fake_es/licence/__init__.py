"""The licence of a cluster: the features it allows, and its APIs."""
