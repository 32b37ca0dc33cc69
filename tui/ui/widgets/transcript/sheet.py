"""All entries of a chat, one under the other, laid out as far as they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.widgets.transcript.heights import Heights
from tui.ui.widgets.transcript.laid import Laid
from tui.ui.widgets.transcript.look import TEXT_WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.ui.widgets.transcript.entry import Entry
    from tui.ui.widgets.transcript.look import Look
    from tui.ui.widgets.transcript.shelf import Shelf


def _estimate(entry: Entry, width: int) -> int:
    """About how many lines the entry takes, the blank one included, without laying it out."""
    lines = entry.body.count("\n") + len(entry.body) // width + 1 if entry.body else 0
    return lines + bool(entry.head) + bool(entry.thinking) + bool(entry.foot) + 1


class Sheet:
    """The lines of a chat. Heights of entries that nobody has seen yet are estimates."""

    def __init__(self, entries: Sequence[Entry], look: Look | None, shelf: Shelf) -> None:
        self.entries = list({entry.id: entry for entry in entries}.values())
        self.look = look
        """None before the first is known; until then nothing can be laid out."""
        self._shelf = shelf
        self._index = {entry.id: index for index, entry in enumerate(self.entries)}
        self._text: dict[str, list[str]] = {}
        self._thoughts: dict[str, list[str]] = {}
        self._measured: set[str] = set()
        self.heights = self._guessed()

    def _guessed(self) -> Heights:
        width = self._width  # once: there may be thousands
        return Heights([_estimate(entry, width) for entry in self.entries])

    @property
    def _width(self) -> int:
        return self.look.width if self.look else TEXT_WIDTH

    def __len__(self) -> int:
        return len(self.entries)

    def index(self, entry_id: str | None) -> int | None:
        """Where the entry stands, or None if it isn't here."""
        return None if entry_id is None else self._index.get(entry_id)

    def relook(self, look: Look) -> None:
        """Lay out otherwise from now on. Heights are estimates again if the width is another."""
        rewrapped = look.width != self._width or not (self.look and look.breaks_like(self.look))
        self.look = look
        self._shelf.clear()
        if rewrapped:
            self._measured.clear()
            self.heights = self._guessed()

    def add(self, entry: Entry) -> None:
        """Put an entry at the end, or in the place of the one that has its id."""
        known = self._index.get(entry.id)
        if known is not None:
            self.entries[known] = entry
            self._arrived(entry.id)
            self.forget(entry.id)
            return
        self._index[entry.id] = len(self.entries)
        self.entries.append(entry)
        self.heights.append(_estimate(entry, self._width))

    def remove(self, entry_id: str) -> None:
        """Take an entry out."""
        index = self._index.pop(entry_id)
        del self.entries[index]
        self.forget(entry_id)
        self._arrived(entry_id)
        heights = [self.heights[at] for at in range(len(self.heights)) if at != index]
        self.heights = Heights(heights)
        self._index = {other.id: at for at, other in enumerate(self.entries)}

    def forget(self, entry_id: str) -> None:
        """The entry has changed: its lines are made anew when next looked at."""
        self._shelf.drop(entry_id)
        self._measured.discard(entry_id)

    def append(self, entry_id: str, delta: str) -> None:
        """More of a body; taken in when the entry is next looked at."""
        self._text.setdefault(entry_id, []).append(delta)

    def append_thinking(self, entry_id: str, delta: str) -> None:
        """More thinking; taken in when the entry is next looked at."""
        self._thoughts.setdefault(entry_id, []).append(delta)

    def source(self, index: int) -> str:
        """All text of an entry that can be shown, also what is not taken in; nothing is laid out for it."""
        entry = self.entries[index]
        body = "".join([entry.body, *self._text.get(entry.id, ())])
        if entry.id not in self._shelf.unfolded:
            return body
        return "".join([entry.thinking, *self._thoughts.get(entry.id, ()), "\n", body])

    def _arrived(self, entry_id: str) -> tuple[str, str]:
        """The text and the thinking that wait to be taken in; they wait no longer."""
        text, thoughts = self._text.pop(entry_id, ()), self._thoughts.pop(entry_id, ())
        return "".join(text), "".join(thoughts)

    def take_in(self, index: int) -> Entry:
        """The entry with all that has arrived of it. What is laid out of it follows."""
        entry = self.entries[index]
        laid = self._shelf.get(entry)
        text, thoughts = self._arrived(entry.id)
        entry.body += text
        entry.thinking += thoughts
        if text or thoughts:
            self._measured.discard(entry.id)
        if laid is not None and thoughts:
            laid.append_thinking(thoughts)
        if laid is not None and text:
            laid.append(text)
        return entry

    def amend(self, index: int, **changes: str | bool) -> bool:
        """Change members of an entry: `head`, `foot`, `body`, `tone`, `live`; tells whether any is another now.

        What is laid out of the entry follows.
        """
        entry = self.take_in(index)
        changed = {name for name, value in changes.items() if getattr(entry, name) != value}
        for name in changed:
            setattr(entry, name, changes[name])
        laid = self._shelf.get(entry)
        if not changed:
            return False
        self._measured.discard(entry.id)
        if laid is None:
            return True
        if "body" in changed or ("live" in changed and entry.live):
            laid.rewrite()
        elif "live" in changed:
            laid.finish()
        else:
            laid.reframe()
        return True

    def fold(self, index: int) -> bool:
        """Show the entry's thinking, or hide it again. Tells whether there is any."""
        entry = self.take_in(index)
        if entry.thinking:
            self._shelf.unfolded ^= {entry.id}
            self.forget(entry.id)
        return bool(entry.thinking)

    def is_measured(self, index: int) -> bool:
        """Whether the height is the true one."""
        entry_id = self.entries[index].id
        return not (entry_id in self._text or entry_id in self._thoughts) and (
            entry_id in self._measured
        )

    def only_grows(self, index: int) -> bool:
        """Whether all that has not been taken in of an entry is more text at its end."""
        entry_id = self.entries[index].id
        return entry_id in self._measured and entry_id not in self._thoughts

    def measure(self, index: int) -> int:
        """Make the height the true one, and give it."""
        if not self.is_measured(index):
            self.laid(index)
        return self.heights[index]

    def laid(self, index: int) -> Laid:
        """The entry's lines, up to date."""
        entry = self.take_in(index)
        laid = self._shelf.get(entry)
        if laid is None:
            assert self.look is not None, "nothing is laid out before the widget has a size"  # noqa: S101
            laid = Laid(entry, self.look, entry.id in self._shelf.unfolded)
        self._shelf.put(laid)
        if self.heights[index] != laid.height:
            self.heights[index] = laid.height
        self._measured.add(entry.id)
        return laid

    def is_laid(self, index: int) -> bool:
        """Whether the entry's lines have been made, if perhaps not up to date."""
        return self._shelf.get(self.entries[index]) is not None

    def seen(self, index: int) -> Laid:
        """The entry's lines as they were last laid out."""
        return self._shelf.get(self.entries[index]) or self.laid(index)

    def is_behind(self, index: int) -> bool:
        """Whether only the beginning of a very long entry is laid out so far."""
        laid = self._shelf.get(self.entries[index])
        return laid is not None and laid.is_behind

    def reach(self, index: int, line: int) -> bool:
        """Make a line of such an entry be there; tells whether it was not."""
        laid = self._shelf.get(self.entries[index])
        if laid is None or not laid.reach(line):
            return False
        self.heights[index] = laid.height
        return True

    def advance(self, index: int) -> None:
        """Lay out some more of such an entry."""
        laid = self.seen(index)
        laid.advance()
        self.heights[index] = laid.height
