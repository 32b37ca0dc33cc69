from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from tests.ui.session import Session
from tui.core.contrast import contrast
from tui.ui.look import LEAST, role_defaults, textual_theme

OWN = {
    "plain": textual_theme("plain", True, {"primary": "#f80"}, {}),
    "daylight": textual_theme("daylight", False, {"primary": "#06c", "background": "#fff"}, {}),
    "own-terminal": textual_theme("own-terminal", False, {"primary": "ansi_blue"}, {}, ansi=True),
}


@pytest.mark.parametrize("name", [*OWN, *BUILTIN_THEMES])
def test_what_a_theme_lacks_is_made_from_its_colours(name):
    theme = OWN.get(name) or BUILTIN_THEMES[name]
    made = role_defaults(theme)
    assert {"muted", "selected", "shown", "hit-background"} <= made.keys()
    if not theme.ansi:
        panel = Color.parse(theme.to_color_system().generate()["panel"])
        assert contrast(Color.parse(made["muted"]).rgb, panel.rgb) >= min(
            LEAST,
            contrast(Color.parse(theme.to_color_system().generate()["foreground"]).rgb, panel.rgb),
        )


async def test_the_screen_is_shown_in_themes_of_all_sorts(chat: Session) -> None:
    for theme in OWN.values():
        chat.app.register_theme(theme)
    for name in ("terminal", *OWN, "textual-light", "bise-dark"):
        chat.app.theme = name
        await chat.pilot.pause()
        await chat.pilot.pause()
        assert chat.app.theme_variables["muted"]
        assert chat.app.screen._compositor.render_strips(chat.app.size)
