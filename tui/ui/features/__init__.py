"""What the commands do, one module per topic; `tui.ui.features.all` names them."""
