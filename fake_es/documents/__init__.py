"""The document APIs: index, get, update, delete, bulk, mget, and by query."""
