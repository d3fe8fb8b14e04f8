"""The configuration of a job: strict reading, checks in the server's order, defaults by release."""
