"""Files: sessions, settings, keys and themes."""
