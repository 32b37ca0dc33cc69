"""Writes to the terminal only what has changed on it, and no faster than it can take it."""
