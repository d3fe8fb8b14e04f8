"""Posted data: records read, times understood, everything counted."""
