"""``/_fake``: what a test may do to the cluster over HTTP."""
