"""The entries that were laid out last, kept over a change of chat so that coming back is cheap."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.ui.widgets.transcript.entry import Entry
    from tui.ui.widgets.transcript.laid import Laid

KEPT = 200
"""How many entries stay laid out."""

KEPT_CHARACTERS = 2_000_000
"""How many characters of text those may have together, if they are more than a viewful."""

_VIEWFUL = 20


class Shelf:
    """Laid out entries by id, the one used last at the end. What is far away is let go."""

    def __init__(self) -> None:
        self._laid: OrderedDict[str, Laid] = OrderedDict()
        self.unfolded: set[str] = set()
        """Entries whose thinking is shown."""

    def __len__(self) -> int:
        return len(self._laid)

    def get(self, entry: Entry) -> Laid | None:
        """The lines of an entry, if they are here and its own: another chat may use its id too."""
        laid = self._laid.get(entry.id)
        if laid is None or laid.entry is entry:
            return laid
        if laid.entry != entry:
            return None
        laid.entry = entry
        return laid

    def put(self, laid: Laid) -> None:
        """Keep these lines, or note that they are used again."""
        self._laid[laid.entry.id] = laid
        self._laid.move_to_end(laid.entry.id)
        while len(self._laid) > KEPT or (len(self._laid) > _VIEWFUL and self._is_heavy()):
            self._laid.popitem(last=False)

    def _is_heavy(self) -> bool:
        return sum(len(laid.entry.body) for laid in self._laid.values()) > KEPT_CHARACTERS

    def drop(self, entry_id: str) -> None:
        """Let go of an entry's lines."""
        self._laid.pop(entry_id, None)

    def clear(self) -> None:
        """Let go of all lines."""
        self._laid.clear()
