"""The configuration of a datafeed: strict reading, checks in the server's order, defaults by release."""
