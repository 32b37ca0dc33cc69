"""The transcript: one widget that shows a chat of any length, line by line."""
