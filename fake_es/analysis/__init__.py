"""Analysis: how text becomes terms."""
