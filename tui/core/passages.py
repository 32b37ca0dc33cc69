"""What a message says, in the order of reading: texts as long as nothing else stands between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.core.message import ReferenceChunk, TextChunk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui.core.message import Chunk, Message

ENDED_EARLY: Final = frozenset({"stopped", "interrupted", "error", "length"})
"""The ends of a reply that a reader is told of."""


def passages(message: Message, cited: Callable[[str], str]) -> Iterator[str | Chunk]:
    """Its texts, and between them the chunks that are no text.

    `cited` words the number of a reference, which is part of the text around it. The last passage is
    always a text; each may be empty.
    """
    if isinstance(message.content, str):
        yield message.content
        return
    said = ""
    for chunk in message.content:
        if isinstance(chunk, TextChunk):
            said += chunk.text
        elif isinstance(chunk, ReferenceChunk):
            said += "".join(cited(str(one)) for one in chunk.reference_ids)
        else:
            yield said
            yield chunk
            said = ""
    yield said
