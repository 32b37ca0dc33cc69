"""The widgets of the main screen, together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widgets import Static

    from tui.ui.widgets.composer import Composer
    from tui.ui.widgets.sidebar import Sidebar
    from tui.ui.widgets.status import StatusLine
    from tui.ui.widgets.transcript.widget import Transcript


@dataclass(frozen=True)
class Widgets:
    """The widgets that show a chat."""

    sidebar: Sidebar
    title: Static
    label: Static
    transcript: Transcript
    banner: Static
    composer: Composer
    status: StatusLine
