"""A session as Markdown, for people to read; it is not read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tui.core.headings import heading_words, session_words
from tui.core.message import Chunk, ImageChunk, ThinkingChunk, text_of
from tui.core.passages import ENDED_EARLY, passages
from tui.core.text import one_line
from tui.core.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core.message import Message
    from tui.core.session import Session

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


def markdown_text(session: Session, messages: Sequence[Message]) -> str:
    """The session's title and messages as Markdown. Their own Markdown stays as it is."""
    tree = Tree(session.messages)
    blocks = [
        f"# {_escaped(one_line(session.title) or session.id)}",
        " · ".join(map(_escaped, session_words(session))),
    ]
    before: str | None = None
    for message in messages:
        blocks.append(f"## {heading(message, tree, before)}")
        blocks += body(message)
        before = message.id
    return "\n\n".join(filter(None, blocks)) + "\n"


def heading(message: Message, tree: Tree, before: str | None) -> str:
    """The line above a message."""
    return " · ".join(_escaped(words) for words in heading_words(message, tree, before))


def body(message: Message) -> list[str]:
    """What it says, as blocks of Markdown."""
    blocks = [
        one if isinstance(one, str) else _block(one)
        for one in passages(message, lambda number: f"[{_escaped(number)}]")
    ]
    blocks += [
        f"Calls `{one_line(call.name)}`:\n\n{fenced(call.arguments, 'json')}"
        for call in message.tool_calls
    ]
    if message.ended in ENDED_EARLY:
        blocks.append(f"*({message.ended})*")
    return [block.strip("\n") for block in blocks if block.strip()]


def fenced(text: str, language: str = "") -> str:
    """A text as a code block that nothing in it can end."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _block(chunk: Chunk) -> str:
    if isinstance(chunk, ThinkingChunk):
        lines = text_of(chunk.thinking).strip("\n").split("\n")
        return "\n".join(f"> {line}".rstrip() for line in lines)
    if isinstance(chunk, ImageChunk):
        address = (
            chunk.image_url if isinstance(chunk.image_url, str) else chunk.image_url.get("url")
        )
        return f"![image]({_target(address)})"
    members = chunk.model_dump(exclude={"type"})
    found = next((value for value in members.values() if _is_address(value)), None)
    what = chunk.type.removesuffix("_url").replace("_", " ")
    return f"[{_escaped(what)}]({_target(found)})" if found else f"*({_escaped(what)})*"


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("files/", "http://", "https://", "data:"))


def _target(address: object) -> str:
    """An address as a link's target; the note behind a file's name is ours alone."""
    said = address if isinstance(address, str) else ""
    if said.startswith("files/"):
        said = said.partition("#")[0]
    return re.sub(
        r"[\s<>()\\]", lambda match: "".join(f"%{b:02X}" for b in match.group().encode()), said
    )


def _escaped(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", words)
