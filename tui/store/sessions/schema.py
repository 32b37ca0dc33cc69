"""The JSON Schema of session files: made from the data models, and shipped as a file.

The file is `session.schema.json` beside this module; `python -m tui.store.sessions.schema` prints it anew.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("session.schema.json")

_CHUNKS = {
    "text": "TextChunk",
    "thinking": "ThinkingChunk",
    "reference": "ReferenceChunk",
    "image_url": "ImageChunk",
}
_ABOUT = (
    "A chat of bise, as it stands in sessions/<id>.toml. Dates stand as TOML has them. Members that are"
    ' not named here are kept. A table {"bise:json" = "…"} stands for the value that its JSON text means.'
)


@cache
def load_schema() -> dict[str, Any]:
    """The schema, as it is shipped."""
    schema: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
    return schema


def made_schema() -> dict[str, Any]:
    """The schema that the data models of this program mean."""
    from tui.core.session import SCHEMA, Session

    schema = Session.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    properties = schema["properties"]
    messages = properties.pop("messages")
    properties["message"] = {"type": "array", "items": messages["items"]}
    properties["schema"] = {"type": "integer", "const": SCHEMA}
    definitions["Chunk"]["allOf"] = [
        {
            "if": {"properties": {"type": {"const": kind}}},
            "then": {"$ref": f"#/$defs/{name}"},
        }
        for kind, name in _CHUNKS.items()
    ]
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": f"bise session, schema {SCHEMA}",
        "description": _ABOUT,
        "$defs": dict(sorted(definitions.items())),
    }
    tidy: dict[str, Any] = _tidied(whole)
    tidy["title"] = whole["title"]
    return tidy


def schema_text(schema: dict[str, Any]) -> str:
    """A schema as the file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _tidied(value: Any) -> Any:
    """Without what says nothing in TOML: null, titles made of names, defaults; any chunk is a `Chunk`."""
    if isinstance(value, list):
        return [_tidied(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "oneOf" in value and {"$ref": "#/$defs/Chunk"} in value["oneOf"]:
        return {"$ref": "#/$defs/Chunk"}
    kept = {
        key: item for key, item in value.items() if key != "default" and not _is_title(key, item)
    }
    if "anyOf" in kept:
        choices = [choice for choice in kept.pop("anyOf") if choice != {"type": "null"}]
        kept |= choices[0] if len(choices) == 1 else {"anyOf": choices}
    if kept.get("additionalProperties") is True:
        del kept["additionalProperties"]
    return {key: _tidied(item) for key, item in kept.items()}


def _is_title(key: str, value: Any) -> bool:
    return key == "title" and isinstance(value, str)


if __name__ == "__main__":
    print(schema_text(made_schema()), end="")
