"""What the settings pane shows, as plain data, and what it wishes of whoever fills it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable


@dataclass(frozen=True, slots=True)
class Field:
    """One row. Its texts are shown as they are, cleaned."""

    id: str
    title: str = ""
    value: str = ""
    """On one line."""
    more: tuple[str, ...] = ()
    """Further lines of the value."""
    group: str = ""
    """The heading under which it stands; rows of one group come together."""
    aside: str = ""
    """A few words on the right, if there is room."""
    lead: str = ""
    """In the place of the title, right before the value: number and box of a stop sequence."""
    mark: str = ""
    """One character before the title: that it differs from the default."""
    is_faint: bool = False
    """Whether the value is none of the user's, or is not sent."""
    note: str = ""
    """A line below: why it is not sent, or what to mind."""
    is_calm: bool = False
    """Whether the note is no warning."""


class Wishes(Protocol):
    """What the pane asks for, by the id of the row under the cursor.

    All act at once. Those that raise `ValueError` or `Failure`, in words, have that shown at the row.
    """

    def filter(self, query: str) -> None:
        """Show the rows that fit what is typed."""
        ...

    def came_to(self, field_id: str) -> None:
        """The cursor is on that row now."""
        ...

    def enter(self, field_id: str) -> Awaitable[None] | None:
        """Have it edited, or do what it does."""
        ...

    def toggle(self, field_id: str) -> None:
        """Switch it on or off."""
        ...

    def step(self, field_id: str, by: int) -> None:
        """The next value, or the one before."""
        ...

    def reset(self, field_id: str) -> None:
        """Leave it to the server; a stop sequence goes."""
        ...

    def reset_all(self) -> None:
        """Leave everything to the server."""
        ...

    def undo(self) -> None:
        """Take the last change back."""
        ...

    def redo(self) -> None:
        """Do it again."""
        ...

    def move(self, field_id: str, by: int) -> None:
        """Put a stop sequence further down or up."""
        ...

    def add(self) -> None:
        """Have a stop sequence typed that is put in behind the others."""
        ...

    def again(self) -> None:
        """Have a reply made anew with what is set."""
        ...

    def turn_scope(self) -> None:
        """Show the settings of new chats, or those of this one again."""
        ...

    def sets(self) -> Awaitable[None] | None:
        """Have a stop set chosen."""
        ...

    def typing(self, field_id: str, text: str | None) -> None:
        """So much stands in the line that is edited; None when it is left."""
        ...

    def take(self, field_id: str, text: str) -> None:
        """The line that was edited is the new value."""
        ...

    def pasted(self, field_id: str, text: str) -> str:
        """What of a pasted text is put into the line."""
        ...
