"""The numbers: records in, result documents out, with no knowledge of HTTP or of indices."""
