"""What llm keeps beside its messages: their parts, attachments and fragments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tui.core.nesting import read_json
from tui.store.importing.making import thinking_chunk
from tui.store.importing.messages import arguments_text
from tui.store.importing.pictures import file_chunk
from tui.store.importing.values import name, rows, table, text

if TYPE_CHECKING:
    from tui.store.importing.database import Database
    from tui.store.importing.making import Making

_ATTACHMENT = ("id", "type", "path", "url", "content")


@dataclass(slots=True)
class Result:
    """What a tool gave back."""

    name: str
    call_id: str
    output: str


@dataclass(slots=True)
class Said:
    """What the parts of one message say."""

    content: Any = ""
    calls: list[dict[str, str]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)


class Keeping:
    """Looks things up for one session in the making."""

    def __init__(self, database: Database, making: Making) -> None:
        self.database, self.making = database, making

    def with_fragments(self, link: str, response_id: object, said: str) -> str:
        """A prompt of the older form, with the fragments that were put in front of it."""
        links = self.database.find(link, "response_id", response_id, ("fragment_id",), '"order"')
        fragments = [self._fragment(row["fragment_id"]) for row in links]
        return "\n".join([*fragments, *([said] if said or not fragments else [])])

    def attachments_of(self, response_id: object) -> list[dict[str, Any]]:
        """The chunks of what was attached to a prompt of the older form."""
        links = self.database.find(
            "prompt_attachments", "response_id", response_id, ("attachment_id",), '"order"'
        )
        chunks = (self._attachment(row["attachment_id"]) for row in links)
        return [chunk for chunk in chunks if chunk is not None]

    def parts_of(self, message_hash: str) -> Said:
        """What a message of the newer form says."""
        said = Said()
        chunks: list[dict[str, Any]] = []
        wanted = ("type", "text", "payload", "tool_name")
        for row in self.database.find("parts", "message_hash", message_hash, wanted, "position"):
            payload = _payload(row["payload"])
            if row["type"] == "text":
                chunks.append({"type": "text", "text": self._text(row["text"], payload)})
            elif row["type"] == "reasoning":
                thought = self._text(row["text"], payload)
                chunks += [thinking_chunk(thought)] if thought else []
            elif row["type"] == "tool_call":
                said.calls.append(_call(payload, len(said.calls) + 1))
            elif row["type"] == "tool_result":
                said.results.append(
                    Result(
                        name(payload.get("name")),
                        name(payload.get("tool_call_id")),
                        text(payload.get("output")) or self._text(None, payload),
                    )
                )
                self._note_files(payload)
            elif row["type"] == "attachment":
                chunk = self._attachment(table(payload.get("attachment")).get("id"))
                chunks += [chunk] if chunk is not None else []
            else:
                self.making.note(f"a part of the type {name(row['type'])[:40]!r} was left out")
        is_text = all(chunk["type"] == "text" for chunk in chunks)
        said.content = "".join(chunk["text"] for chunk in chunks) if is_text else chunks
        return said

    def _note_files(self, payload: dict[str, Any]) -> None:
        if rows(payload.get("attachments")):
            self.making.note("a file that a tool gave back was left out")

    def _text(self, literal: object, payload: dict[str, Any]) -> str:
        if isinstance(literal, str):
            return text(literal)
        if isinstance(payload.get("text"), str):
            return text(payload["text"])
        pieces = [table(piece) for piece in rows(payload.get("text_ref"))]
        return "".join(
            text(piece["literal"]) if "literal" in piece else self._fragment(piece.get("fragment"))
            for piece in pieces
        )

    def _fragment(self, fragment_id: object) -> str:
        if not isinstance(fragment_id, int | str):
            return ""
        found = self.database.find("fragments", "id", fragment_id, ("content",))
        if not found:
            self.making.note("a fragment that is missing in the database was left out")
        return text(found[0]["content"]) if found else ""

    def _attachment(self, attachment_id: object) -> dict[str, Any] | None:
        if not isinstance(attachment_id, int | str):
            return None
        found = self.database.find("attachments", "id", attachment_id, _ATTACHMENT)
        row = found[0] if found else dict.fromkeys(_ATTACHMENT)
        kind, data, address = name(row["type"]), row["content"], text(row["url"])
        chunk = file_chunk(kind, data) if isinstance(data, bytes) else None
        if chunk is None and address.startswith(("https://", "http://")):
            if kind.startswith("image/"):
                chunk = {"type": "image_url", "image_url": address}
            elif kind == "application/pdf":
                chunk = {"type": "document_url", "document_url": address}
        if chunk is None:
            what = text(row["path"]) or kind or "an attachment"
            self.making.note(
                f"{what[:200]} was left out: it is not in the database, or of no use to a model"
            )
        return chunk


def _payload(value: object) -> dict[str, Any]:
    try:
        return table(read_json(value)) if isinstance(value, str) else {}
    except (ValueError, RecursionError):
        return {}


def _call(payload: dict[str, Any], number: int) -> dict[str, str]:
    return {
        "id": name(payload.get("tool_call_id")) or f"call-{number}",
        "name": name(payload.get("name")) or "unnamed",
        "arguments": arguments_text(payload.get("arguments")),
    }
