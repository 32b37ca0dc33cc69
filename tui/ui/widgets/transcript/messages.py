"""What the transcript tells the screen above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.ui.widgets.transcript.finding import Tally
    from tui.ui.widgets.transcript.links import Link


class EntrySelected(Message, namespace="transcript"):
    """The user chose an entry."""

    def __init__(self, entry_id: str) -> None:
        super().__init__()
        self.entry_id = entry_id


class LinkChosen(Message, namespace="transcript"):
    """The user clicked on a link. The address is as the text had it: neither checked nor cleaned."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


class CopyRequested(Message, namespace="transcript"):
    """The user wants a text on the clipboard."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what
        """What the text is, for a sentence: `message`, `code block 1 of 2`."""


class LinksRequested(Message, namespace="transcript"):
    """The user wants to see the links of a message. Addresses are neither checked nor cleaned."""

    def __init__(self, links: Sequence[Link]) -> None:
        super().__init__()
        self.links = links


class HitReached(Message, namespace="transcript"):
    """The user went to another hit."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self.tally = tally


class NothingThere(Message, namespace="transcript"):
    """What the user wanted to go to or to copy is not there."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        """For a sentence: `code block below`."""


class TailChanged(Message, namespace="transcript"):
    """The view came to the end of the chat or left it, or more came below while it was away."""

    def __init__(self, at_tail: bool, more: bool) -> None:
        super().__init__()
        self.at_tail = at_tail
        self.more = more
        """Whether something came since the end was last in view."""
