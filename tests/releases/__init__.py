"""What changed for a client, release by release: one table, run at both sides of each release, and the page written from it."""
