"""The whole chat as a tree: all branches, to look at, to go to and to remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.text import clean, one_line
from tui.core.tree import Tree
from tui.ui.entries import NAMES
from tui.ui.features.branches import Branches
from tui.ui.features.feature import Feature
from tui.ui.widgets.rowlist import Row
from tui.ui.widgets.transcript.place import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.content import Content

    from tui.core.message import Message
    from tui.core.session import Session
    from tui.ui.features.feature import Plain
    from tui.ui.widgets.picker import Picker

_PREVIEWED = 2_000
"""Characters of a message that are previewed."""


class BranchTree(Feature):
    """Shows the tree of the open chat in a list."""

    def commands(self) -> Mapping[str, Plain]:
        """The tree."""
        return {"transcript.tree": self.show}

    async def show(self) -> None:
        """List all messages of all branches; Enter shows the branch through one."""
        from textual.content import Content

        from tui.ui.widgets.picker import Picker, narrowed

        branches = self.ctx.features.one(Branches)
        session = branches.session
        rows = tree_rows(session)
        listed = narrowed(rows)
        by_id = {message.id: message for message in session.messages}

        def preview(row: Row[str]) -> Content:
            return Content(clean(by_id[row.value].text[:_PREVIEWED]))

        def remove(row: Row[str] | None) -> None:
            nonlocal listed
            if row is not None:
                branches.changes.prune(session, row.value)
                listed = narrowed(tree_rows(session))
                picker.renew()

        def undo(_row: Row[str] | None) -> None:
            nonlocal listed
            if branches.changes.undo(session) is not None:
                listed = narrowed(tree_rows(session))
                picker.renew()

        def chosen(message_id: str | None) -> None:
            if message_id is not None and session is self.ctx.stage.session:
                place = Place(message_id, 0, at_tail=False, selected=message_id)
                branches.show(message_id, place)
                self.ctx.focus(self.ctx.transcript)

        at = next((at for at, row in enumerate(rows) if row.value == branches.chosen_id()), 0)
        picker: Picker[str] = Picker(
            "All branches",
            lambda query: listed(query),
            at=at,
            preview=preview,
            extra={"ctrl+d": ("removes the branch", remove), "ctrl+z": ("takes it back", undo)},
            empty="no message fits",
            keymap=self.ctx.keymap,
        )
        await self.ctx.push(picker, chosen)


def tree_rows(session: Session) -> Sequence[Row[str]]:
    """A row for each message of all branches, indented by the forks above it; `●` marks what is shown."""
    tree = Tree(session.messages)
    by_id = {message.id: message for message in session.messages}
    shown = {message.id for message in session.branch()}
    lines: dict[str, str] = {}
    rows = []
    for _, message_id in tree.walk():
        lines[message_id] = _lines(tree, message_id, lines)
        mark = "●" if message_id in shown else "·"
        text = f"{mark} {_said(by_id[message_id])}"
        detail = _detail(tree, by_id[message_id])
        rows.append(Row(message_id, text, detail, lead=lines[message_id]))
    return rows


def _lines(tree: Tree, message_id: str, above: Mapping[str, str]) -> str:
    """The lines in front of a message: those of what it follows, and a joint where there is a fork."""
    parent = tree.parent(message_id)
    before = _gone_on(above[parent]) if parent is not None else ""
    beside = tree.versions(message_id)
    if len(beside) == 1:
        return before
    return before + ("└─" if message_id == beside[-1] else "├─")


def _gone_on(lines: str) -> str:
    """What stands in front of a message that follows one with these lines."""
    return lines.replace("├─", "│ ").replace("└─", "  ")


def _said(message: Message) -> str:
    return f"{NAMES[message.role]}: {one_line(message.text or message.thinking, 200)}"


def _detail(tree: Tree, message: Message) -> str:
    beside = tree.versions(message.id)
    place = f"{beside.index(message.id) + 1}/{len(beside)}" if len(beside) > 1 else ""
    return " · ".join(filter(None, [place, "not sent" if message.excluded else ""]))
