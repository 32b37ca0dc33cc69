"""What lasts over a crash or a restart: journals, drafts, the state of the interface."""
