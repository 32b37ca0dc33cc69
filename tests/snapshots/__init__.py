"""Replies as they are painted, kept as text that can be read in a diff; see `snapshot.py`."""
