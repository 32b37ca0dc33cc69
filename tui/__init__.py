"""bise: a full-screen terminal client for chat completions."""

__version__ = "0.1.0"
