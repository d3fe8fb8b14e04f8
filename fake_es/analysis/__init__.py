"""Analysis: how texts become terms."""
