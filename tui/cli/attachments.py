"""Makes content chunks of images and documents that are named on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tui.store.mentioned import LARGEST, image_type, inline

_REMOTE = ("https://", "http://", "data:")


def image_chunk(where: str) -> dict[str, Any]:
    """The chunk that shows an image: by its URL, or the file itself. Raises `BadParameter`."""
    if where.startswith(_REMOTE):
        return {"type": "image_url", "image_url": where}
    data = _read(where, "--image")
    kind = image_type(data)
    if kind is None:
        raise _bad("--image", f"{where} is no PNG, JPEG, WEBP or GIF image")
    return {"type": "image_url", "image_url": inline(kind, data)}


def document_chunk(where: str) -> dict[str, Any]:
    """The chunk that shows a document: by its URL, or the file itself. Raises `BadParameter`."""
    if where.startswith(_REMOTE):
        return {"type": "document_url", "document_url": where}
    data = _read(where, "--document")
    kind = "application/pdf" if data.startswith(b"%PDF") else "application/octet-stream"
    name = Path(where).name
    return {"type": "document_url", "document_url": inline(kind, data), "document_name": name}


def _read(where: str, option: str) -> bytes:
    path = Path(where).expanduser()
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)  # a pipe or a device tells no size
    except OSError as error:
        raise _bad(option, f"{where} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST:
        raise _bad(option, f"{where} is larger than {LARGEST // 1_000_000} MB")
    return data


def _bad(option: str, words: str) -> click.BadParameter:
    return click.BadParameter(words, param_hint=f"'{option}'")
