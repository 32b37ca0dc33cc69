"""Lists the links of a message, with their targets, for one to be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.core.text import clean, one_line
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.passing import passed_on, ran_own

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from tui.ui.widgets.transcript.links import Link

TEXT_LENGTH = 200
"""Characters of a link's text that are shown; its target is shown whole."""


class LinksScreen(Dialog[str]):
    """Gives the target of the chosen link, as the message had it: it is neither checked nor opened here."""

    DEFAULT_CSS = """
    LinksScreen OptionList, LinksScreen OptionList:focus {
        height: auto; max-height: 60vh; border: none; padding: 0; background: $surface;
    }
    """
    BINDINGS: ClassVar = [
        ("escape,q,o", "dismiss", "Close"),
        ("j,down", "move('cursor_down')", "Next"),
        ("k,up", "move('cursor_up')", "Previous"),
        ("pagedown", "move('page_down')", "A page down"),
        ("pageup", "move('page_up')", "A page up"),
        ("g,home", "move('first')", "First"),
        ("G,end", "move('last')", "Last"),
        ("enter", "take", "Choose"),
        *((str(digit), f"choose({digit})", f"Link {digit}") for digit in range(1, 10)),
    ]

    def __init__(self, links: Sequence[Link]) -> None:
        super().__init__()
        self._links = links

    def compose(self) -> ComposeResult:
        """The links, each with its number, its text and its target."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled("Links of this message", "bold"))
            yield LinkList(
                *(Option(_shown(number, link)) for number, link in enumerate(self._links, 1)),
                classes="gap",
                markup=False,
            )
            yield Static(
                Content.styled(
                    "1 … 9, or ↑ ↓ and Enter, choose; you are asked before it opens. Esc closes this.",
                    "$text-muted",
                ),
                classes="gap",
            )

    def on_mount(self) -> None:
        """Arrow keys go through the list."""
        self.set_focus(self.query_one(LinkList))

    async def action_move(self, motion: str) -> None:
        """Go to another link, by one of the list's own motions."""
        await self.query_one(LinkList).run_action(motion)

    def action_take(self) -> None:
        """Choose the link that the cursor is on."""
        at = self.query_one(LinkList).highlighted
        if at is not None:
            self.dismiss(self._links[at].url)

    def action_choose(self, number: int) -> None:
        """Choose a link by its number."""
        if number <= len(self._links):
            self.dismiss(self._links[number - 1].url)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose the link that was clicked."""
        self.dismiss(self._links[event.option_index].url)


class LinkList(OptionList, inherit_bindings=False):
    """The list; its keys are those of the dialog, run in their turn."""

    async def _on_key(self, event: events.Key) -> None:
        if not await passed_on(self, event):
            await ran_own(self.screen, event)


def _shown(number: int, link: Link) -> Content:
    text = one_line(link.text, TEXT_LENGTH)
    target = clean(link.url)
    if text == target:
        return Content.assemble((f"{number:>2} ", "bold"), target)
    return Content.assemble((f"{number:>2} ", "bold"), text, "\n   ", (target, "$text-muted"))
