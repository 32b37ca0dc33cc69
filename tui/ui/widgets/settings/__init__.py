"""The settings pane: rows of fields, one of which is edited at a time, and help for it."""
