"""The commands and their keys, one module per topic; `tui.ui.commands` puts them together."""
