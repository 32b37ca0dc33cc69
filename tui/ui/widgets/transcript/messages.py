"""What the transcript tells the screen above it."""

from __future__ import annotations

from textual.message import Message


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


class TailChanged(Message, namespace="transcript"):
    """The view came to the end of the chat or left it, or more came below while it was away."""

    def __init__(self, at_tail: bool, more: bool) -> None:
        super().__init__()
        self.at_tail = at_tail
        self.more = more
        """Whether something came since the end was last in view."""
