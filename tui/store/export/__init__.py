"""Writes sessions in forms that others can read."""
