"""What the transcript shows of a conversation: its branch, and the reply that is coming to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.entries import elsewhere_entry, entry_of, entry_of_turn, foot_of_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.core.elsewhere import ReplyElsewhere
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.core.tree import Tree
    from tui.core.turn import Turn
    from tui.ui.entries import PricesOf
    from tui.ui.view import View
    from tui.ui.widgets.transcript.entry import Entry


class Versions:
    """Which of how many versions each message is, those in the making included. A snapshot."""

    def __init__(self, tree: Tree, running: Iterable[Turn] = ()) -> None:
        self._tree = tree
        self._coming: dict[str | None, list[str]] = {}
        for turn in running:
            if turn.message_id not in self._tree:
                self._coming.setdefault(turn.parent, []).append(turn.message_id)

    @property
    def tree_alone(self) -> Tree | None:
        """The tree that says it all; None while versions are in the making."""
        return None if self._coming else self._tree

    def beside(self, message_id: str) -> list[str]:
        """The message and what else stands in its place, oldest first; those in the making last."""
        if message_id in self._tree:
            parent = self._tree.parent(message_id)
            return [*self._tree.children(parent), *self._coming.get(parent, ())]
        for parent, coming in self._coming.items():
            if message_id in coming:
                return [*self._tree.children(parent), *coming]
        return [message_id]

    def place(self, message_id: str) -> str:
        """Such as `2/3`; nothing for a message that stands alone."""
        if not self._coming and message_id in self._tree and self._tree.is_alone(message_id):
            return ""  # quick: it is asked for each of thousands
        beside = self.beside(message_id)
        return f"{beside.index(message_id) + 1}/{len(beside)}" if len(beside) > 1 else ""


def shown_branch(
    session: Session, turn: Turn | None, elsewhere: ReplyElsewhere | None = None
) -> list[Message]:
    """The messages to show: those that a reply in the making, here or elsewhere, answers, else the chosen branch.

    A reply elsewhere to a message of another branch changes nothing.
    """
    if turn is not None and not turn.state.is_over:
        return session.path_to(turn.parent)
    branch = session.branch()
    if elsewhere is None or elsewhere.parent is None or elsewhere.message_id in session.tree:
        return branch
    ids = [message.id for message in branch]
    return branch[: ids.index(elsewhere.parent) + 1] if elsewhere.parent in ids else branch


def shown_entries(
    session: Session,
    turn: Turn | None,
    running: Iterable[Turn],
    elsewhere: ReplyElsewhere | None,
    view: View,
    prices_of: PricesOf,
) -> list[Entry]:
    """All entries of a chat: its branch, the reply in the making here or elsewhere, notices last.

    `turn` is the one whose reply ends the shown branch, if there is one.
    """
    versions = Versions(session.tree, running)
    branch = shown_branch(session, turn, elsewhere)
    entries = _entries(branch, versions, view, prices_of)
    if turn is not None and not turn.state.is_over:
        entry = entry_of_turn(turn, versions.place(turn.message_id))
        entry.foot = foot_of_turn(turn, view.told)
        entries.append(entry)
    elif elsewhere is not None and comes_behind(elsewhere, branch):
        entries.append(elsewhere_entry(elsewhere))
    return [*entries, *view.notices]


def _entries(
    branch: Sequence[Message], versions: Versions, view: View, prices_of: PricesOf
) -> list[Entry]:
    """The entries of stored messages: those that were made before, for what has not changed since."""
    tree, of = versions.tree_alone, view.made_of
    if of is not None and of[0] is tree and of[1] == branch:
        return [made[2] for made in view.made.values()]  # quick: there may be thousands
    before, now = view.made, {}
    for message in branch:
        place = versions.place(message.id)
        made = before.get(message.id)
        if made is None or made[0] is not message or made[1] != place:
            made = message, place, entry_of(message, place, prices_of)
        now[message.id] = made
    view.made, view.made_of = now, (tree, branch) if tree is not None else None
    return [made[2] for made in now.values()]


def shown_message(
    session: Session, turn: Turn | None, message_id: str, prices_of: PricesOf
) -> Entry | None:
    """The entry of one message: of the reply that a turn makes, else as it is stored; None if it is not there."""
    if turn is not None and not turn.state.is_over:
        return entry_of_turn(turn)
    found = next((m for m in session.messages if m.id == message_id and m.is_there), None)
    return entry_of(found, prices_of=prices_of) if found is not None else None


def comes_behind(reply: ReplyElsewhere, branch: Sequence[Message]) -> bool:
    """Whether a reply that another instance makes is the next message of a branch."""
    if any(message.id == reply.message_id for message in branch):
        return False
    return reply.parent == (branch[-1].id if branch else None)
