"""Makes chunks of images and other files that belong to messages."""

from __future__ import annotations

import base64
import binascii
from typing import Any

_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)


def kind_of(data: bytes) -> str | None:
    """The media type of an image, by its first bytes; None if it is none that servers take."""
    kind = next((kind for magic, kind in _KINDS if data.startswith(magic)), None)
    return None if kind == "image/webp" and data[8:12] != b"WEBP" else kind


def image_chunk(data: bytes) -> dict[str, Any] | None:
    """The chunk of an image, its data inside; None if it is no image that servers take."""
    kind = kind_of(data)
    return {"type": "image_url", "image_url": data_uri(kind, data)} if kind else None


def image_of_base64(encoded: str) -> dict[str, Any] | None:
    """The chunk of an image that comes as base64, as a data URI or as an address; None if it is neither."""
    if encoded.startswith(("https://", "http://")):
        return {"type": "image_url", "image_url": encoded}
    if encoded.startswith("data:"):
        encoded = encoded.partition(",")[2]
    try:
        return image_chunk(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):
        return None


def file_chunk(kind: str, data: bytes) -> dict[str, Any] | None:
    """The chunk of a file of that media type; None if there is no chunk for it."""
    if kind.startswith("image/"):
        return image_chunk(data)
    if kind == "application/pdf":
        return {"type": "document_url", "document_url": data_uri(kind, data)}
    if kind.startswith("audio/"):
        return {"type": "input_audio", "input_audio": base64.b64encode(data).decode("ascii")}
    return None


def data_uri(kind: str, data: bytes) -> str:
    """The data as a URI."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
