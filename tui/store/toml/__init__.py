"""TOML that people read and edit: written, changed in place, read with mistakes in it."""
