"""Markdown in pieces → blocks → lines of cells; no widget, no app."""
