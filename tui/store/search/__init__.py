"""The index in the cache folder: the list of sessions and full-text search."""
