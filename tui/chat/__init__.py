"""Runs conversations on the ports of the core; no Textual, no file, no HTTP."""
