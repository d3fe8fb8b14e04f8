"""From documents to the records of a job: searches over time, cut so that a stop between two pages loses nothing."""
