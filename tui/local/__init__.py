"""The embedded model, as a child process."""
