"""Posted data: reading of records and times, and the counts."""
