"""Reads what other programs keep of conversations, and takes it over as sessions."""
