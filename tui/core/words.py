"""The closed sets of words that the rest of the program shares.

Nothing here needs pydantic, so that the first frame can be painted without it.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Who a message is from, in the API's words."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Kind(StrEnum):
    """Which dialect a server speaks."""

    MISTRAL = "mistral"
    OPENAI = "openai"
    LLAMACPP = "llamacpp"
    OLLAMA = "ollama"
    VLLM = "vllm"


class Place(StrEnum):
    """Where a session is filed; the word is the name of its folder."""

    OPEN = ""
    """In the list of chats."""
    ARCHIVE = "archive"
    TRASH = "trash"


class Ring(StrEnum):
    """How the terminal tells that a reply has come to its end in a chat that is not on the screen."""

    BELL = "bell"
    TITLE = "title"
    OSC9 = "osc9"
    OSC777 = "osc777"
    NONE = "none"


class News(StrEnum):
    """What has come in a chat that nobody has looked at since."""

    CAME = "unread"
    FAILED = "failed"
    CUT = "interrupted"
    """A reply was cut off by the end of a program."""


class TurnState(StrEnum):
    """Where one reply in the making stands."""

    QUEUED = "queued"
    CONNECTING = "connecting"
    STREAMING = "streaming"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self in {TurnState.DONE, TurnState.STOPPED, TurnState.FAILED}


class Ended(StrEnum):
    """Why a stored reply ended, beside the server's own finish reasons, which are kept as they came."""

    STOP = "stop"
    """The natural end or a stop sequence; most servers do not tell which."""
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    STOPPED = "stopped"
    """Stopped by the user; what was there is kept."""
    INTERRUPTED = "interrupted"
    """The line broke, or the program ended, before the reply did."""
    ERROR = "error"
    """The server reported an error in the middle of the reply."""
